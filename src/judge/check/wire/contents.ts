/** What objects have inside, besides their properties, as text and back. */
import { typedArrayName, unboxed } from './brands.ts';
import type { NodeText, ValueText } from './wireText.ts';

const { apply } = Reflect;
const { is } = Object;
const { forEach: eachOfMap, clear: clearMap, set: setInMap } = Map.prototype;
const { forEach: eachOfSet, clear: clearSet, add: addToSet } = Set.prototype;
const { getTime, setTime } = Date.prototype;

/** Something has no copy that would behave as it does. */
export class CannotCross extends Error {}

const readSource = getterOf('source');
const readFlags = getterOf('flags');

function getterOf(key: 'source' | 'flags'): () => unknown {
  return Object.getOwnPropertyDescriptor(RegExp.prototype, key)?.get as () => unknown;
}

const longestList = 8_000_000;

/** @throws CannotCross */
export function contentsOf(thing: object, kind: string, ref: (value: unknown) => ValueText): unknown {
  const found: unknown[] = [];
  switch (kind) {
    case 'array': {
      const { length } = thing as unknown[];
      if (length > longestList) throw new CannotCross(`a list of ${length} items`);
      return length;
    }
    case 'map':
      apply(eachOfMap, thing, [
        (item: unknown, key: unknown) => {
          found[found.length] = ref(key);
          found[found.length] = ref(item);
        },
      ]);
      return found;
    case 'set':
      apply(eachOfSet, thing, [
        (item: unknown) => {
          found[found.length] = ref(item);
        },
      ]);
      return found;
    case 'date':
      return ref(apply(getTime, thing, []));
    case 'regexp':
      return [apply(readSource, thing, []), apply(readFlags, thing, [])];
    case 'boxed':
      return ref(unboxed(thing));
    case 'buffer': {
      const bytes = new Uint8Array(thing as ArrayBuffer);
      for (let i = 0; i < bytes.length; i++) found[i] = bytes[i];
      return found;
    }
    case 'view':
    case 'typed': {
      const view = thing as Uint8Array;
      const length = kind === 'view' ? view.byteLength : view.length;
      return [typedArrayName(thing) ?? 'DataView', ref(view.buffer), view.byteOffset, length];
    }
    case 'iterator':
      return 'return' in thing ? ['next', 'return', 'throw'] : ['next'];
    default:
      return undefined;
  }
}

/** Brings the inside of a copy up to date. */
export function putContents(
  thing: object,
  { kind, inside }: NodeText,
  value: (text: ValueText) => unknown,
): void {
  const items = inside as ValueText[];
  switch (kind) {
    case 'array':
      if ((thing as unknown[]).length !== inside) (thing as unknown[]).length = inside as number;
      break;
    case 'map':
      apply(clearMap, thing, []);
      for (let i = 0; i < items.length; i += 2)
        apply(setInMap, thing, [value(items[i]), value(items[i + 1])]);
      break;
    case 'set':
      apply(clearSet, thing, []);
      for (let i = 0; i < items.length; i++) apply(addToSet, thing, [value(items[i])]);
      break;
    case 'date':
      if (!is(apply(getTime, thing, []), value(inside as ValueText)))
        apply(setTime, thing, [value(inside as ValueText)]);
      break;
    case 'buffer': {
      const bytes = new Uint8Array(thing as ArrayBuffer);
      for (let i = 0; i < bytes.length; i++) bytes[i] = items[i] as unknown as number;
      break;
    }
  }
}

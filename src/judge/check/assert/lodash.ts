/** `isEqual` as lodash 4 has it; held to the original by a property test. */
import { unboxed } from '../wire/brands.ts';
import { hasSameBytes, isMap, isSet, tagOf, typedName } from './slots.ts';

const { getOwnPropertyDescriptor, getOwnPropertySymbols, getPrototypeOf, is, keys: keysOf, hasOwn } = Object;
const { apply } = Reflect;
const { propertyIsEnumerable: isShown } = Object.prototype;

type Holder = Record<PropertyKey, unknown>;

export function isEqual(a: unknown, b: unknown): boolean {
  return new Likeness().equal(a, b, false);
}

class Likeness {
  /** What is being compared with what, to come back from cycles. */
  readonly #open = new Map<object, object>();

  /** @param inAnyOrder inside a set or a map, lists at any depth are compared as if they were sets */
  equal(a: unknown, b: unknown, inAnyOrder: boolean): boolean {
    if (a === b) return true;
    if (a === null || a === undefined || b === null || b === undefined || (!isObject(a) && !isObject(b)))
      return is(a, b);
    const tag = builtInTag(a);
    if (tag !== builtInTag(b)) return false;
    if (Array.isArray(a) || (isObject(a) && typedName(a)))
      return this.#hasSameList(a as unknown[], b as unknown[], inAnyOrder);
    return tag === '[object Object]'
      ? this.#hasSameOwn(a as Holder, b as Holder, inAnyOrder)
      : this.#isAlike(a, b, tag);
  }

  #isAlike(a: unknown, b: unknown, tag: string): boolean {
    switch (tag) {
      case '[object DataView]':
        return (
          (a as DataView).byteOffset === (b as DataView).byteOffset &&
          (a as DataView).byteLength === (b as DataView).byteLength &&
          hasSameBytes((a as DataView).buffer, (b as DataView).buffer)
        );
      case '[object ArrayBuffer]':
        return hasSameBytes(a as ArrayBuffer, b as ArrayBuffer);
      case '[object Boolean]':
      case '[object Date]':
      case '[object Number]': {
        const [left, right] = [+(a as number), +(b as number)];
        return left === right || is(left, right);
      }
      case '[object Error]':
        // biome-ignore lint/suspicious/noDoubleEquals: so does the original
        return (a as Error).name == (b as Error).name && (a as Error).message == (b as Error).message;
      case '[object RegExp]':
      case '[object String]':
        return `${a}` === `${b}`;
      case '[object Symbol]':
        return unboxedSymbol(a) === unboxedSymbol(b);
      case '[object Map]':
      case '[object Set]':
        return this.#hasSameCollection(a as Set<unknown>, b as Set<unknown>);
      default:
        return false;
    }
  }

  #hasSameCollection(a: Set<unknown>, b: Set<unknown>): boolean {
    if (a.size !== b.size) return false;
    const other = this.#open.get(a);
    if (other) return other === b;
    this.#open.set(a, b);
    const isSame = this.#hasSameList(listOf(a), listOf(b), true);
    this.#open.delete(a);
    return isSame;
  }

  #hasSameList(a: ArrayLike<unknown> & object, b: ArrayLike<unknown> & object, inAnyOrder: boolean): boolean {
    if (a.length !== b.length) return false;
    return this.#within(a, b, () => {
      const taken = new Set<number>();
      for (let i = 0; i < a.length; i++) {
        if (!inAnyOrder) {
          if (!this.equal(a[i], b[i], false)) return false;
          continue;
        }
        let at = 0;
        while (at < b.length && (taken.has(at) || !this.equal(a[i], b[at], true))) at++;
        if (at === b.length) return false;
        taken.add(at);
      }
      return true;
    });
  }

  #hasSameOwn(a: Holder, b: Holder, inAnyOrder: boolean): boolean {
    const keys = shownKeys(a);
    if (keys.length !== shownKeys(b).length || !keys.every((key) => hasOwn(b, key))) return false;
    return this.#within(a, b, () => {
      for (const key of keys) if (!this.equal(a[key], b[key], inAnyOrder)) return false;
      return keys.includes('constructor') || hasSameMaker(a, b);
    });
  }

  #within(a: object, b: object, compare: () => boolean): boolean {
    const [otherOfA, otherOfB] = [this.#open.get(a), this.#open.get(b)];
    if (otherOfA && otherOfB) return otherOfA === b && otherOfB === a;
    this.#open.set(a, b);
    this.#open.set(b, a);
    const isSame = compare();
    this.#open.delete(a);
    this.#open.delete(b);
    return isSame;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What a value was made as, whatever tag it gives itself, if that tag could be taken off. */
function builtInTag(value: unknown): string {
  if (Array.isArray(value)) return '[object Array]';
  const tag = tagOf(value);
  const untagged = isObject(value) ? untaggedTag(value, tag) : tag;
  return untagged === '[object Arguments]' ? '[object Object]' : untagged;
}

function untaggedTag(value: object, tag: string): string {
  if (isMap(value)) return '[object Map]';
  if (isSet(value)) return '[object Set]';
  let holder: object | null = value;
  while (holder && !getOwnPropertyDescriptor(holder, Symbol.toStringTag)) holder = getPrototypeOf(holder);
  const property = holder && getOwnPropertyDescriptor(holder, Symbol.toStringTag);
  // The original assigns to it for a moment.
  if (!property?.writable || !Object.isExtensible(value)) return tag;
  if (unboxed(value) !== undefined) return tagOf(unboxed(value));
  if (value instanceof Error) return '[object Error]';
  return '[object Object]';
}

function unboxedSymbol(value: unknown): unknown {
  return typeof value === 'object' ? unboxed(value as object) : value;
}

function shownKeys(value: object): PropertyKey[] {
  const symbols = getOwnPropertySymbols(value);
  return [...keysOf(value), ...symbols.filter((key) => apply(isShown, value, [key]))];
}

function listOf(collection: Iterable<unknown>): unknown[] {
  return [...collection];
}

/** Instances of different classes differ, unless both come from an `Object`, of whatever realm. */
function hasSameMaker(a: Holder, b: Holder): boolean {
  const [left, right] = [a.constructor, b.constructor];
  if (left === right || !('constructor' in a) || !('constructor' in b)) return true;
  return isObjectMaker(left) && isObjectMaker(right);
}

function isObjectMaker(maker: unknown): boolean {
  return typeof maker === 'function' && maker instanceof maker;
}

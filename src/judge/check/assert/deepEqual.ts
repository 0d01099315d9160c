/** Deep equality as `node:assert` of Node 20 has it, loose and strict; held to the original by a property test. */
import { unboxed } from '../wire/brands.ts';
import { hasSameEntries, hasSameItems } from './collections.ts';
import {
  hasSameBytes,
  isBoxed,
  isBuffer,
  isDate,
  isError,
  isExpression,
  isMap,
  isSet,
  isView,
  tagOf,
  typedName,
} from './slots.ts';

const { getOwnPropertySymbols, getPrototypeOf, is, keys: keysOf, hasOwn } = Object;
const { apply } = Reflect;
const { propertyIsEnumerable: isShown } = Object.prototype;
const { getTime } = Date.prototype;

type Holder = Record<PropertyKey, unknown>;
type Contents = 'none' | 'list' | 'set' | 'map';

export function isDeepEqual(a: unknown, b: unknown, isStrict: boolean): boolean {
  return new Comparison(isStrict).equal(a, b);
}

export class Comparison {
  readonly isStrict: boolean;
  /** While one of several partners is looked for, a pair that failed may be met again. */
  forgetsFailures = false;
  /** Pairs that are being compared, to come back from cycles: the first two, then a set. */
  #first: [object, object] | null = null;
  #second: [object, object] | null = null;
  #open: Set<object> | null = null;

  constructor(isStrict: boolean) {
    this.isStrict = isStrict;
  }

  equal(a: unknown, b: unknown): boolean {
    if (a === b) return a !== 0 || is(a, b) || !this.isStrict;
    if (!isObject(a) || !isObject(b)) return this.#isEqualPrimitive(a, b);
    if (this.isStrict && getPrototypeOf(a) !== getPrototypeOf(b)) return false;
    const tag = tagOf(a);
    if (tag !== tagOf(b)) return false;
    if (Array.isArray(a)) {
      if (!Array.isArray(b) || a.length !== b.length) return false;
      return this.#hasSameNamed(a, b, 'list');
    }
    if (tag === '[object Object]') return this.#hasSameOwn(a, b, 'none');
    if (isDate(a)) {
      if (!isDate(b) || apply(getTime, a, []) !== apply(getTime, b, [])) return false;
    } else if (isExpression(a)) {
      if (!isExpression(b) || !isSameExpression(a, b)) return false;
    } else if (isView(a)) {
      if (typedName(a) !== typedName(b)) return false;
      const isFloat = typedName(a) === 'Float32Array' || typedName(a) === 'Float64Array';
      const isSame = !this.isStrict && isFloat ? hasSameNumbers : hasSameBytes;
      if (!isSame(a as Float64Array, b as never)) return false;
      return this.#hasSameNamed(a, b, 'none');
    } else if (isSet(a)) {
      if (!isSet(b) || (a as Set<unknown>).size !== (b as Set<unknown>).size) return false;
      return this.#hasSameOwn(a, b, 'set');
    } else if (isMap(a)) {
      if (!isMap(b) || (a as Set<unknown>).size !== (b as Set<unknown>).size) return false;
      return this.#hasSameOwn(a, b, 'map');
    } else if (isBuffer(a)) {
      if (!isBuffer(b) || !hasSameBytes(a as ArrayBuffer, b as ArrayBuffer)) return false;
    } else if (isError(a)) {
      if (!isError(b) || !this.#isSameError(a as Holder, b as Holder)) return false;
    } else if (isBoxed(a)) {
      if (!isBoxed(b) || !is(unboxed(a), unboxed(b))) return false;
    } else if (hasContents(b)) return false;
    return this.#hasSameOwn(a, b, 'none');
  }

  #isEqualPrimitive(a: unknown, b: unknown): boolean {
    const areNaN = Number.isNaN(a) && Number.isNaN(b);
    if (this.isStrict) return areNaN;
    if (isObject(a) || isObject(b)) return false;
    // biome-ignore lint/suspicious/noDoubleEquals: the legacy assertion compares so
    return a == b || areNaN;
  }

  /** What an error shows, and what it only has. */
  #isSameError(a: Holder, b: Holder): boolean {
    for (const key of ['message', 'name', 'cause', 'errors']) {
      const isOpen = shows(a, key);
      if (isOpen !== shows(b, key)) return false;
      if (isOpen) continue;
      const isPlain = key === 'message' || key === 'name';
      if (isPlain ? a[key] !== b[key] : !this.equal(a[key], b[key])) return false;
    }
    return true;
  }

  /** Of what has items: properties that are none. */
  #hasSameNamed(a: object, b: object, contents: Contents): boolean {
    const keys = this.#namedKeys(a);
    if (keys.length !== this.#namedKeys(b).length) return false;
    return keys.every((key) => shows(b, key)) && this.#compare(a, b, keys, contents);
  }

  #namedKeys(target: object): PropertyKey[] {
    const names: PropertyKey[] = keysOf(target).filter((key) => !isIndex(key));
    if (this.isStrict) names.push(...shownSymbols(target));
    return names;
  }

  #hasSameOwn(a: object, b: object, contents: Contents): boolean {
    const keys: PropertyKey[] = keysOf(a);
    if (!keys.every((key) => shows(b, key))) return false;
    if (keys.length !== keysOf(b).length) return false;
    if (this.isStrict) {
      const symbols = shownSymbols(a);
      if (symbols.length !== shownSymbols(b).length || !symbols.every((key) => shows(b, key))) return false;
      keys.push(...symbols);
    }
    return this.#compare(a, b, keys, contents);
  }

  #compare(a: object, b: object, keys: readonly PropertyKey[], contents: Contents): boolean {
    if (keys.length === 0 && isEmpty(a, contents)) return true;
    if (!this.#first) {
      this.#first = [a, b];
      return this.#hasSameContents(a, b, keys, contents);
    }
    if (!this.#open) {
      if (!this.#second) {
        if (this.#first[0] === a && this.#first[1] === b) return true;
        this.#second = [a, b];
        const isSame = this.#hasSameContents(a, b, keys, contents);
        this.#second = null;
        return isSame;
      }
      this.#open = new Set([...this.#first, ...this.#second]);
    }
    const open = this.#open;
    const { size } = open;
    open.add(a);
    open.add(b);
    if (open.size === size) return true;
    const isSame = this.#hasSameContents(a, b, keys, contents);
    if (isSame || this.forgetsFailures) {
      open.delete(a);
      open.delete(b);
    }
    return isSame;
  }

  #hasSameContents(a: object, b: object, keys: readonly PropertyKey[], contents: Contents): boolean {
    for (const key of keys) if (!this.equal((a as Holder)[key], (b as Holder)[key])) return false;
    switch (contents) {
      case 'list':
        return this.#hasSameList(a as unknown[], b as unknown[]);
      case 'set':
        return hasSameItems(a as Set<unknown>, b as Set<unknown>, this);
      case 'map':
        return hasSameEntries(a as Map<unknown, unknown>, b as Map<unknown, unknown>, this);
      default:
        return true;
    }
  }

  #hasSameList(a: unknown[], b: unknown[]): boolean {
    for (let i = 0; i < a.length; i++) {
      const isItem = hasOwn(a, i);
      if (isItem !== hasOwn(b, i)) return false;
      if (!isItem) return this.#hasSameRest(a, b, i);
      if (!this.equal(a[i], b[i])) return false;
    }
    return true;
  }

  /** From the first hole on, by keys: a list may be long and hold little. */
  #hasSameRest(a: unknown[], b: unknown[], from: number): boolean {
    const keys = keysOf(a);
    for (let i = from; i < keys.length; i++) {
      const key = keys[i] as unknown as number;
      if (!hasOwn(b, key) || !this.equal(a[key], b[key])) return false;
    }
    return keys.length === keysOf(b).length;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shows(target: object, key: PropertyKey): boolean {
  return apply(isShown, target, [key]) as boolean;
}

function shownSymbols(target: object): symbol[] {
  return getOwnPropertySymbols(target).filter((key) => shows(target, key));
}

function isIndex(key: string): boolean {
  const index = Number(key);
  return `${index}` === key && Number.isInteger(index) && index >= 0 && index < 2 ** 32 - 1;
}

function isEmpty(value: object, contents: Contents): boolean {
  if (contents === 'none') return true;
  return contents === 'list' ? (value as unknown[]).length === 0 : (value as Set<unknown>).size === 0;
}

/** Whether there is more to a value than its properties. */
function hasContents(value: object): boolean {
  return (
    Array.isArray(value) ||
    isView(value) ||
    isSet(value) ||
    isMap(value) ||
    isDate(value) ||
    isExpression(value) ||
    isBuffer(value) ||
    isBoxed(value) ||
    isError(value)
  );
}

function isSameExpression(a: RegExp, b: RegExp): boolean {
  return a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
}

/** As numbers: 0 is -0, and NaN is not NaN. */
function hasSameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.byteLength === b.byteLength && a.every((item, i) => item === b[i]);
}

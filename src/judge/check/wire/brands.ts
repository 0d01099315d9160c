/**
 * What kind of object something is, by what it has inside and not by what it says of itself. Runs none of the object's
 * own code: brands are asked of the language's own accessors, which read hidden contents or throw.
 */
import type { Intrinsics } from './intrinsics.ts';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply } = Reflect;
const { isArray } = Array;
const { toString: tagText } = Object.prototype;

export type Kind =
  | 'array'
  | 'arguments'
  | 'object'
  | 'function'
  | 'error'
  | 'map'
  | 'set'
  | 'date'
  | 'regexp'
  | 'boxed'
  | 'buffer'
  | 'view'
  | 'typed'
  | 'promise'
  | 'iterator'
  | 'closed';

type Getter = (this: unknown) => unknown;
const getter = (prototype: object, key: PropertyKey): Getter =>
  getOwnPropertyDescriptor(prototype, key)?.get as Getter;

const brands: Readonly<Record<string, readonly [kind: Kind, read: Getter]>> = {
  'Map.prototype': ['map', getter(Map.prototype, 'size')],
  'Set.prototype': ['set', getter(Set.prototype, 'size')],
  'Date.prototype': ['date', Date.prototype.getTime as Getter],
  // Its flags are read from properties; `exec` is not tried, for it writes.
  'RegExp.prototype': ['regexp', getter(RegExp.prototype, 'source')],
  'Number.prototype': ['boxed', Number.prototype.valueOf],
  'String.prototype': ['boxed', String.prototype.valueOf],
  'Boolean.prototype': ['boxed', Boolean.prototype.valueOf],
  'Symbol.prototype': ['boxed', Symbol.prototype.valueOf],
  'BigInt.prototype': ['boxed', BigInt.prototype.valueOf],
  'ArrayBuffer.prototype': ['buffer', getter(ArrayBuffer.prototype, 'byteLength')],
  'DataView.prototype': ['view', getter(DataView.prototype, 'byteLength')],
  'TypedArray.prototype': ['typed', getter(getPrototypeOf(Int8Array.prototype), 'length')],
};

const unboxers: readonly Getter[] = [
  Number.prototype.valueOf,
  String.prototype.valueOf,
  Boolean.prototype.valueOf,
  Symbol.prototype.valueOf,
  BigInt.prototype.valueOf,
];

/** The primitive inside a boxed one. */
export function unboxed(value: object): unknown {
  for (let i = 0; i < unboxers.length; i++) {
    try {
      return apply(unboxers[i], value, []);
    } catch {
      // Another kind of box.
    }
  }
  return undefined;
}

const typedName = getter(getPrototypeOf(Int8Array.prototype), Symbol.toStringTag);

/** The name of the constructor that made a typed array. */
export function typedArrayName(value: object): string | undefined {
  return apply(typedName, value, []) as string | undefined;
}

export function kindOf(value: object, intrinsics: Intrinsics, iterators: readonly string[]): Kind {
  if (typeof value === 'function') return 'function';
  if (isArray(value)) return 'array';
  let isTagged = false;
  for (let holder: object | null = value; holder; holder = getPrototypeOf(holder)) {
    const name = holder === value ? undefined : intrinsics.nameOfPrototype(holder);
    if (name === undefined) {
      if (getOwnPropertyDescriptor(holder, Symbol.toStringTag)) isTagged = true;
      continue;
    }
    if (iterators.includes(name)) return 'iterator';
    const brand = brands[name];
    if (brand) return has(value, brand[1]) ? brand[0] : 'object';
    if (name === 'Promise.prototype') return 'promise';
    if (name === 'WeakMap.prototype' || name === 'WeakSet.prototype') return 'closed';
  }
  // No tag of its own: then this tells what it was made as, and runs nothing.
  if (isTagged) return 'object';
  const tag = apply(tagText, value, []);
  if (tag === '[object Error]') return 'error';
  return tag === '[object Arguments]' ? 'arguments' : 'object';
}

function has(value: object, read: Getter): boolean {
  try {
    apply(read, value, []);
    return true;
  } catch {
    return false;
  }
}

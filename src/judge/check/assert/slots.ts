/** What a value has inside, asked of the language's own accessors, which throw for what has it not. */
import { unboxed } from '../wire/brands.ts';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply } = Reflect;

type Getter = (this: unknown) => unknown;

function getter(prototype: object, key: PropertyKey): Getter {
  return getOwnPropertyDescriptor(prototype, key)?.get as Getter;
}

function tester(read: Getter): (value: unknown) => boolean {
  return (value) => {
    try {
      apply(read, value, []);
      return true;
    } catch {
      return false;
    }
  };
}

const typedTag = getter(getPrototypeOf(Int8Array.prototype), Symbol.toStringTag);

export const isMap = tester(getter(Map.prototype, 'size'));
export const isSet = tester(getter(Set.prototype, 'size'));
export const isDate = tester(Date.prototype.getTime);
export const isBuffer = tester(getter(ArrayBuffer.prototype, 'byteLength'));
export const isView = ArrayBuffer.isView;

const isExpressionOrPrototype = tester(getter(RegExp.prototype, 'source'));
export function isExpression(value: unknown): value is RegExp {
  return value !== RegExp.prototype && isExpressionOrPrototype(value);
}

export function isBoxed(value: object): boolean {
  return unboxed(value) !== undefined;
}

/** Name of the constructor of a typed array; undefined for all else. */
export function typedName(value: unknown): string | undefined {
  return apply(typedTag, value, []) as string | undefined;
}

/** An error by birth, unless it says that it is something else; or by descent. */
export function isError(value: unknown): boolean {
  return value instanceof Error || tagOf(value) === '[object Error]';
}

/** What `Object.prototype.toString` makes of a value. */
export function tagOf(value: unknown): string {
  return apply(Object.prototype.toString, value, []) as string;
}

/** The bytes of a buffer or of what looks at one. */
export function bytesOf(value: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
}

export function hasSameBytes(
  a: ArrayBufferLike | ArrayBufferView,
  b: ArrayBufferLike | ArrayBufferView,
): boolean {
  const left = bytesOf(a);
  const right = bytesOf(b);
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

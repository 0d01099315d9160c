/** `require('util')`: the parts that programs use which have no files and no network. */
import { isDeepEqual } from '../../check/assert/deepEqual.ts';
import { format, inspect } from './inspect.ts';
import { TextDecoder, TextEncoder } from './text.ts';

const { apply } = Reflect;

type AnyFunction = (...args: unknown[]) => unknown;

/** A function that takes a callback `(error, value)` as one that returns a promise. */
function promisify(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    return new Promise((resolve, reject) => {
      const done = (error: unknown, value: unknown): void => (error ? reject(error) : resolve(value));
      apply(original, this, [...args, done]);
    });
  };
}

function callbackify(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]) {
    const done = args.pop() as AnyFunction;
    (apply(original, this, args) as Promise<unknown>).then(
      (value) => done(null, value),
      (error) => done(error),
    );
  };
}

function inherits(child: { prototype: object; super_?: unknown }, parent: { prototype: object }): void {
  Object.defineProperty(child, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);
const asyncFunction = Object.getPrototypeOf(async () => {});
const generatorFunction = Object.getPrototypeOf(function* () {});

const escapeCodes = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*[A-Za-z]`, 'g');

const types = {
  isDate: (value: unknown) => value instanceof Date,
  isRegExp: (value: unknown) => value instanceof RegExp,
  isMap: (value: unknown) => value instanceof Map,
  isSet: (value: unknown) => value instanceof Set,
  isWeakMap: (value: unknown) => value instanceof WeakMap,
  isWeakSet: (value: unknown) => value instanceof WeakSet,
  isPromise: (value: unknown) => value instanceof Promise,
  isNativeError: (value: unknown) => value instanceof Error,
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isArrayBuffer: (value: unknown) => value instanceof ArrayBuffer,
  isAsyncFunction: (value: unknown) =>
    typeof value === 'function' && Object.getPrototypeOf(value) === asyncFunction,
  isGeneratorFunction: (value: unknown) =>
    typeof value === 'function' && Object.getPrototypeOf(value) === generatorFunction,
  isGeneratorObject: (value: unknown) => tagOf(value) === '[object Generator]',
  isBoxedPrimitive: (value: unknown) =>
    value instanceof Number || value instanceof String || value instanceof Boolean,
};

export const util = {
  inspect: Object.assign((value: unknown, options?: object) => inspect(value, options), {
    custom: Symbol.for('nodejs.util.inspect.custom'),
  }),
  format,
  isDeepStrictEqual: (a: unknown, b: unknown) => isDeepEqual(a, b, true),
  promisify: Object.assign((original: AnyFunction) => promisify(original), {
    custom: Symbol.for('nodejs.util.promisify.custom'),
  }),
  callbackify,
  inherits,
  deprecate: (original: unknown) => original,
  isArray: Array.isArray,
  stripVTControlCharacters: (text: string) => text.replace(escapeCodes, ''),
  types,
  TextEncoder,
  TextDecoder,
};

/**
 * Turns a realm into one in which programs can only compute: every global that is not on a short list is removed,
 * clocks and randomness are fixed, code cannot be made from text, and everything that is left is frozen, so that no
 * program can leave a trace for the next. Runs once, before any program, in a worker or in a QuickJS context.
 */
import { readDate, resetClock } from './node/clock.ts';
import { own, sharedModules } from './node/given.ts';
import { sharedGlobals } from './node/globals.ts';
import { fixLanguage } from './node/locale.ts';
import { sortMethod } from './sort.ts';
import { tickName } from './words.ts';

const {
  defineProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  preventExtensions,
  setPrototypeOf,
} = Object;
const { apply, construct, deleteProperty, ownKeys } = Reflect;
const { slice: copy } = Array.prototype;

/** What stays: the language, less what reaches time, threads, memory or text-to-code, and some of Node's globals. */
const allowed = new Set<PropertyKey>([
  ...['globalThis', 'undefined', 'NaN', 'Infinity', 'isNaN', 'isFinite', 'parseInt', 'parseFloat'],
  ...['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'escape', 'unescape'],
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON', 'Reflect'],
  ...['RegExp', 'Date', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError'],
  ...['URIError', 'ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array'],
  ...['Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array'],
  ...['BigUint64Array', 'Iterator', 'Proxy', 'Intl', tickName],
  ...Object.keys(sharedGlobals),
]);

/** Largest text or array that one native call may make: more is a bomb, not a program. */
const largest = 1 << 22;

type Comparison = (a: unknown, b: unknown) => unknown;

type AnyFunction = (...args: never[]) => unknown;

/** Restarts `Math.random` and the clock, so that each call of a program meets the same sequence. */
export type Reseed = () => void;

/**
 * @param more what else is frozen with the realm
 * @throws Error naming a global that could not be removed: such a realm must not run programs.
 */
export function lockDown(global: typeof globalThis, more: readonly object[] = []): Reseed {
  const reseed = fixRandom();
  fixClock(global);
  fixLanguage(global as never, hide);
  unifySorting();
  boundNatives();
  unifyErrors(global as never);
  removeCodeMakers();
  removeLegacyStatics(global);
  giveGlobals(global);
  removeGlobals(global);
  easeOverrides();
  freezeAll(global, more);
  return reseed;
}

function hide(target: object, key: PropertyKey, value: unknown): void {
  defineProperty(target, key, { value, writable: true, configurable: true, enumerable: false });
}

/** mulberry32 from a constant: a program may shuffle, but it always shuffles alike. */
function fixRandom(): Reseed {
  const { imul } = Math;
  let state = 0;
  hide(Math, 'random', () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  });
  return () => {
    state = 0;
    resetClock();
  };
}

function fixClock(global: typeof globalThis): void {
  const Native = global.Date;
  const { prototype } = Native;
  function FixedDate(this: unknown, ...parts: unknown[]): unknown {
    if (new.target === undefined) return construct(Native, [readDate()]).toString();
    return construct(Native, parts.length === 0 ? [readDate()] : parts, new.target);
  }
  for (const key of ['UTC', 'parse'] as const) hide(FixedDate, key, Native[key]);
  hide(FixedDate, 'now', readDate);
  hide(FixedDate, 'name', 'Date');
  defineProperty(FixedDate, 'prototype', { value: prototype, writable: false });
  hide(prototype, 'constructor', FixedDate);
  hide(global, 'Date', FixedDate);
}

/** See sort.ts. `toSorted`, where there is one, sorts alike. */
function unifySorting(): void {
  hide(sortMethod, 'name', 'sort');
  hide(Array.prototype, 'sort', sortMethod);
  if ('toSorted' in Array.prototype)
    hide(Array.prototype, 'toSorted', function toSorted(this: unknown[], comparison?: Comparison): unknown {
      return apply(sortMethod, apply(copy, this, []), [comparison]);
    });
}

/** Natives that make much out of little in one step, where no loop guard can count. */
function boundNatives(): void {
  const bound = (
    target: object,
    key: string,
    sizeOf: (self: { length: number }, args: number[]) => number,
  ) => {
    const native = getOwnPropertyDescriptor(target, key)?.value as AnyFunction;
    const wrapped = {
      [key](this: unknown, ...args: number[]): unknown {
        if (sizeOf(this as { length: number }, args) > largest) throw new RangeError(`${key}: too large`);
        return apply(native, this, args);
      },
    }[key];
    hide(wrapped, 'length', native.length);
    hide(target, key, wrapped);
  };
  const ofText = (self: unknown): number => (typeof self === 'string' ? self.length : 0);
  bound(
    String.prototype,
    'repeat',
    (self, [count]) => ofText(self) * (typeof count === 'number' ? count : 0),
  );
  bound(String.prototype, 'padStart', (_, [length]) => (typeof length === 'number' ? length : 0));
  bound(String.prototype, 'padEnd', (_, [length]) => (typeof length === 'number' ? length : 0));
  bound(Array.prototype, 'fill', (self) => self?.length ?? 0);
  bound(Array.prototype, 'join', (self) => self?.length ?? 0);
}

/** See node/globals.ts. */
function giveGlobals(global: typeof globalThis): void {
  for (const [name, value] of Object.entries(sharedGlobals)) {
    if (typeof value === 'function') hide(value, 'name', name);
    hide(global, name, value);
  }
}

/** What not every engine has. */
interface Newer {
  Iterator?: { from(source: object): { map(change: () => unknown): object } };
  Intl?: { Segmenter?: new (language: string) => { segment(text: string): Iterable<object> } };
}

/** One instance of each kind of function and iterator, whose hidden prototypes no global names. */
function hiddenRoots(global: Newer): object[] {
  const { Iterator: iterator, Intl: intl } = global;
  const segments = intl?.Segmenter && new intl.Segmenter('en').segment('a');
  return [
    ...(iterator ? [iterator.from({ next() {} }), iterator.from([]).map(() => 0)] : []),
    ...(segments ? [segments, segments[Symbol.iterator]()] : []),
    function* () {},
    async () => {},
    async function* () {},
    (function* () {})(),
    (async function* () {})(),
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    'a'.matchAll(/a/g),
  ];
}

/** QuickJS has an error of its own for a stack that is full; elsewhere that is a RangeError. */
function unifyErrors(global: { InternalError?: { prototype: object } }): void {
  const own = global.InternalError;
  if (!own) return;
  setPrototypeOf(own.prototype, RangeError.prototype);
  deleteProperty(own.prototype, 'name');
  hide(own.prototype, 'constructor', RangeError);
}

/** `Function` and its async and generator kin turn text into code, past the static filter and the loop guards. */
function removeCodeMakers(): void {
  for (const maker of [() => {}, function* () {}, async () => {}, async function* () {}]) {
    const prototype = getPrototypeOf(maker);
    deleteProperty(prototype, 'constructor');
    if (getOwnPropertyDescriptor(prototype, 'constructor'))
      throw new Error('a function constructor stays in reach');
  }
}

/** `RegExp.$1`, `Error.captureStackTrace` and friends carry data from one program to the next. */
function removeLegacyStatics(global: typeof globalThis): void {
  const keep = new Set<PropertyKey>(['prototype', 'length', 'name', Symbol.species]);
  for (const target of [RegExp, Error]) {
    for (const key of ownKeys(target)) if (!keep.has(key)) deleteProperty(target, key);
  }
  // Error classes of Node's kind call it. There is no stack to capture: where a program runs is not its business.
  hide(Error, 'captureStackTrace', () => {});
  // Neither says anything, nor can be set, but setting them is no mistake.
  for (const key of ['stackTraceLimit', 'prepareStackTrace'])
    defineProperty(Error, key, { get: () => undefined, set: () => {}, configurable: true });
  // Firefox does not let go of `RegExp.lastMatch` and its kin: there, nobody gets to see that constructor.
  if (ownKeys(RegExp).some((key) => !keep.has(key))) hideRegExp(global);
  for (const key of ['__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__'])
    deleteProperty(Object.prototype, key);
  for (const key of ['caller', 'arguments']) deleteProperty(Function.prototype, key);
  deleteProperty(RegExp.prototype, 'compile');
  // The way to the prototypes of `Temporal`, which itself is not there.
  deleteProperty(Date.prototype, 'toTemporalInstant');
}

function hideRegExp(global: typeof globalThis): void {
  const Native = RegExp;
  function PlainRegExp(...args: [string, string?]): unknown {
    return new.target === undefined ? Native(...args) : construct(Native, args, new.target);
  }
  hide(PlainRegExp, 'name', 'RegExp');
  defineProperty(PlainRegExp, 'prototype', { value: Native.prototype, writable: false });
  hide(Native.prototype, 'constructor', PlainRegExp);
  hide(global, 'RegExp', PlainRegExp);
}

/** Own and inherited: what a worker's global inherits from its prototypes is as much in scope as its own. */
function removeGlobals(global: object): void {
  for (
    let holder: object | null = global;
    holder && holder !== Object.prototype;
    holder = getPrototypeOf(holder)
  ) {
    for (const key of ownKeys(holder)) {
      if (holder === global && allowed.has(key)) continue;
      if (!deleteProperty(holder, key) && !isConstant(getOwnPropertyDescriptor(holder, key)))
        throw new Error(`the global ${String(key)} cannot be removed`);
    }
  }
}

/** Numbers and texts that can never change, such as `TEMPORARY` of an old file interface, do no harm. */
function isConstant(property: PropertyDescriptor | undefined): boolean {
  return property?.writable === false && !isObject(property.value);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Freezing `Object.prototype.toString` also forbids `point.toString = …` on a program's own objects, by the
 * language's rule about read-only properties of a prototype. An accessor in its place allows it.
 */
function easeOverrides(): void {
  const errors = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError];
  for (const holder of [Object.prototype, ...errors.map((error) => error.prototype)]) {
    for (const key of ownKeys(holder)) {
      const property = getOwnPropertyDescriptor(holder, key);
      if (!property || !('value' in property) || !property.configurable) continue;
      const { value } = property;
      defineProperty(holder, key, {
        get: () => value,
        set(this: unknown, replacement: unknown) {
          if (this === holder || !isObject(this))
            throw new TypeError(`Cannot assign to read only property '${String(key)}'`);
          defineProperty(this, key, {
            value: replacement,
            writable: true,
            enumerable: true,
            configurable: true,
          });
        },
        enumerable: false,
        configurable: false,
      });
    }
  }
}

function freezeAll(global: object, more: readonly object[]): void {
  const seen = new Set<unknown>([global]);
  const queue: unknown[] = [...hiddenRoots(global as Newer), sharedModules, own, ...more];
  for (const key of ownKeys(global)) {
    const { value } = getOwnPropertyDescriptor(global, key) as PropertyDescriptor;
    queue.push(value);
    defineProperty(global, key, { value, writable: false, configurable: false, enumerable: false });
  }
  // The array grows while it is walked.
  for (const item of queue) {
    if (!isObject(item) || seen.has(item)) continue;
    seen.add(item);
    freeze(item);
    queue.push(getPrototypeOf(item));
    for (const key of ownKeys(item)) {
      const property = getOwnPropertyDescriptor(item, key) as PropertyDescriptor;
      queue.push(property.value, property.get, property.set);
    }
  }
  // The prototypes of a worker's global are empty by now, and closed so that they stay so.
  for (
    let holder: object | null = global;
    holder && holder !== Object.prototype;
    holder = getPrototypeOf(holder)
  )
    preventExtensions(holder);
}

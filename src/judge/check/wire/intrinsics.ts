/**
 * Names for what every realm has by itself, such as `Array.prototype` and `Math.max`. Between two realms such a thing is
 * spoken of by its name, and each side means its own. Built when it is first asked for, after the lock-down.
 */
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

const globals = [
  ...['Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON'],
  ...['Reflect', 'RegExp', 'Date', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'Error', 'AggregateError'],
  ...['EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer'],
  ...['DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array'],
  ...['Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'parseInt'],
  ...[
    'parseFloat',
    'isNaN',
    'isFinite',
    'encodeURI',
    'encodeURIComponent',
    'decodeURI',
    'decodeURIComponent',
  ],
];

/** Prototypes that no global names. */
function hidden(): [string, object][] {
  const generator = (function* () {})();
  const asyncGenerator = (async function* () {})();
  const above = (value: object): object => getPrototypeOf(value);
  return [
    ['Generator', above(above(generator))],
    ['AsyncGenerator', above(above(asyncGenerator))],
    ['GeneratorFunction.prototype', above(function* () {})],
    ['AsyncFunction.prototype', above(async () => {})],
    ['AsyncGeneratorFunction.prototype', above(async function* () {})],
    ['ArrayIterator', above([][Symbol.iterator]())],
    ['MapIterator', above(new Map()[Symbol.iterator]())],
    ['SetIterator', above(new Set()[Symbol.iterator]())],
    ['StringIterator', above(''[Symbol.iterator]())],
    ['RegExpStringIterator', above('a'.matchAll(/a/g))],
    ['Function.prototype', above(() => {})],
    ['TypedArray', above(Int8Array)],
    ['TypedArray.prototype', above(Int8Array.prototype)],
  ];
}

/** Objects that iterate and have nothing to show: the other side gets a stand-in that asks for the next item. */
export const iterators: readonly string[] = [
  ...['Generator', 'AsyncGenerator', 'ArrayIterator', 'MapIterator', 'SetIterator', 'StringIterator'],
  'RegExpStringIterator',
];

export class Intrinsics {
  readonly #names = new Map<object, string>();
  readonly #objects = new Map<string, object>();
  #isWhole = false;

  constructor() {
    const all = globalThis as unknown as Record<string, { prototype?: object } | undefined>;
    for (let i = 0; i < globals.length; i++) {
      const value = all[globals[i]];
      if (value === undefined) continue;
      this.#add(globals[i], value);
      if (value.prototype) this.#add(`${globals[i]}.prototype`, value.prototype);
    }
    for (const [name, value] of hidden()) this.#add(name, value);
  }

  nameOf(value: object): string | undefined {
    const name = this.#names.get(value);
    if (name !== undefined || typeof value !== 'function') return name;
    this.#complete();
    return this.#names.get(value);
  }

  /** Of a prototype, which is among those that are known from the start. */
  nameOfPrototype(value: object): string | undefined {
    return this.#names.get(value);
  }

  named(name: string): object | undefined {
    if (!this.#objects.has(name)) this.#complete();
    return this.#objects.get(name);
  }

  #add(name: string, value: object): void {
    if (this.#names.has(value)) return;
    this.#names.set(value, name);
    this.#objects.set(name, value);
  }

  /** The methods, too: there are many, and they are seldom handed over. */
  #complete(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    for (const [name, holder] of [...this.#objects]) {
      for (const key of ownKeys(holder)) {
        const property = getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
        const path = `${name}.${String(key)}`;
        for (const [prefix, value] of [
          ['', property.value],
          ['get ', property.get],
        ] as const)
          if (typeof value === 'function') this.#add(prefix + path, value as object);
      }
    }
  }
}

let known: Intrinsics | null = null;

/** Those of this realm. */
export function intrinsicsHere(): Intrinsics {
  known ??= new Intrinsics();
  return known;
}

/**
 * JavaScript source that makes a value anew: how arguments travel into a sandbox. Values arrive there as what they are,
 * one object that is met twice as one object; what cannot travel is refused by its place.
 */
const { getOwnPropertyDescriptor, getPrototypeOf, hasOwn, is, keys } = Object;
const { stringify } = JSON;

/** Entries of a list or a typed array. */
const longest = 100_000;
/** Objects inside objects. */
const deepest = 500;

/**
 * Source of an array of the values.
 * @param where names the list in messages, such as `tests[0].args`
 * @throws TypeError naming the place of what cannot travel
 */
export function listSource(values: readonly unknown[], where: string): string {
  return write(Array.from(values), where, 'argument');
}

/** The same for people to read, without the brackets: what is met twice is named where it is met first. */
export function listText(values: readonly unknown[], where: string): string {
  const writer = new Writer('for people');
  values.forEach((value, i) => {
    writer.count(value, `${where}[${i}]`);
  });
  return values.map((value) => writer.write(value)).join(', ');
}

/** Source of one value; see `listSource`. */
export function valueSource(value: unknown, where: string): string {
  return write(value, where, 'expectation');
}

/** An object without a prototype would arrive with one: as an argument it is refused; comparisons see no difference. */
type Use = 'argument' | 'expectation' | 'for people';

function write(value: unknown, where: string, use: Use): string {
  const writer = new Writer(use);
  writer.count(value, where);
  return writer.whole(value);
}

/** An object in its parts: what is in it, each with its place, and how their sources make its own. */
interface Parts {
  items: [value: unknown, where: string][];
  compose(sources: string[]): string;
}

class Writer {
  readonly #parts = new Map<object, Parts>();
  readonly #shared = new Set<object>();
  readonly #above = new Set<object>();
  readonly #names = new Map<object, string>();
  #declarations = '';
  readonly #use: Use;

  constructor(use: Use) {
    this.#use = use;
  }

  /** Looks at all of a value, and sees what is met twice. */
  count(value: unknown, where: string): void {
    if (typeof value === 'function' || typeof value === 'symbol') refuse(where, `is a ${typeof value}`);
    if (typeof value !== 'object' || value === null) return;
    if (this.#above.has(value)) refuse(where, 'is an object inside itself');
    if (this.#above.size > deepest) refuse(where, 'is nested too deeply');
    if (this.#parts.has(value)) {
      this.#shared.add(value);
      return;
    }
    if (this.#use === 'argument' && getPrototypeOf(value) === null)
      refuse(where, 'is an object without a prototype');
    const parts = partsOf(value, where);
    this.#parts.set(value, parts);
    this.#above.add(value);
    for (const [item, place] of parts.items) this.count(item, place);
    this.#above.delete(value);
  }

  /** The source, after declarations of what is met twice. */
  whole(value: unknown): string {
    const source = this.write(value);
    return this.#declarations ? `(()=>{${this.#declarations}return ${source}})()` : source;
  }

  /** The source, for whoever comes after the declarations. */
  write(value: unknown): string {
    if (typeof value !== 'object' || value === null) return primitiveSource(value);
    const known = this.#names.get(value);
    if (known) return known;
    const { items, compose } = this.#parts.get(value)!;
    const source = compose(items.map(([item]) => this.write(item)));
    if (!this.#shared.has(value)) return source;
    const name = `$${this.#names.size}`;
    this.#names.set(value, name);
    if (this.#use === 'for people') return `${name} = ${source}`;
    this.#declarations += `const ${name}=${source};`;
    return name;
  }
}

function primitiveSource(value: unknown): string {
  if (typeof value === 'string') return stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return is(value, -0) ? '-0' : String(value);
}

function refuse(where: string, what: string): never {
  throw new TypeError(`${where} ${what}, which cannot be handed to a program.`);
}

const errors: readonly { name: string; prototype: object }[] = [
  ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError],
];
const typedArrays: readonly { name: string; prototype: object }[] = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
];

function partsOf(value: object, where: string): Parts {
  for (const key of Reflect.ownKeys(value)) {
    const property = getOwnPropertyDescriptor(value, key)!;
    if (!property.enumerable) continue;
    if (typeof key === 'symbol') refuse(where, 'has a property that is named by a symbol');
    if (!('value' in property)) refuse(`${where}${placeOf(key)}`, 'is an accessor');
  }
  const prototype = getPrototypeOf(value);
  if (Array.isArray(value) && prototype === Array.prototype) return listParts(value, where);
  if (prototype === Object.prototype || prototype === null) return recordParts(value, where);
  const kind = typedArrays.find((kind) => kind.prototype === prototype);
  if (kind) return typedArrayParts(kind.name, value as Uint8Array, where);
  if (keys(value).length > 0 && prototypeNames.has(prototype))
    refuse(where, `has a property of its own, "${keys(value)[0]}"`);
  if (value instanceof Map && prototype === Map.prototype) return mapParts(value, where);
  if (value instanceof Set && prototype === Set.prototype)
    return {
      items: [...value].map((item, i) => [item, `${where}.values()[${i}]`]),
      compose: (sources) => `new Set([${sources}])`,
    };
  if (value instanceof Date && prototype === Date.prototype)
    return { items: [], compose: () => `new Date(${value.getTime()})` };
  if (value instanceof RegExp && prototype === RegExp.prototype) {
    if (value.lastIndex !== 0)
      refuse(where, `is a regular expression that is to go on at ${value.lastIndex}`);
    return { items: [], compose: () => `new RegExp(${stringify(value.source)},"${value.flags}")` };
  }
  const error = errors.find((kind) => kind.prototype === prototype);
  if (error) return errorParts(error.name, value, where);
  const name = prototype?.constructor?.name;
  return refuse(where, name ? `is an object of the class ${name}` : 'is an exotic object');
}

/** Built-ins whose copy has no properties beside what they are made of. */
const prototypeNames = new Set<object | null>([
  ...[Map.prototype, Set.prototype, Date.prototype, RegExp.prototype],
  ...errors.map(({ prototype }) => prototype),
]);

function placeOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${stringify(key)}]`;
}

function listParts(value: readonly unknown[], where: string): Parts {
  const { length } = value;
  if (length > longest) refuse(where, `has ${length} items`);
  const present: boolean[] = [];
  const items: Parts['items'] = [];
  for (let i = 0; i < length; i++) {
    present.push(hasOwn(value, i));
    if (present[i]) items.push([value[i], `${where}[${i}]`]);
  }
  const named = keys(value)[items.length];
  if (named !== undefined) refuse(where, `is a list with a property, "${named}"`);
  return {
    items,
    compose(sources) {
      let next = 0;
      const written = present.map((isThere) => (isThere ? sources[next++] : ''));
      // A comma after the last item is none; after a hole it is what makes the hole.
      return `[${written.join(',')}${length > 0 && !present[length - 1] ? ',' : ''}]`;
    },
  };
}

function recordParts(value: object, where: string): Parts {
  const names = keys(value);
  return {
    items: names.map((name) => [(value as Record<string, unknown>)[name], `${where}${placeOf(name)}`]),
    // Keys are computed, so that `__proto__` is a key like any other.
    compose: (sources) => `{${names.map((name, i) => `[${stringify(name)}]:${sources[i]}`)}}`,
  };
}

function mapParts(value: ReadonlyMap<unknown, unknown>, where: string): Parts {
  return {
    items: [...value].flatMap(([key, item], i): Parts['items'] => [
      [key, `${where}.keys()[${i}]`],
      [item, `${where}.values()[${i}]`],
    ]),
    compose: (sources) => {
      const pairs: string[] = [];
      for (let i = 0; i < sources.length; i += 2) pairs.push(`[${sources[i]},${sources[i + 1]}]`);
      return `new Map([${pairs}])`;
    },
  };
}

function typedArrayParts(kind: string, value: ArrayLike<number | bigint>, where: string): Parts {
  if (value.length > longest) refuse(where, `has ${value.length} items`);
  return { items: [], compose: () => `new ${kind}([${Array.from(value, primitiveSource)}])` };
}

function errorParts(kind: string, value: object, where: string): Parts {
  for (const key of ['name', 'cause', 'errors'])
    if (hasOwn(value, key)) refuse(`${where}.${key}`, 'is a property of an error');
  const { message } = value as { message: unknown };
  return { items: [], compose: () => `new ${kind}(${stringify(String(message))})` };
}

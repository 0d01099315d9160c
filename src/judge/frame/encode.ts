/**
 * The canonical text of a value: equal texts mean equal values, and what has no such text starts with '!'.
 * The same function writes the outputs of programs (inside the sandbox, after the lock-down) and the expected
 * values (on the host), which is why it captures what it calls: nothing a program does can change its words.
 * It reads each property once and calls no method of the value, so what it writes down is data, not behaviour.
 */
const { is, getOwnPropertyDescriptor, getPrototypeOf, hasOwn, keys: keysOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const { apply } = Reflect;
const { sort, join } = Array.prototype;
const { forEach: forEachOfMap } = Map.prototype;
const { forEach: forEachOfSet } = Set.prototype;
const { getTime } = Date.prototype;
const sourceOf = getterOf(RegExp.prototype, 'source');
const flagsOf = getterOf(RegExp.prototype, 'flags');
const lengthOf = getterOf(getPrototypeOf(Int8Array.prototype) as object, 'length');
const arrayPrototype = Array.prototype;
const objectPrototype = Object.prototype;
const mapPrototype = Map.prototype;
const setPrototype = Set.prototype;
const datePrototype = Date.prototype;
const regExpPrototype = RegExp.prototype;

/** Kinds of errors and of typed arrays, by their prototypes. */
const errorNames = namesOf([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]);
const typedArrayNames = namesOf([
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
]);

function namesOf(kinds: readonly { name: string; prototype: object }[]): Map<object, string> {
  return new Map(kinds.map(({ name, prototype }) => [prototype, name]));
}

const { get } = Map.prototype;
const nameIn = (names: Map<object, string>, prototype: object): string | undefined =>
  apply(get, names, [prototype]);

function getterOf(prototype: object, key: string): () => unknown {
  return getOwnPropertyDescriptor(prototype, key)!.get!;
}

/** Bounds of one encoded value. Larger outputs are refused: no honest test needs them. */
const encodingLimits = { depth: 16, nodes: 16_384, characters: 131_072 } as const;

/** Thrown while a value is being encoded; never leaves this file. */
class Unencodable {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

let nodes = 0;
let characters = 0;
let sortsKeys = true;

/**
 * The canonical text of `value`, or '!' and the reason why it has none.
 * @param keepOrder leaves the keys of objects in their own order: then unequal texts may mean equal values
 */
export function encode(value: unknown, keepOrder = false): string {
  sortsKeys = !keepOrder;
  nodes = 0;
  characters = 0;
  try {
    return text(value, 0);
  } catch (error) {
    if (error instanceof Unencodable) return `!${error.reason}`;
    throw error;
  }
}

function text(value: unknown, depth: number): string {
  if (++nodes > encodingLimits.nodes) throw new Unencodable('returned too many values');
  switch (typeof value) {
    case 'number':
      return is(value, -0) ? '-0' : `${value}`;
    case 'string':
      characters += value.length;
      if (characters > encodingLimits.characters) throw new Unencodable('returned too long a text');
      return stringify(value);
    case 'boolean':
    case 'undefined':
      return `${value}`;
    case 'bigint': {
      // Writing out a huge integer takes quadratic time, so its size is looked at first.
      if (value >= 1n << 4096n || value <= -(1n << 4096n))
        throw new Unencodable('returned too large a bigint');
      return `${value}n`;
    }
    case 'object':
      return value === null ? 'null' : objectText(value, depth + 1);
    default:
      throw new Unencodable(`returned a ${typeof value}`);
  }
}

function objectText(value: object, depth: number): string {
  if (depth > encodingLimits.depth) throw new Unencodable('returned too deep a nesting');
  const prototype = getPrototypeOf(value);
  if (isArray(value)) {
    if (prototype !== arrayPrototype) throw new Unencodable('returned an exotic array');
    const { length } = value;
    if (length > encodingLimits.nodes) throw new Unencodable('returned too many values');
    let out = '[';
    for (let i = 0; i < length; i++) {
      if (i > 0) out += ',';
      const item = value[i];
      out += item === undefined && !hasOwn(value, i) ? 'hole' : text(item, depth);
    }
    return `${out}]`;
  }
  if (prototype === objectPrototype || prototype === null) return `{${propertiesText(value, depth)}}`;
  try {
    return builtInText(value, prototype, depth);
  } catch (error) {
    // An object that only borrows the prototype.
    if (!(error instanceof Unencodable)) throw new Unencodable('returned an exotic object');
    throw error;
  }
}

function propertiesText(value: object, depth: number): string {
  const keys = keysOf(value);
  if (sortsKeys) apply(sort, keys, []);
  let out = '';
  for (let i = 0; i < keys.length; i++) {
    characters += keys[i].length;
    if (i > 0) out += ',';
    out += `${stringify(keys[i])}:${text(own(value, keys[i]), depth)}`;
  }
  return out;
}

function builtInText(value: object, prototype: object, depth: number): string {
  // Filled by index, not pushed to: nothing here may depend on a method that a program could reach.
  const items: string[] = [];
  switch (prototype) {
    case mapPrototype:
      apply(forEachOfMap, value, [
        (item: unknown, key: unknown) => {
          items[items.length] = `[${text(key, depth)},${text(item, depth)}]`;
        },
      ]);
      return `Map[${collected(items)}]`;
    case setPrototype:
      apply(forEachOfSet, value, [
        (item: unknown) => {
          items[items.length] = text(item, depth);
        },
      ]);
      return `Set[${collected(items)}]`;
    case datePrototype:
      return `Date(${apply(getTime, value, [])})`;
    case regExpPrototype:
      return `RegExp(${text(apply(sourceOf, value, []), depth)},${text(apply(flagsOf, value, []), depth)},${text(own(value, 'lastIndex'), depth)})`;
  }
  const error = nameIn(errorNames, prototype);
  if (error !== undefined) return errorText(error, value, depth);
  const kind = nameIn(typedArrayNames, prototype);
  if (kind === undefined) throw new Unencodable('returned an object that is not plain data');
  const length = apply(lengthOf, value, []) as number;
  if (length > encodingLimits.nodes) throw new Unencodable('returned too many values');
  for (let i = 0; i < length; i++) items[i] = text((value as ArrayLike<unknown>)[i], depth);
  return `${kind}[${apply(join, items, [','])}]`;
}

/** Sets and maps have no order. */
function collected(items: string[]): string {
  if (sortsKeys) apply(sort, items, []);
  return apply(join, items, [',']) as string;
}

/** Its message, its cause, and what the program added; where it came from is no part of it. */
function errorText(kind: string, value: object, depth: number): string {
  const message = hasOwn(value, 'message') ? text(own(value, 'message'), depth) : '""';
  const cause = hasOwn(value, 'cause') ? `,${text(own(value, 'cause'), depth)}` : '';
  return `${kind}(${message}${cause}){${propertiesText(value, depth)}}`;
}

/** An own data property. */
function own(target: object, key: string): unknown {
  const descriptor = getOwnPropertyDescriptor(target, key) as PropertyDescriptor;
  if (!('value' in descriptor)) throw new Unencodable('returned an object with accessors');
  return descriptor.value;
}

function isPlain(value: object): boolean {
  const prototype = getPrototypeOf(value);
  return prototype === objectPrototype || prototype === null;
}

/** Whether `value` still is the plain data that `original` is. */
export function isUnchanged(value: unknown, original: unknown): boolean {
  if (typeof original !== 'object' || original === null) return is(value, original);
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(original)) {
    if (!isArray(value) || value.length !== original.length) return false;
    for (let i = 0; i < original.length; i++) {
      if (!isUnchanged(value[i], original[i])) return false;
      if (original[i] === undefined && hasOwn(value, i) !== hasOwn(original, i)) return false;
    }
    return true;
  }
  if (!isPlain(original)) return encode(value, true) === encode(original, true);
  const keys = keysOf(original);
  if (!isPlain(value) || keysOf(value).length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const property = getOwnPropertyDescriptor(value, keys[i]);
    if (!property || !isUnchanged(property.value, own(original, keys[i]))) return false;
  }
  return true;
}

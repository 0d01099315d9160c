/**
 * The canonical text of a value: equal texts mean equal values, and what has no such text starts with '!'.
 * The same function writes the outputs of programs (inside the sandbox, after the lock-down) and the expected
 * values (on the host), which is why it captures what it calls: nothing a program does can change its words.
 * It reads each property once and calls no method of the value, so what it writes down is data, not behaviour.
 */
const { is, getOwnPropertyDescriptor, getPrototypeOf, keys: keysOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const { apply } = Reflect;
const { sort, join } = Array.prototype;
const { forEach: forEachOfMap } = Map.prototype;
const { forEach: forEachOfSet } = Set.prototype;
const { getTime } = Date.prototype;
const arrayPrototype = Array.prototype;
const objectPrototype = Object.prototype;
const mapPrototype = Map.prototype;
const setPrototype = Set.prototype;
const datePrototype = Date.prototype;

/** Bounds of one encoded value. Larger outputs are refused: no honest test needs them. */
export const encodingLimits = { depth: 16, nodes: 16_384, characters: 131_072 } as const;

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
      out += text(value[i], depth);
    }
    return `${out}]`;
  }
  if (prototype === objectPrototype || prototype === null) {
    const keys = keysOf(value);
    if (sortsKeys) apply(sort, keys, []);
    let out = '{';
    for (let i = 0; i < keys.length; i++) {
      characters += keys[i].length;
      if (i > 0) out += ',';
      out += `${stringify(keys[i])}:${text(own(value, keys[i]), depth)}`;
    }
    return `${out}}`;
  }
  return collectionText(value, prototype, depth);
}

function collectionText(value: object, prototype: object, depth: number): string {
  const items: string[] = [];
  const add = (item: string): void => {
    // Defined, not pushed: nothing here may depend on a method that a program could reach.
    items[items.length] = item;
  };
  try {
    switch (prototype) {
      case mapPrototype:
        apply(forEachOfMap, value, [
          (item: unknown, key: unknown) => add(`[${text(key, depth)},${text(item, depth)}]`),
        ]);
        return `Map[${apply(join, items, [','])}]`;
      case setPrototype:
        apply(forEachOfSet, value, [(item: unknown) => add(text(item, depth))]);
        return `Set[${apply(join, items, [','])}]`;
      case datePrototype:
        return `Date(${apply(getTime, value, [])})`;
    }
  } catch (error) {
    // An object that only borrows the prototype.
    if (!(error instanceof Unencodable)) throw new Unencodable('returned an exotic object');
    throw error;
  }
  throw new Unencodable('returned an object that is not plain data');
}

/** An own data property. */
function own(target: object, key: string): unknown {
  const descriptor = getOwnPropertyDescriptor(target, key) as PropertyDescriptor;
  if (!('value' in descriptor)) throw new Unencodable('returned an object with accessors');
  return descriptor.value;
}

/** Whether `value` still is the plain data that `original` is. */
export function isUnchanged(value: unknown, original: unknown): boolean {
  if (typeof original !== 'object' || original === null) return is(value, original);
  if (typeof value !== 'object' || value === null) return false;
  if (isArray(original)) {
    if (!isArray(value) || value.length !== original.length) return false;
    for (let i = 0; i < original.length; i++) if (!isUnchanged(value[i], original[i])) return false;
    return true;
  }
  const keys = keysOf(original);
  if (isArray(value) || keysOf(value).length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    const property = getOwnPropertyDescriptor(value, keys[i]);
    if (!property || !isUnchanged(property.value, own(original, keys[i]))) return false;
  }
  return true;
}

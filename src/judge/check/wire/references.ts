/** How values refer to objects in a message: by number, in the order in which a side showed them. */
import type { Intrinsics } from './intrinsics.ts';
import type { ValueText } from './wireText.ts';

const { is } = Object;
const { keyFor } = Symbol;
const { isFinite: isPlain } = Number;

const wellKnown = new Map<symbol, string>();
for (const key of Object.getOwnPropertyNames(Symbol)) {
  const value = (Symbol as unknown as Record<string, unknown>)[key];
  if (typeof value === 'symbol') wellKnown.set(value, key);
}

/** The text of what needs no number, or undefined. */
export function plainText(value: unknown, intrinsics: Intrinsics): ValueText | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return isPlain(value) && !is(value, -0) ? value : ['n', is(value, -0) ? '-0' : `${value}`];
    case 'undefined':
      return ['u'];
    case 'bigint':
      return ['b', `${value}`];
    case 'symbol': {
      const name = wellKnown.get(value);
      if (name !== undefined) return ['s', name];
      const key = keyFor(value);
      return key === undefined ? undefined : ['S', key];
    }
    default: {
      if (value === null) return null;
      const name = intrinsics.nameOf(value as object);
      return name === undefined ? undefined : ['i', name];
    }
  }
}

/** The objects that one side has shown, by number and back. */
export class Table {
  /** Numbers from here on are written as distances from here. */
  base = 0;
  readonly #things: (object | symbol)[] = [];
  readonly #numbers = new Map<object | symbol, number>();

  get count(): number {
    return this.#things.length;
  }

  has(thing: object | symbol): boolean {
    return this.#numbers.has(thing);
  }

  add(thing: object | symbol): void {
    this.#numbers.set(thing, this.#things.length);
    this.#things[this.#things.length] = thing;
  }

  /** @param near the letter for what was shown since the base @param far the letter for what was known before */
  ref(thing: object | symbol, near: string, far: string): ValueText | undefined {
    const number = this.#numbers.get(thing);
    if (number === undefined) return undefined;
    return number >= this.base ? [near, number - this.base] : [far, number];
  }

  /** By a number that stays. */
  number(thing: object | symbol, letter: string): ValueText | undefined {
    const number = this.#numbers.get(thing);
    return number === undefined ? undefined : [letter, number];
  }

  get(at: ValueText): object | symbol | undefined {
    return this.#things[this.#number(at)];
  }

  /** Takes in what the other side has shown, under the number that it has there. */
  put(at: ValueText, thing: object | symbol): void {
    const number = this.#number(at);
    this.#numbers.set(thing, number);
    this.#things[number] = thing;
  }

  #number(at: ValueText): number {
    const [letter, number] = at as [string, number];
    return letter === 'm' || letter === 't' ? this.base + number : number;
  }
}

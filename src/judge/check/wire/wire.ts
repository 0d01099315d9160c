/**
 * Values on their way between two realms that share nothing but text: the tests and the program under test. Each side
 * keeps a copy of what the other has shown it. A copy has the same contents, the same prototypes and the same identity
 * however often it crosses, and is brought up to date whenever it does; functions stay where they are and are called
 * from afar. Each side counts the objects that it shows, so both sides know an object by the same number.
 */
import { kindOf } from './brands.ts';
import { Changes } from './changes.ts';
import { CannotCross, contentsOf, putContents } from './contents.ts';
import { intrinsicsHere, iterators } from './intrinsics.ts';
import { fill, itemsOf, propertiesOf } from './properties.ts';
import { plainText, Table } from './references.ts';
import { emptyOf } from './shells.ts';
import type { NodeText, ValueText, Verb } from './wireText.ts';

const { apply } = Reflect;
const {
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  preventExtensions,
  setPrototypeOf,
} = Object;
const { stringify, parse } = JSON;
// Not by the name `Function`, which a locked-down realm has not.
const { toString: sourceOfFunction } = Object.getPrototypeOf(() => {});
const { test: testsText } = RegExp.prototype;

export interface Message {
  verb: Verb;
  values: unknown[];
}

/** What a side does when something of the other side's is used here. */
export interface WireSurroundings {
  /** Asks the other side, whose thing the first value is, and gives its answer. */
  ask(verb: 'call' | 'new' | 'step', values: unknown[]): unknown;
  /** Source of a function that may be evaluated on the other side, since it depends on nothing here. */
  sourceToShip(text: string): boolean;
  /** Evaluates what was shipped. */
  evaluate(source: string): object;
}

/** Objects and characters of one message. */
const mostNodes = 300_000;
const mostCharacters = 16_000_000;

interface Settler {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

export class Wire {
  readonly #around: WireSurroundings;
  readonly #intrinsics = intrinsicsHere();
  /** Objects of this side that the other has seen, and of the other that this side has copies of. */
  readonly #mine = new Table();
  readonly #theirs = new Table();
  readonly #settlers = new Map<object, Settler>();
  /** Promises of this side that settled since it last said so: promise, whether it was fulfilled, value. */
  #settled: unknown[] = [];

  constructor(around: WireSurroundings) {
    this.#around = around;
  }

  /** From here on objects are numbered anew in texts, so that the same call has the same text wherever it stands. */
  beginChain(): void {
    this.#mine.base = this.#mine.count;
    this.#theirs.base = this.#theirs.count;
  }

  get hasSettled(): boolean {
    return this.#settled.length > 0;
  }

  /** Promises that settled, to be told with the next `idle`. */
  takeSettled(): unknown[] {
    const settled = this.#settled;
    this.#settled = [];
    return settled;
  }

  /** Whether the other side has shown promises that are not settled. */
  get isWaiting(): boolean {
    return this.#settlers.size > 0;
  }

  /** Whether the other side has seen functions or promises of this one. */
  get hasLent(): boolean {
    return this.#hasLent;
  }
  #hasLent = false;

  /** Settles the copies of promises as the other side says. */
  settle(values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i += 3) {
      const settler = this.#settlers.get(values[i] as object);
      this.#settlers.delete(values[i] as object);
      if (values[i + 1]) settler?.resolve(values[i + 2]);
      else settler?.reject(values[i + 2]);
    }
  }

  /** Whether a message of the tests begins a chain. */
  static isOpening(text: string): boolean {
    return text[text.length - 2] === '1';
  }

  /**
   * @param shown what the other side has copies of that may have changed
   * @param opens a chain: see `beginChain`
   * @throws CannotCross
   */
  write(verb: Verb, values: readonly unknown[], shown: readonly unknown[] = [], opens = false): string {
    const queue: (object | symbol)[] = [];
    const queued = new Set<object | symbol>();
    const ref = (value: unknown): ValueText => {
      const plain = plainText(value, this.#intrinsics);
      if (plain !== undefined) return plain;
      const thing = value as object | symbol;
      // A function of the other side stays as it is there.
      const isTheirs = typeof thing === 'function' && this.#theirs.has(thing);
      if (!isTheirs && !queued.has(thing)) {
        queued.add(thing);
        queue[queue.length] = thing;
        if (!this.#mine.has(thing) && !this.#theirs.has(thing)) this.#mine.add(thing);
      }
      return this.#mine.ref(thing, 'm', 'M') ?? this.#theirs.ref(thing, 't', 'T')!;
    };
    const roots: ValueText[] = [];
    for (let i = 0; i < values.length; i++) roots[i] = ref(values[i]);
    for (let i = 0; i < shown.length; i++) ref(shown[i]);
    this.#changes.changed(this.#sketch, (thing) => ref(thing));
    const nodes: NodeText[] = [];
    for (let i = 0; i < queue.length; i++) {
      if (i > mostNodes) throw new CannotCross(`a value of more than ${mostNodes} objects`);
      nodes[i] = this.#node(queue[i], ref);
    }
    const text = stringify([verb, roots, nodes, opens ? 1 : 0]);
    if (text.length > mostCharacters)
      throw new CannotCross(`a value of more than ${mostCharacters} characters`);
    return text;
  }

  read(text: string): Message {
    const [verb, roots, nodes] = parse(text) as [Verb, ValueText[], NodeText[]];
    const value = (text: ValueText): unknown => this.#value(text);
    const things: (object | symbol)[] = [];
    const isNew: boolean[] = [];
    // In the order in which they were counted; what others are made of is made when it is needed.
    const make = (i: number): void => {
      const { at } = nodes[i];
      const known = this.#known(at);
      isNew[i] = known === undefined;
      things[i] = known ?? this.#shell(nodes[i], value);
      if (!known) this.#theirs.put(at, things[i]);
    };
    for (let i = 0; i < nodes.length; i++)
      if (nodes[i].kind === 'buffer' || nodes[i].kind === 'symbol') make(i);
    for (let i = 0; i < nodes.length; i++) if (things[i] === undefined) make(i);
    for (let i = 0; i < nodes.length; i++) {
      const thing = things[i];
      if (typeof thing !== 'symbol') this.#refresh(thing, nodes[i], value, isNew[i]);
    }
    const values: unknown[] = [];
    for (let i = 0; i < roots.length; i++) values[i] = value(roots[i]);
    this.#changes.remember(things, this.#sketch);
    return { verb, values };
  }

  /** What an object is like, to notice that it changed. Refers to others by numbers that stay. */
  readonly #sketch = (thing: object): string =>
    stringify(
      this.#node(
        thing,
        (value) =>
          plainText(value, this.#intrinsics) ??
          this.#mine.number(value as object, 'm') ??
          this.#theirs.number(value as object, 't') ?? ['new'],
      ),
    );
  readonly #changes = new Changes();

  /** The object of a reference from the other side: what is mine to it is theirs to me. */
  #known(at: ValueText): object | symbol | undefined {
    const [letter] = at as [string, number];
    return letter === 'm' || letter === 'M' ? this.#theirs.get(at) : this.#mine.get(at);
  }

  #value(text: ValueText): unknown {
    if (typeof text !== 'object' || text === null) return text;
    const [letter, content] = text as [string, string];
    switch (letter) {
      case 'u':
      case 'h':
        return undefined;
      case 'n':
        return Number(content);
      case 'b':
        return BigInt(content);
      case 'i':
        return this.#intrinsics.named(content);
      case 's':
        return (Symbol as unknown as Record<string, symbol>)[content];
      case 'S':
        return Symbol.for(content);
      default:
        return this.#known(text);
    }
  }

  #node(thing: object | symbol, ref: (value: unknown) => ValueText): NodeText {
    const at = ref(thing);
    if (typeof thing === 'symbol')
      return { at, kind: 'symbol', proto: null, own: [], inside: thing.description };
    const kind = kindOf(thing, this.#intrinsics, iterators);
    if (kind === 'closed') throw new CannotCross('a WeakMap or WeakSet');
    const node: NodeText = { at, kind, proto: ref(getPrototypeOf(thing)), own: [] };
    if (!isExtensible(thing)) node.isClosed = true;
    node.inside = this.#inside(thing, kind, ref);
    if (kind === 'array') node.items = itemsOf(thing as unknown[], ref);
    if (kind !== 'iterator' && kind !== 'promise') node.own = propertiesOf(thing, kind, ref);
    return node;
  }

  /** What an object has inside. */
  #inside(thing: object, kind: string, ref: (value: unknown) => ValueText): unknown {
    if (kind === 'function') return this.#functionInside(thing as () => void);
    if (kind === 'promise') {
      this.#hasLent = true;
      this.#follow(thing as Promise<unknown>);
    }
    return contentsOf(thing, kind, ref);
  }

  #functionInside(thing: () => void): unknown {
    const text = apply(sourceOfFunction, thing, []) as string;
    const isShipped = this.#around.sourceToShip(text);
    if (!isShipped) this.#hasLent = true;
    const isMaker = apply(testsText, /^(?:class\b|function\b(?!\s*\*))/, [text]) as boolean;
    return [isMaker, plainOwn(thing, 'name', ''), plainOwn(thing, 'length', 0), isShipped ? text : null];
  }

  #follow(promise: Promise<unknown>): void {
    if (this.#settlers.has(promise) || this.#followed.has(promise) || this.#theirs.has(promise)) return;
    this.#followed.add(promise);
    const tell = (isFulfilled: boolean) => (value: unknown) => {
      this.#settled[this.#settled.length] = promise;
      this.#settled[this.#settled.length] = isFulfilled;
      this.#settled[this.#settled.length] = value;
    };
    apply(Promise.prototype.then, promise, [tell(true), tell(false)]);
  }
  readonly #followed = new Set<object>();

  /** A new object of the right kind, still empty. */
  #shell(node: NodeText, value: (text: ValueText) => unknown): object | symbol {
    if (node.kind === 'symbol') return Symbol(node.inside as string | undefined);
    if (node.kind === 'function') return this.#stub(node);
    if (node.kind === 'promise') return this.#mirror();
    return emptyOf(node, value);
  }

  #stub({ inside }: NodeText): object {
    const [isMaker, name, length, source] = inside as [boolean, string, number, string | null];
    if (source !== null) return this.#around.evaluate(source);
    const { ask } = this.#around;
    const stub = isMaker
      ? function (this: unknown, ...args: unknown[]): unknown {
          return new.target ? ask('new', [stub, ...args]) : ask('call', [stub, this, ...args]);
        }
      : {
          stub(this: unknown, ...args: unknown[]): unknown {
            return ask('call', [stub, this, ...args]);
          },
        }.stub;
    defineProperty(stub, 'name', { value: name, configurable: true });
    defineProperty(stub, 'length', { value: length, configurable: true });
    return stub;
  }

  #mirror(): object {
    let settler: Settler;
    const mirror = new Promise((resolve, reject) => {
      settler = { resolve, reject };
    });
    this.#settlers.set(mirror, settler!);
    return mirror;
  }

  /** Brings a copy up to date with what the other side says of it. */
  #refresh(thing: object, node: NodeText, value: (text: ValueText) => unknown, isNew: boolean): void {
    const { kind, inside } = node;
    if (kind === 'promise') return;
    if (kind === 'iterator' && isNew) this.#steps(thing, inside as string[]);
    putContents(thing, node, value);
    const proto = value(node.proto) as object | null;
    if (getPrototypeOf(thing) !== proto) setPrototypeOf(thing, proto);
    if (kind !== 'iterator') fill(thing, node, value, isNew);
    if (node.isClosed) preventExtensions(thing);
  }

  /** The stand-in for an iterator: each of its steps is taken on the other side. */
  #steps(thing: object, methods: readonly string[]): void {
    for (let i = 0; i < methods.length; i++) {
      const method = methods[i];
      const step = (...args: unknown[]): unknown => this.#around.ask('step', [thing, method, ...args]);
      defineProperty(thing, method, { value: step, configurable: true, writable: true });
    }
  }
}

/** An own property that is no accessor. */
function plainOwn<T>(thing: object, key: string, otherwise: T): T {
  const value = getOwnPropertyDescriptor(thing, key)?.value;
  return typeof value === typeof otherwise ? value : otherwise;
}

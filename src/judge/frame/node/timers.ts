/**
 * Timers of one program, on a clock that does not wait: what is due next runs as soon as nothing else is left to do.
 * They run only while somebody waits for an output; what is still due when the program is over never runs, as in a
 * test that ends its process.
 */
import { moveClockTo, readElapsed } from './clock.ts';

const { freeze, defineProperty } = Object;
const { apply } = Reflect;

type Callback = (...args: unknown[]) => unknown;

interface Timer {
  id: number;
  due: number;
  callback: Callback;
  args: unknown[];
  /** Milliseconds between two calls, or -1 for one call. */
  every: number;
}

/** What `setTimeout` returns: Node's is an object that counts as a number. */
interface Handle {
  id: number;
}

/** The longest time that a timer may wait, as in browsers and in Node; what is longer waits 1 ms. */
const longest = 2 ** 31 - 1;

export class Timers {
  readonly #waiting: Timer[] = [];
  #lastId = 0;

  /** When the first is due; Infinity when none is. */
  get due(): number {
    const waiting = this.#waiting;
    let due = Number.POSITIVE_INFINITY;
    for (let i = 0; i < waiting.length; i++) if (waiting[i].due < due) due = waiting[i].due;
    return due;
  }

  /** Calls what is due first. False when nothing is. */
  next(): boolean {
    const waiting = this.#waiting;
    let first = -1;
    // The earliest, and of those the one that was set first.
    for (let i = 0; i < waiting.length; i++) if (first < 0 || waiting[i].due < waiting[first].due) first = i;
    if (first < 0) return false;
    const timer = waiting[first];
    this.#remove(first);
    moveClockTo(timer.due);
    if (timer.every >= 0) this.#add({ ...timer, due: timer.due + timer.every });
    apply(timer.callback, undefined, timer.args);
    return true;
  }

  /** `setTimeout` and its kin, for one instance of a program. */
  functions() {
    const set = (callback: unknown, args: unknown[], delay: number, repeats: boolean): Handle => {
      if (typeof callback !== 'function')
        throw new TypeError('The "callback" argument must be of type function.');
      const id = ++this.#lastId;
      const every = repeats ? delay : -1;
      this.#add({ id, due: readElapsed() + delay, callback: callback as Callback, args, every });
      return handle(id, () => this.#clear(id));
    };
    const clear = (timer?: unknown): void => {
      if (typeof timer === 'object' && timer !== null) this.#clear((timer as Handle).id);
      else this.#clear(Number(timer));
    };
    return {
      setTimeout: (callback: unknown, delay?: unknown, ...args: unknown[]) =>
        set(callback, args, delayOf(delay), false),
      setInterval: (callback: unknown, delay?: unknown, ...args: unknown[]) =>
        set(callback, args, delayOf(delay), true),
      setImmediate: (callback: unknown, ...args: unknown[]) => set(callback, args, 0, false),
      clearTimeout: clear,
      clearInterval: (timer?: unknown) => clear(timer),
      clearImmediate: (timer?: unknown) => clear(timer),
    };
  }

  #add(timer: Timer): void {
    defineProperty(this.#waiting, this.#waiting.length, { value: timer, writable: true, configurable: true });
  }

  #clear(id: number): void {
    for (let i = 0; i < this.#waiting.length; i++) if (this.#waiting[i].id === id) this.#remove(i);
  }

  /** In order: which of two equal ones came first matters. */
  #remove(at: number): void {
    const waiting = this.#waiting;
    for (let i = at + 1; i < waiting.length; i++) waiting[i - 1] = waiting[i];
    waiting.length--;
  }
}

function handle(id: number, close: () => void) {
  const timer = {
    id,
    ref: () => timer,
    unref: () => timer,
    hasRef: () => true,
    refresh: () => timer,
    close: () => {
      close();
      return timer;
    },
    [Symbol.toPrimitive]: () => id,
  };
  return freeze(timer);
}

function delayOf(delay: unknown): number {
  const ms = Number(delay);
  return ms >= 1 && ms <= longest ? ms : 1;
}

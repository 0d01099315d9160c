/**
 * Globals of Node that are no part of the language and do no harm: pure functions and fixed things. All programs share
 * them, so they are frozen with the rest of the realm, and both engines get the same ones, whatever they bring along.
 */
import { readElapsed } from './clock.ts';
import { structuredClone } from './structuredClone.ts';
import { atob, btoa, TextDecoder, TextEncoder } from './text.ts';
import { URL, URLSearchParams } from './url.ts';

const { apply } = Reflect;
const { then } = Promise.prototype;
const NativePromise = Promise;

export function queueMicrotask(callback: unknown): void {
  if (typeof callback !== 'function')
    throw new TypeError('The "callback" argument must be of type function.');
  apply(then, NativePromise.resolve(), [() => void callback()]);
}

const nothing = (): void => {};

/** Says nothing: nobody reads it. */
const console: Record<string, () => void> = {};
for (const name of [
  ...['log', 'error', 'warn', 'info', 'debug', 'assert', 'table', 'trace', 'dir', 'dirxml', 'time'],
  ...['timeEnd', 'timeLog', 'timeStamp', 'count', 'countReset', 'group', 'groupCollapsed', 'groupEnd'],
  ...['clear', 'profile', 'profileEnd'],
])
  console[name] = () => {};

const performance = {
  timeOrigin: 1_704_067_200_000,
  now: readElapsed,
  mark: nothing,
  measure: () => ({ duration: readElapsed() }),
  clearMarks: nothing,
  clearMeasures: nothing,
  toJSON: () => ({}),
};

/** Holds on to its target: when memory is cleared away is no business of a program that is judged. */
class StrongRef {
  readonly #target: unknown;
  constructor(target: unknown) {
    this.#target = target;
  }
  deref(): unknown {
    return this.#target;
  }
}

class SilentRegistry {
  register(): void {}
  unregister(): boolean {
    return false;
  }
}

export const sharedGlobals = {
  structuredClone,
  btoa,
  atob,
  TextEncoder,
  TextDecoder,
  URL,
  URLSearchParams,
  queueMicrotask,
  console,
  performance,
  WeakRef: StrongRef,
  FinalizationRegistry: SilentRegistry,
};

/**
 * Runs one program against one set of calls and returns text. Each call gets new arguments and, if the program could
 * remember anything, a new instance of it, so no call can know that another took place; the outputs are written down
 * in canonical text and compared elsewhere, by someone who knows what to expect. Runs in a locked-down realm.
 */
import { Conversation } from '../check/conversation.ts';
import type { Pace } from '../check/pace.ts';
import { encode, isUnchanged } from './encode.ts';
import { moveClockTo, readElapsed } from './node/clock.ts';
import { type Give, makeGive } from './node/given.ts';
import { Timers } from './node/timers.ts';
import { type CallsText, givenName, type Talk, tickName } from './words.ts';

const { defineProperty, freeze, getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { apply } = Reflect;
const { stringify } = JSON;
const { includes, slice } = String.prototype;
const { then } = Promise.prototype;
const NativeFunction = Function;
// biome-ignore lint/security/noGlobalEval: under another name it is the indirect one, which sees no variable of this file
const evaluate = eval;

type Callable = (...args: unknown[]) => unknown;
type Factory = (tick: () => void, give: Give | null) => unknown[];

/** Inputs of one set of tests, compiled inside the realm. Nothing in here says what the outputs should be. */
export interface Calls {
  /** Which of the program's functions each call calls. */
  names: readonly string[];
  /** One per call: makes its arguments anew, and the index into `names`. */
  make: readonly (() => [function: number, args: unknown[]])[];
  /** Another copy of each call's arguments, to notice a program that changes its own. */
  originals: readonly unknown[][];
  /** A program that changes its arguments fails the test. */
  guardArguments: boolean;
  talk: Talk;
  messages: string;
}

export function compileCalls({ names, make, guardArguments, talk, messages }: CallsText): Calls {
  const makers = NativeFunction(`"use strict";return ${make}`)() as Calls['make'];
  const originals: unknown[][] = [];
  for (let i = 0; i < makers.length; i++) originals[i] = makers[i]()[1];
  return { names, make: makers, originals, guardArguments, talk, messages };
}

/** A run under way: `outputs` fill in as promises settle, when `settle` is asked for. */
export interface Run {
  /** '#' and a reason when the program as a whole failed; otherwise one line of canonical text per call. */
  report(): string;
  /** Whether all promises must have their turn before it goes on. */
  isWaiting: boolean;
  /** Goes on, after they had: with the program's next timer, or its next call. */
  resume(): void;
}

export interface RunOptions {
  /** Steps that the program may take over all its calls together. */
  fuel: number;
  /** It is one function that cannot tell one call from the next, so one instance of it serves all. */
  stateless: boolean;
  /** An output that is a promise is replaced by what it settles to, if it does so before the report is asked for. */
  wait: boolean;
}

/** Counts the steps of a program, and ends it when it has none left. */
interface Counter {
  left: number;
  tick(): void;
}

function makeCounter(): Counter {
  const counter = {
    left: -1,
    tick: freeze(() => {
      if (--counter.left < 0) throw new RangeError('the program ran for too long');
    }),
  };
  return counter;
}

/** For programs whose every step is over when their report is written: one after the other, they can share it. */
const sharedCounter = makeCounter();

/** Makes the shared counter known to programs. Called once, before the lock-down. */
export function giveCounter(global: object): void {
  defineProperty(global, tickName, { value: sharedCounter.tick, configurable: true });
}

/** Steps that a timer costs. It takes a task of the browser's to run one. */
const timerSteps = 500;

/** Lets promises settle and timers and further calls run, by turns, until all calls were made; then, the report. */
export async function settle(run: Run, nextTask: () => Promise<void>): Promise<string> {
  // By the next task every microtask is done: what is not settled by then waits for a timer or for nothing.
  while (run.isWaiting) {
    await nextTask();
    run.resume();
  }
  return run.report();
}

/**
 * Calls the program once per test. A program that is waited for makes one call at a time, and the next when that one is
 * settled: neither the clock nor chance must tell one call of another.
 *
 * @param harness the class of check/harness.ts, where tests that are code run; no program is ever given it
 */
export function startRun(
  source: string,
  calls: Calls,
  options: RunOptions,
  reseed: () => void,
  harness?: object,
): Run {
  if (calls.talk !== '') return startTalk(source, calls, options.fuel, reseed, harness);
  const { fuel, stateless, wait } = options;
  const { length } = calls.make;
  const isShared = stateless && !wait;
  const counter = isShared ? sharedCounter : makeCounter();
  counter.left = fuel;
  const outputs: string[] = [];
  let failure = '';
  let timers: Timers | null = null;
  let at = 0;
  const waiting = { for: -1 };
  let instantiate: () => unknown[];

  const call = (i: number): void => {
    try {
      reseed();
      const functions = instantiate();
      const [index, args] = calls.make[i]();
      const callee = functions[index];
      if (typeof callee !== 'function') {
        failure = `#error it defines no function ${calls.names[index]}`;
        return;
      }
      const value = apply(callee as Callable, undefined, args);
      outputs[i] = encode(value);
      if (calls.guardArguments && !isUnchanged(args, calls.originals[i]))
        outputs[i] = '!changed its arguments';
      else if (wait && outputs[i] !== 'null' && typeof value === 'object') follow(value, outputs, i, waiting);
    } catch (error) {
      outputs[i] = `!threw ${thrownText(error)}`;
    }
  };
  const goesOn = (): boolean => at < length && counter.left >= 0 && failure === '';
  /** Whether there is more to wait for. */
  const goOn = (): boolean => {
    if (!goesOn()) return false;
    if (waiting.for === at && timers !== null) {
      counter.left -= timerSteps;
      try {
        if (counter.left >= 0 && timers.next()) return true;
      } catch {
        // It would have ended Node.
      }
    }
    at++;
    if (!goesOn()) return false;
    call(at);
    return true;
  };
  const report = (): string => {
    const spent = counter.left < 0;
    // A leftover of this program, such as a promise callback, finds no fuel from here on.
    counter.left = -1;
    if (failure !== '') return failure;
    if (spent) return '#fuel';
    let text = '';
    for (let i = 0; i < outputs.length; i++) text += i > 0 ? `\n${outputs[i]}` : outputs[i];
    return text;
  };

  try {
    instantiate = isShared
      ? compileOnce(source, calls.names)
      : compile(source, calls.names, counter, (made) => {
          timers = made;
        });
  } catch (error) {
    failure = `#syntax ${thrownText(error)}`;
    return { isWaiting: false, resume: () => {}, report };
  }
  if (wait) call(0);
  else for (; goesOn(); at++) call(at);
  return {
    isWaiting: wait,
    resume() {
      this.isWaiting = goOn();
    },
    report,
  };
}

/** One side of a conversation between a program and its tests. */
interface Talker {
  step(): boolean;
  report(): string;
}

/** One instance of the program, or of its tests, for all that is said. */
function startTalk(
  source: string,
  calls: Calls,
  fuel: number,
  reseed: () => void,
  harness: object | undefined,
): Run {
  const { names, make, talk, messages } = calls;
  const counter = makeCounter();
  counter.left = fuel;
  let talker: Talker | null = null;
  let failure = '';
  let timers: Timers | null = null;
  const attempt = (kind: string, part: () => void): void => {
    try {
      if (failure === '') part();
    } catch (error) {
      failure = `#${kind} ${thrownText(error)}`;
    }
  };
  const pace: Pace = {
    due: () => timers?.due ?? Number.POSITIVE_INFINITY,
    next: () => timers?.next() ?? false,
    now: readElapsed,
    moveTo: moveClockTo,
  };
  let instantiate = (): unknown[] => [];
  attempt('syntax', () => {
    instantiate = compile(source, names, counter, (made) => {
      timers = made;
    });
  });
  attempt('error it threw before it was called:', () => {
    reseed();
    const functions = instantiate();
    if (typeof functions[0] !== 'function') failure = `#error it defines no function ${names[0]}`;
    else if (talk === 'program')
      talker = new Conversation(functions, messages, pace, (text) => lone(text, counter));
    else talker = apply(functions[0] as Callable, undefined, [make[0]()[1][0], pace, harness]) as Talker;
  });
  const run: Run = {
    isWaiting: false,
    resume() {
      run.isWaiting = false;
      if (counter.left < 0 || failure !== '' || talker === null) return;
      // Each time costs a task of the browser's.
      counter.left -= timerSteps;
      attempt('error it threw:', () => {
        run.isWaiting = (talker as Talker).step();
      });
    },
    report() {
      const spent = counter.left < 0;
      counter.left = -1;
      if (spent) return '#fuel';
      return failure !== '' || talker === null ? failure : talker.report();
    },
  };
  run.resume();
  return run;
}

/** A function that depends on nothing around it. */
function lone(source: string, { tick }: Counter): object {
  const make = NativeFunction(tickName, `"use strict";return (${source}\n)`) as (tick: () => void) => object;
  return make(tick);
}

/** A new instance of the program for each call. Whoever keeps its timers hears of them. */
function compile(
  source: string,
  names: readonly string[],
  { tick }: Counter,
  keepTimers: (timers: Timers) => void,
): () => unknown[] {
  const asks = apply(includes, source, [givenName]) as boolean;
  const factory = NativeFunction(
    tickName,
    givenName,
    `"use strict";${source}\n;return ${functionsText(names, asks)}`,
  ) as Factory;
  return () => {
    if (!asks) return factory(tick, null);
    const timers = new Timers();
    keepTimers(timers);
    return factory(tick, makeGive(timers));
  };
}

/**
 * One instance for all calls. The program is the text of one function and is read as an expression: nothing is wrapped
 * around it and it declares nothing, which makes this the quicker way by a third. Its counter is the shared one.
 */
function compileOnce(source: string, names: readonly string[]): () => unknown[] {
  const only = evaluate(`"use strict";(${source})`) as Callable;
  const functions: unknown[] = [];
  for (let i = 0; i < names.length; i++) functions[i] = only.name === names[i] ? only : undefined;
  return () => functions;
}

function follow(value: unknown, outputs: string[], i: number, waiting: { for: number }): void {
  const encoded = outputs[i];
  outputs[i] = '!returned a promise that never settles';
  waiting.for = i;
  const settled = (output: string): void => {
    outputs[i] = output;
    if (waiting.for === i) waiting.for = -1;
  };
  try {
    apply(then, value, [
      (result: unknown) => settled(encode(result)),
      (error: unknown) => settled(`!threw ${thrownText(error)}`),
    ]);
  } catch {
    // Not a promise after all.
    settled(encoded);
  }
}

/**
 * Source of an array of the program's functions, with `undefined` in place of what it does not define. A program that
 * has a `module` may define one by exporting it under its name.
 */
function functionsText(names: readonly string[], mayExport: boolean): string {
  let text = '[';
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const exported = mayExport ? `typeof module==="object"?module?.exports?.${name}:undefined` : 'undefined';
    text += `typeof ${name}==="function"?${name}:${exported},`;
  }
  return `${text}];`;
}

/** One line about something thrown. Reading it runs none of the program's code, unless it is a proxy's. */
function thrownText(error: unknown): string {
  try {
    return describe(error);
  } catch {
    return 'an object';
  }
}

function describe(error: unknown): string {
  if (typeof error === 'string') return `"${quoted(error)}"`;
  if (typeof error !== 'object' || error === null) return typeof error;
  const message = getOwnPropertyDescriptor(error, 'message')?.value;
  const kind = kindOf(error);
  return typeof message === 'string' ? `${kind}: ${quoted(message)}` : kind;
}

/** On one line, and not too long. */
function quoted(text: string): string {
  return apply(slice, stringify(apply(slice, text, [0, 200])), [1, -1]);
}

const kinds = [TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError, Error] as const;
const kindNames = [
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'EvalError',
  'URIError',
  'Error',
];
const prototypes = kinds.map((kind) => kind.prototype as object);

function kindOf(error: object): string {
  for (let above = getPrototypeOf(error); above; above = getPrototypeOf(above))
    for (let i = 0; i < prototypes.length; i++) if (above === prototypes[i]) return kindNames[i];
  return 'an object';
}

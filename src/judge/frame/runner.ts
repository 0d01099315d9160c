/**
 * Runs one program against one set of calls and returns text. Each call gets new arguments and, if the program could
 * remember anything, a new instance of it, so no call can know that another took place; the outputs are written down
 * in canonical text and compared elsewhere, by someone who knows what to expect. Runs in a locked-down realm.
 */
import { encode, isUnchanged } from './encode.ts';
import { type CallsText, tickName } from './words.ts';

const { defineProperty, freeze } = Object;
const { apply } = Reflect;
const { stringify } = JSON;
const { slice } = String.prototype;
const { then } = Promise.prototype;
const NativeFunction = Function;
// biome-ignore lint/security/noGlobalEval: under another name it is the indirect one, which sees no variable of this file
const evaluate = eval;

type Callable = (...args: unknown[]) => unknown;
type Factory = (tick: () => void) => unknown[];

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
  /** Objects are written down with their keys in their own order. */
  keepOrder: boolean;
}

export function compileCalls({ names, make, guardArguments, keepOrder }: CallsText): Calls {
  const makers = NativeFunction(`"use strict";return ${make}`)() as Calls['make'];
  const originals: unknown[][] = [];
  for (let i = 0; i < makers.length; i++) originals[i] = makers[i]()[1];
  return { names, make: makers, originals, guardArguments, keepOrder };
}

/** A run under way: `outputs` fill in as promises settle, when `settle` is asked for. */
export interface Run {
  /** '#' and a reason when the program as a whole failed; otherwise one line of canonical text per call. */
  report(): string;
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

/** Calls the program once per test. */
export function startRun(source: string, calls: Calls, options: RunOptions, reseed: () => void): Run {
  const { fuel, stateless, wait } = options;
  const isShared = stateless && !wait;
  const counter = isShared ? sharedCounter : makeCounter();
  counter.left = fuel;
  let instantiate: () => unknown[];
  try {
    instantiate = isShared ? compileOnce(source, calls.names) : compile(source, calls.names, counter);
  } catch (error) {
    counter.left = -1;
    const failure = `#syntax ${thrownText(error)}`;
    return { report: () => failure };
  }
  const outputs: string[] = [];
  for (let i = 0; i < calls.make.length && counter.left >= 0; i++) {
    try {
      reseed();
      const functions = instantiate();
      const [index, args] = calls.make[i]();
      const callee = functions[index];
      if (typeof callee !== 'function') {
        counter.left = -1;
        const failure = `#error it defines no function ${calls.names[index]}`;
        return { report: () => failure };
      }
      const value = apply(callee as Callable, undefined, args);
      outputs[i] = encode(value, calls.keepOrder);
      if (calls.guardArguments && !isUnchanged(args, calls.originals[i]))
        outputs[i] = '!changed its arguments';
      else if (wait && outputs[i] !== 'null' && typeof value === 'object') follow(value, outputs, i);
    } catch (error) {
      outputs[i] = `!threw ${thrownText(error)}`;
    }
  }
  const report = (): string => {
    const spent = counter.left < 0;
    // A leftover of this program, such as a promise callback, finds no fuel from here on.
    counter.left = -1;
    if (spent) return '#fuel';
    let text = '';
    for (let i = 0; i < outputs.length; i++) text += i > 0 ? `\n${outputs[i]}` : outputs[i];
    return text;
  };
  return { report };
}

/** A new instance of the program for each call. */
function compile(source: string, names: readonly string[], { tick }: Counter): () => unknown[] {
  const factory = NativeFunction(
    tickName,
    `"use strict";${source}\n;return ${functionsText(names)}`,
  ) as Factory;
  return () => factory(tick);
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

function follow(value: unknown, outputs: string[], i: number): void {
  const encoded = outputs[i];
  outputs[i] = '!returned a promise that never settles';
  try {
    apply(then, value, [
      (result: unknown) => {
        outputs[i] = encode(result);
      },
      (error: unknown) => {
        outputs[i] = `!threw ${thrownText(error)}`;
      },
    ]);
  } catch {
    // Not a promise after all.
    outputs[i] = encoded;
  }
}

/** Source of an array of the program's functions, with `undefined` in place of what it does not define. */
function functionsText(names: readonly string[]): string {
  let text = '[';
  for (let i = 0; i < names.length; i++) text += `typeof ${names[i]}==="function"?${names[i]}:undefined,`;
  return `${text}];`;
}

/** One line about something thrown, read without running any of the program's code. */
function thrownText(error: unknown): string {
  if (typeof error === 'string') return `"${quoted(error)}"`;
  if (typeof error !== 'object' || error === null) return typeof error;
  const message = Object.getOwnPropertyDescriptor(error, 'message')?.value;
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
  const prototype = Object.getPrototypeOf(error);
  for (let i = 0; i < prototypes.length; i++) if (prototype === prototypes[i]) return kindNames[i];
  return 'an object';
}

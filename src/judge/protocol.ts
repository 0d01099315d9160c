/**
 * What crosses the judge's borders on the page's side: client and judge worker, judge worker and page.
 * (What crosses into the sandbox is in frame/words.ts.)
 */
import type { CheckText } from './check/tests/checkText.ts';
import type { JudgeErrorCode } from './judgeError.ts';
import type { Verdict } from './verdict.ts';

/**
 * `frozen`: a worker whose realm is locked down; fast. `quickjs`: another JavaScript engine, compiled to WebAssembly,
 * that starts every program from the same bytes of memory; hard limits on time, memory and stack.
 */
export type Engine = 'frozen' | 'quickjs';

/** `naive` is for teaching: it compares inside the program's own realm, as careless graders do. */
export type JudgeKind = 'true' | 'naive';

/** What is asked of a program, apart from its text. */
export interface TestSet {
  /** Name of the function that a program must define. */
  entry: string;
  tests: readonly { args: readonly unknown[]; expected: unknown }[];
  /** The function may return a promise of the output. */
  async?: boolean;
  /** Whether changing an argument fails the test. Default 'fail'. */
  mutation?: 'fail' | 'allow';
  /** Tests that are a program, in place of `tests`. */
  check?: CheckText;
  /** No program can pass this; one that does raises an alarm. */
  canary?: boolean;
}

export interface JudgeOptions {
  engine?: Engine;
  judge?: JudgeKind;
  /**
   * Milliseconds that one program may take, all its tests together. Default 200. Loops are counted, not timed, so
   * that a verdict does not depend on the machine: see `stepsPerMs`.
   */
  timeoutMs?: number;
  /** Adds `tests` to each verdict: every call with its output. */
  outputs?: boolean;
  /** Whether a program passes is all that is asked: one that fails tests that are code gets 0, without being graded. */
  passOnly?: boolean;
}

/** Something a program did that no honest program does. */
export interface Attempt {
  kind: 'global' | 'prototype' | 'constructor' | 'guard' | 'stall' | 'exotic';
  /** What it reached for, for example "fetch" or "Array.prototype.map". */
  what: string;
  source: string;
  /** How often, over all programs with the same text. */
  count: number;
}

/** Counters since the judge started. */
export interface JudgeStats {
  programs: number;
  cacheHits: number;
  /** Programs that reached a sandbox. */
  executed: number;
  /** Programs cut off by the loop guard, and by removing their sandbox. */
  guarded: number;
  stalled: number;
  /** Sandboxes started after the first of each engine. */
  respawned: number;
  attempts: Attempt[];
  /** Why the judge may be broken: a canary was passed, or a sentinel got a wrong verdict. */
  alarms: string[];
}

/** From a client, over its own port. */
export type ClientMessage =
  | { type: 'define'; set: number; tests: TestSet }
  | { type: 'forget'; sets: number[] }
  | { type: 'judge'; request: number; sources: string[]; sets: number[]; options: JudgeOptions }
  | { type: 'stats'; request: number };

/** To a client. */
export type HostMessage =
  | { type: 'verdicts'; request: number; verdicts: Verdict[]; cacheHits: number }
  | { type: 'stats'; request: number; stats: JudgeStats }
  | { type: 'failed'; request: number; code: JudgeErrorCode; message: string };

export type SandboxKind = Engine | 'naive';

/** From the judge worker to the page, which alone can make frames. */
export type ToPage =
  | { type: 'spawn'; sandbox: number; kind: SandboxKind }
  | { type: 'remove'; sandbox: number }
  | { type: 'alarm'; message: string };

/** From the page to the judge worker. */
export type FromPage =
  | { type: 'spawned'; sandbox: number; port: MessagePort }
  | { type: 'connect'; port: MessagePort };

/**
 * A realm that is driven from outside it: what is loaded into it first. The same lock-down and the same runner as in the
 * fast engine, so that both engines mean the same by every verdict.
 */
import { intrinsicsHere } from '../check/wire/intrinsics.ts';
import { lockDown } from './lockDown.ts';
import { compileCalls, giveCounter, type Run, startRun } from './runner.ts';
import type { Talk } from './words.ts';

/** Handed to the outside, which then forgets the global. */
export interface Prelude {
  lock(): void;
  /** Takes a program, which defines `names` (separated by commas). */
  take(
    source: string,
    names: string,
    make: string,
    guardArguments: boolean,
    fuel: number,
    stateless: boolean,
    wait: boolean,
    talk: Talk,
    messages: string,
  ): void;
  /** Starts what was taken. */
  begin(): void;
  /** Goes on after all promises had their turn. */
  resume(): void;
  /** Undefined while it waits. */
  report(): string | undefined;
}

/** @param harness the class of check/harness.ts, and what is frozen with it, in a realm where tests that are code run */
export function makePrelude(harness?: { Harness: object; parts: readonly object[] }): Prelude {
  let reseed = (): void => {};
  let start = (): Run | null => null;
  let run: Run | null = null;
  return {
    lock() {
      giveCounter(globalThis);
      reseed = lockDown(globalThis, harness?.parts);
      // Found once, and part of what every program starts from.
      intrinsicsHere();
    },
    take(source, names, make, guardArguments, fuel, stateless, wait, talk, messages) {
      const calls = compileCalls({ names: names.split(','), make, guardArguments, talk, messages });
      start = () => startRun(source, calls, { fuel, stateless, wait }, reseed, harness?.Harness);
    },
    begin() {
      run = start();
    },
    resume() {
      run?.resume();
    },
    report: () => (run?.isWaiting ? undefined : run?.report()),
  };
}

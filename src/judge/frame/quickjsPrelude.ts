/**
 * What is loaded into a QuickJS context before its memory is photographed: the same lock-down and the same runner as
 * in the fast engine, so that both engines mean the same by every verdict.
 */
import { lockDown } from './lockDown.ts';
import { compileCalls, giveCounter, type Run, startRun } from './runner.ts';

/** Handed to the outside, which then forgets the global. */
export interface Prelude {
  lock(): void;
  /** Starts the program, which defines `names` (separated by commas). @returns the report, or undefined while it waits */
  begin(
    source: string,
    names: string,
    make: string,
    guard: boolean,
    keepOrder: boolean,
    fuel: number,
    stateless: boolean,
    wait: boolean,
  ): string | undefined;
  /** Goes on after all promises had their turn. @returns as `begin` */
  finish(): string | undefined;
}

let reseed = (): void => {};
let run: Run | null = null;

const prelude: Prelude = {
  lock() {
    giveCounter(globalThis);
    reseed = lockDown(globalThis);
  },
  begin(source, names, make, guard, keepOrder, fuel, stateless, wait) {
    const calls = compileCalls({ names: names.split(','), make, guardArguments: guard, keepOrder });
    run = startRun(source, calls, { fuel, stateless, wait }, reseed);
    return run.isWaiting ? undefined : run.report();
  },
  finish() {
    run?.resume();
    return run?.isWaiting ? undefined : run?.report();
  },
};

(globalThis as unknown as { prelude: Prelude }).prelude = prelude;

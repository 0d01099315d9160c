/**
 * Two programs of the judge's own at the end of each batch, whose verdicts are known: one that is right, and one at a
 * task that no program can do. A wrong verdict on either says that the sandbox no longer tells the truth.
 */

import { type CompiledSet, compileSet } from '../testSets/testSet.ts';
import type { Job } from './job.ts';

const fuel = 1000;
const limitMs = 250;

export class Sentinels {
  /** The same two go with every batch. */
  readonly jobs: readonly [honest: Job, impossible: Job];

  constructor() {
    const [a, b, secret] = crypto.getRandomValues(new Uint16Array(3));
    const job = (set: CompiledSet, code: string): Job => ({
      code,
      set,
      fuel,
      limitMs,
      // Stateful, unlike most programs: browsers cache the compiled code of this kind.
      stateless: false,
      alone: false,
      done: () => {},
      failed: () => {},
    });
    this.jobs = [
      job(
        compileSet({ entry: 'f', tests: [{ args: [[a, b]], expected: [a + b, -a] }] }, -1),
        'function f(xs) { return [xs.reduce((a, b) => a + b, 0), -xs[0]]; }',
      ),
      job(
        compileSet({ entry: 'f', tests: [{ args: [[a]], expected: `secret ${secret}` }] }, -2),
        'function f(xs) { return xs.join(","); }',
      ),
    ];
  }

  /** What is wrong with a whole batch that ends with these two, or null. */
  wrong(jobs: readonly Job[], reports: readonly string[]): string | null {
    const [honest, impossible] = this.jobs;
    const report = reports[jobs.indexOf(honest)];
    if (report !== honest.set.expectedText)
      return `it failed a program that is right (${report.slice(0, 80)})`;
    if (reports[jobs.indexOf(impossible)] === impossible.set.expectedText)
      return 'it passed a task that no program can do';
    return null;
  }
}

/**
 * Two programs of the judge's own at the end of each batch, whose verdicts are known: one that no program can get
 * right, one that is right. A wrong verdict on either says that the sandbox no longer tells the truth.
 */
import type { Job } from './engine.ts';
import { type CompiledSet, compileSet } from './testSet.ts';

const fuel = 1000;
const limitMs = 250;

export class Sentinels {
  /** Stateless, so the same two go with every batch. */
  readonly jobs: readonly Job[];

  constructor(wrong: (reason: string) => void) {
    const [a, b, secret] = crypto.getRandomValues(new Uint16Array(3));
    const honest = compileSet({ entry: 'f', tests: [{ args: [[a, b]], expected: [a + b, -a] }] }, -1);
    const impossible = compileSet({ entry: 'f', tests: [{ args: [[a]], expected: `secret ${secret}` }] }, -2);
    const job = (set: CompiledSet, code: string, check: (report: string) => string | null): Job => ({
      code,
      set,
      fuel,
      limitMs,
      alone: false,
      done: (report) => {
        const reason = report === null ? null : check(report);
        if (reason) wrong(reason);
      },
      failed: () => {},
    });
    this.jobs = [
      job(honest, 'function f(xs) { return [xs.reduce((a, b) => a + b, 0), -xs[0]]; }', (report) =>
        report === honest.expectedText ? null : `a sandbox failed a program that is right (${report})`,
      ),
      job(impossible, 'function f(xs) { return xs.join(","); }', (report) =>
        report !== impossible.expectedText ? null : 'a sandbox passed a task that no program can pass',
      ),
    ];
  }
}

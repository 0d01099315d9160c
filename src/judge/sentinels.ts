/**
 * Two programs of the judge's own at the end of each batch, whose verdicts are known: one that no program can get
 * right, one that is right. A wrong verdict on either says that the sandbox no longer tells the truth.
 */
import type { Job } from './engine.ts';
import { type CompiledSet, compileSet } from './testSet.ts';

const fuel = 1000;

export class Sentinels {
  readonly #honest: CompiledSet;
  readonly #impossible: CompiledSet;
  readonly #jobs = new WeakSet<Job>();

  constructor() {
    const [a, b, secret] = crypto.getRandomValues(new Uint16Array(3));
    this.#honest = compileSet({ entry: 'f', tests: [{ args: [[a, b]], expected: [a + b, -a] }] }, -1);
    this.#impossible = compileSet({ entry: 'f', tests: [{ args: [[a]], expected: `secret ${secret}` }] }, -2);
  }

  owns(job: Job): boolean {
    return this.#jobs.has(job);
  }

  jobs(wrong: (reason: string) => void): Job[] {
    const job = (
      set: CompiledSet,
      code: string,
      reason: string,
      isRight: (report: string) => boolean,
    ): Job => {
      const made: Job = {
        code,
        set,
        fuel,
        limitMs: 250,
        alone: false,
        done: (report) => {
          if (report !== null && !isRight(report)) wrong(reason);
        },
        failed: () => {},
      };
      this.#jobs.add(made);
      return made;
    };
    const { expectedText } = this.#honest;
    return [
      job(
        this.#honest,
        'function f(xs) { return [xs.reduce((a, b) => a + b, 0), -xs[0]]; }',
        'a sandbox failed a program that is right',
        (report) => report === expectedText,
      ),
      job(
        this.#impossible,
        'function f(xs) { return xs.join(","); }',
        'a sandbox passed a task that no program can pass',
        (report) => report !== this.#impossible.expectedText,
      ),
    ];
  }
}

/**
 * The naive judge, for teaching: a grader as they are often written. It runs the program in its own realm, with the
 * expected values beside it, compares there, and says by message how it went. Each of these can be turned against
 * it. It lives in the same kind of sandbox as the true judge, so what it is fooled into stays there.
 */
import { makeGive } from './node/given.ts';
import { Timers } from './node/timers.ts';
import { givenName, tickName } from './words.ts';

/** One program to grade. `tests` is the source of an array of [arguments, expected] pairs. */
export interface NaiveTask {
  id: number;
  source: string;
  entry: string;
  tests: string;
  fuel: number;
}

/** What the grader says, or what a program says in its name. */
export interface NaiveClaim {
  id: number;
  score: number;
}

const realm = globalThis as unknown as { postMessage(message: NaiveClaim): void };

function isEqual(output: unknown, expected: unknown): boolean {
  if (Object.is(output, expected) || JSON.stringify(output) === JSON.stringify(expected)) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: careless on purpose
  return output == expected;
}

function grade({ id, source, entry, tests, fuel }: NaiveTask): void {
  let passed = 0;
  let failed = 0;
  try {
    let left = fuel;
    const tick = (): void => {
      if (--left < 0) throw new RangeError('the program ran for too long');
    };
    const program = new Function(tickName, givenName, `${source}\nreturn ${entry}`)(
      tick,
      makeGive(new Timers()),
    );
    for (const [args, expected] of new Function(`return ${tests}`)()) {
      try {
        if (isEqual(program(...args), expected)) passed++;
        else failed++;
      } catch {
        failed++;
      }
    }
  } catch {
    failed++;
  }
  realm.postMessage({ id, score: failed === 0 ? 1 : passed / (passed + failed) });
}

self.onmessage = ({ data }: MessageEvent<NaiveTask[]>): void => {
  for (const task of data) grade(task);
};

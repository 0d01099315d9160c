/**
 * How the naive judge grades: as graders are often written. It runs the program in its own realm, with the expected
 * values beside it, compares there, and takes a test that ends in an error for one that could not be run: it skips it.
 * Each of these can be turned against it.
 */
import { makeGive } from '../node/given.ts';
import { Timers } from '../node/timers.ts';
import { givenName, tickName } from '../words.ts';

/** One program to grade. `tests` is the source of an array of [arguments, expected] pairs. */
export interface NaiveTask {
  id: number;
  source: string;
  entry: string;
  tests: string;
  fuel: number;
}

/** The share of tests passed, of those that were not skipped; 1 when all were. */
export function naiveGrade({ source, entry, tests, fuel }: Omit<NaiveTask, 'id'>): number {
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
        // Skipped, unless the grader itself ended it.
        if (left < 0) failed++;
      }
    }
  } catch {
    failed++;
  }
  return failed === 0 ? 1 : passed / (passed + failed);
}

function isEqual(output: unknown, expected: unknown): boolean {
  if (Object.is(output, expected) || JSON.stringify(output) === JSON.stringify(expected)) return true;
  // biome-ignore lint/suspicious/noDoubleEquals: careless on purpose
  return output == expected;
}

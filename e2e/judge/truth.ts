/**
 * What Node itself makes of programs, in a process of its own: JSON on standard input, JSON on standard output.
 *
 *   { programs: [{ source, entry, tests: [{ args, expected }] }] }  →  [number passed, or null when it does not load]
 */
import { createContext, Script } from 'node:vm';
import type { TestCase } from '../../src/tasks/problem.ts';

export interface Question {
  source: string;
  entry: string;
  tests: TestCase[];
}

const timeout = 500;

/** Equality of data, across realms; -0 is not 0. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
}

function passed({ source, entry, tests }: Question): number | null {
  try {
    new Script(`'use strict';${source}`);
  } catch {
    return null;
  }
  let count = 0;
  for (const { args, expected } of tests) {
    // A new realm for each call: what one call leaves behind, the next does not find.
    const context = createContext({});
    try {
      new Script(
        `'use strict';${source}\n;globalThis.entry = typeof ${entry} === 'function' ? ${entry} : null`,
      ).runInContext(context, { timeout });
      if (!context.entry) return null;
      context.args = new Script(`(${JSON.stringify(args)})`).runInContext(context);
      const output = new Script('entry(...args)').runInContext(context, { timeout });
      if (isSame(output, expected) && isSame(context.args, args)) count++;
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 0;
    }
  }
  return count;
}

let input = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) input += chunk;
const { programs } = JSON.parse(input) as { programs: Question[] };
process.stdout.write(JSON.stringify(programs.map(passed)));

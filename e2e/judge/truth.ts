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

/** Long, because only what never ends may run into it, on however busy a machine. */
const timeout = 5000;

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
  const context = createContext({});
  // A new instance of the program for each call: what one call leaves behind, the next does not find.
  const instance = new Script(
    `(() => {'use strict';${source}\n;return typeof ${entry} === 'function' ? ${entry} : null})()`,
  );
  const call = new Script('entry(...args)');
  let count = 0;
  for (const { args, expected } of tests) {
    try {
      context.entry = instance.runInContext(context, { timeout });
      if (!context.entry) return null;
      context.args = new Script(`(${JSON.stringify(args)})`).runInContext(context);
      const output = call.runInContext(context, { timeout });
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

/**
 * Runs a program against tests in a Node context: for this project's own programs, in tests and scripts. It is no
 * sandbox, and trusts programs not to touch globals; what policies write is judged by src/judge.
 */
import { createContext, runInContext } from 'node:vm';
import type { TestCase } from '../problem.ts';

const context = createContext({});

/** Arguments come in and outputs go out as JSON text, so that no object crosses between the two realms. */
const run = runInContext(
  `(load, name, inputs) => {
    'use strict';
    const plain = (value) =>
      Array.isArray(value)
        ? Array.from(value, plain)
        : Object.is(value, -0)
          ? '-0'
          : typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
            ? value
            : { not: typeof value };
    let f;
    try {
      f = (0, eval)('"use strict";(() => {' + load + '\\n;return ' + name + '})()');
    } catch {
      return null;
    }
    return inputs.split('\\n').map((input) => {
      try {
        const given = JSON.parse(input);
        const output = JSON.stringify(plain(f(...given)));
        return JSON.stringify(given) === input ? output : '!changed its arguments';
      } catch {
        return '!threw';
      }
    }).join('\\n');
  }`,
  context,
) as (source: string, entry: string, inputs: string) => string | null;

/** Number of tests passed; null when the program does not load. A program that changes its arguments fails. */
export function passedInNode(source: string, entry: string, tests: readonly TestCase[]): number | null {
  const outputs = run(source, entry, tests.map((test) => JSON.stringify(test.args)).join('\n'));
  if (outputs === null) return null;
  const lines = outputs.split('\n');
  return tests.filter((test, i) => lines[i] === JSON.stringify(test.expected)).length;
}

export function passesInNode(source: string, entry: string, tests: readonly TestCase[]): boolean {
  return passedInNode(source, entry, tests) === tests.length;
}

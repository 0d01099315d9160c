/**
 * Runs a program against tests in a fresh Node context: for this project's own programs, in tests and scripts. It is
 * no sandbox. Policies' programs are judged by src/judge.
 */
import { createContext, Script } from 'node:vm';
import type { Json, TestCase } from './problem.ts';

/** Number of tests passed; null when the program does not load. A program that changes its arguments fails. */
export function passedInNode(source: string, entry: string, tests: readonly TestCase[]): number | null {
  const context = createContext({});
  try {
    new Script(`'use strict';\n${source}`).runInContext(context, { timeout: 200 });
  } catch {
    return null;
  }
  const call = new Script(`JSON.stringify((() => {
    const given = JSON.parse(input);
    const output = ${entry}(...given);
    const plain = (value) =>
      Array.isArray(value)
        ? Array.from(value, plain)
        : typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
          ? Object.is(value, -0) ? '-0' : value
          : { not: typeof value };
    return [plain(output), given];
  })())`);
  return tests.filter(({ args, expected }) => {
    context.input = JSON.stringify(args);
    try {
      const [output, given] = JSON.parse(call.runInContext(context, { timeout: 200 })) as [Json, Json];
      return JSON.stringify(output) === JSON.stringify(expected) && JSON.stringify(given) === context.input;
    } catch {
      return false;
    }
  }).length;
}

export function passesInNode(source: string, entry: string, tests: readonly TestCase[]): boolean {
  return passedInNode(source, entry, tests) === tests.length;
}

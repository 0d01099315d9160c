import type { TestCase } from '../../../src/tasks/problem.ts';

/** One program, or a few that work together, that want a score they did not earn, or to do harm. */
export interface Attack {
  id: string;
  /** What it tries, in a few words. */
  tries: string;
  /** `__HTTP__`, `__WS__` and `__UDP__` become the addresses of listeners that must stay silent. */
  programs: string[];
  /** The most that each of the programs may score. Default 0. */
  most?: number;
  task?: { entry: string; tests: TestCase[]; async?: boolean };
  /** An honest and a wrong program for the attack's own task. */
  honest?: string;
  wrong?: string;
}

/** The task of every attack that brings none of its own. */
export const sum = {
  entry: 'f',
  tests: [
    { args: [1, 2], expected: 3 },
    { args: [4, 5], expected: 9 },
    { args: [10, -3], expected: 7 },
    { args: [2, -7], expected: -5 },
    { args: [7, 7], expected: 14 },
    { args: [100, -1], expected: 99 },
  ],
};
export const honestSum = 'function f(a,b){return a+b}';
export const wrongSum = 'function f(a,b){return a-b-1}';

/** A row of a table: id, what it tries, the program. */
export const row = (id: string, tries: string, ...programs: string[]): Attack => ({ id, tries, programs });

/** A task on lists, for attacks on arguments. */
export const lists = {
  task: {
    entry: 'f',
    tests: [
      { args: [[3, 1, 2]], expected: [1, 2, 3] },
      { args: [[1]], expected: [1] },
      { args: [[]], expected: [] },
      { args: [[5, 5, 4]], expected: [4, 5, 5] },
    ],
  },
  honest: 'function f(xs){return [...xs].sort((a,b)=>a-b)}',
  wrong: 'function f(xs){return [...xs].sort((a,b)=>b-a).concat(0)}',
};

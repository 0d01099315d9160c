/** What the editor of filter functions offers after a dot, each with its type and one line of explanation. */

export type Type = 'numbers' | 'number' | 'Math' | 'string' | 'unknown';

export interface Member {
  name: string;
  /** As a person would write its declaration, without the name. */
  type: string;
  doc: string;
  /** Type of its value, or of what it returns. */
  gives: Type;
  /** What completion writes; `$0` is where the cursor lands. Absent: the name. */
  insert?: string;
}

/** How a type is written. */
export const typeText: Record<Type, string> = {
  numbers: 'number[]',
  number: 'number',
  Math: 'Math',
  string: 'string',
  unknown: 'unknown',
};

const each = '(f: (value: number, index: number) => ';

const numbers: readonly Member[] = [
  { name: 'length', type: 'number', doc: 'How many responses the group has.', gives: 'number' },
  {
    name: 'map',
    type: `${each}number): number[]`,
    doc: 'One number for each: what turns rewards into weights.',
    gives: 'numbers',
    insert: 'map((r) => $0)',
  },
  {
    name: 'reduce',
    type: '(f: (sum: number, value: number) => number, start: number): number',
    doc: 'Runs over all and gathers one number, such as their sum.',
    gives: 'number',
    insert: 'reduce((sum, r) => sum + r, 0)$0',
  },
  {
    name: 'filter',
    type: `${each}boolean): number[]`,
    doc: 'Those for which the test holds. Not for the result: one weight is due for every response.',
    gives: 'numbers',
    insert: 'filter((r) => $0)',
  },
  {
    name: 'slice',
    type: '(from?: number, to?: number): number[]',
    doc: 'A copy, or a part of one. Copy before you sort.',
    gives: 'numbers',
    insert: 'slice($0)',
  },
  {
    name: 'sort',
    type: '(compare: (a: number, b: number) => number): number[]',
    doc: 'Sorts the list itself. Without a comparison numbers are sorted as text.',
    gives: 'numbers',
    insert: 'sort((a, b) => b - a)$0',
  },
  {
    name: 'indexOf',
    type: '(value: number): number',
    doc: 'Place of the first such value, −1 without one. In a sorted copy, that is its rank from 0.',
    gives: 'number',
    insert: 'indexOf($0)',
  },
  {
    name: 'at',
    type: '(index: number): number',
    doc: 'The value at a place; −1 is the last.',
    gives: 'number',
  },
  {
    name: 'includes',
    type: '(value: number): boolean',
    doc: 'Whether the value is in it.',
    gives: 'unknown',
  },
  {
    name: 'some',
    type: `${each}boolean): boolean`,
    doc: 'Whether the test holds for one at least.',
    gives: 'unknown',
  },
  {
    name: 'every',
    type: `${each}boolean): boolean`,
    doc: 'Whether the test holds for all.',
    gives: 'unknown',
  },
  {
    name: 'find',
    type: `${each}boolean): number`,
    doc: 'The first for which the test holds.',
    gives: 'number',
  },
  {
    name: 'findIndex',
    type: `${each}boolean): number`,
    doc: 'Place of the first for which the test holds, −1 without one.',
    gives: 'number',
  },
  { name: 'forEach', type: `${each}void): void`, doc: 'Calls the function with each.', gives: 'unknown' },
  {
    name: 'concat',
    type: '(other: number[]): number[]',
    doc: 'Both lists, one after the other.',
    gives: 'numbers',
  },
  { name: 'reverse', type: '(): number[]', doc: 'Turns the list itself round.', gives: 'numbers' },
  { name: 'fill', type: '(value: number): number[]', doc: 'Writes one value everywhere.', gives: 'numbers' },
  { name: 'join', type: '(between: string): string', doc: 'Writes them as one text.', gives: 'string' },
];

const math: readonly Member[] = (
  [
    ['max', '(...values: number[]): number', 'The largest: Math.max(...rewards).'],
    ['min', '(...values: number[]): number', 'The smallest: Math.min(...rewards).'],
    ['abs', '(x: number): number', 'Without its sign.'],
    ['exp', '(x: number): number', 'e to the power x: weights that grow with the reward.'],
    ['log', '(x: number): number', 'Natural logarithm; of 0 it is −∞, which is no weight.'],
    ['pow', '(base: number, exponent: number): number', 'A power, also written base ** exponent.'],
    ['sqrt', '(x: number): number', 'Square root.'],
    ['sign', '(x: number): number', '−1, 0 or 1.'],
    ['round', '(x: number): number', 'To the nearest whole number.'],
    ['floor', '(x: number): number', 'Down to a whole number.'],
    ['ceil', '(x: number): number', 'Up to a whole number.'],
    ['tanh', '(x: number): number', 'Squeezes any number into (−1, 1).'],
    ['hypot', '(...values: number[]): number', 'Square root of the sum of squares.'],
    ['PI', 'number', '3.14159…'],
    ['E', 'number', '2.71828…'],
  ] as const
).map(([name, type, doc]) => ({ name, type, doc, gives: 'number' }));

const number: readonly Member[] = [
  {
    name: 'toFixed',
    type: '(digits: number): string',
    doc: 'Written with so many decimals.',
    gives: 'string',
  },
  { name: 'toString', type: '(): string', doc: 'Written as text.', gives: 'string' },
];

const string: readonly Member[] = [
  { name: 'length', type: 'number', doc: 'How many characters.', gives: 'number' },
];

export const members: Record<Type, readonly Member[]> = { numbers, Math: math, number, string, unknown: [] };

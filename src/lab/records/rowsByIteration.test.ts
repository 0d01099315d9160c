import { expect, it } from 'vitest';
import { rowsUpTo, withRow } from './rowsByIteration.ts';

const rows = [0, 5, 10].map((iteration) => ({ iteration, from: 'before' }));

it('gives the rows up to an iteration, that one included', () => {
  expect(rowsUpTo(rows, 5).map((row) => row.iteration)).toEqual([0, 5]);
  expect(rowsUpTo(rows, 4).map((row) => row.iteration)).toEqual([0]);
});

it('puts a new row at the end, and in the place of those that it comes again for', () => {
  const again = (iteration: number) => withRow(rows, { iteration, from: 'again' });
  expect(again(15).map(({ iteration, from }) => [iteration, from])).toEqual([
    [0, 'before'],
    [5, 'before'],
    [10, 'before'],
    [15, 'again'],
  ]);
  expect(again(5).map(({ iteration, from }) => [iteration, from])).toEqual([
    [0, 'before'],
    [5, 'again'],
  ]);
});

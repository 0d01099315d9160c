import { expect, it } from 'vitest';
import { formatCell, table } from './table.ts';

it('aligns text left and numbers right, and shows what was not measured as a dash', () => {
  const text = table(
    ['what', 'ms'],
    [
      ['step', 12.34567],
      ['a rollout', null],
    ],
  );
  expect(text.split('\n')).toEqual([
    'what          ms',
    '─────────  ─────',
    'step       12.35',
    'a rollout      –',
  ]);
});

it('keeps four digits and uses powers of ten only for the very small and the very large', () => {
  expect([0, 3, 0.123456, 1234.567, 2.5e-7, 3.2e9 + 0.5].map(formatCell)).toEqual([
    '0',
    '3',
    '0.1235',
    '1235',
    '2.50e-7',
    '3.20e+9',
  ]);
});

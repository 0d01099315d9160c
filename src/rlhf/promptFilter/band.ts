/** What the filters by pass rate share: the ends of a band. */
import type { Conflict } from '../catalogue/method.ts';

export const passLow = {
  kind: 'number',
  label: 'Lowest pass rate',
  min: 0,
  max: 1,
  step: 0.05,
  initial: 0,
  what: 'Prompts whose share of right responses is lower are dropped.',
  expect: 'Harder prompts are dropped, too.',
} as const;

export const passHigh = {
  kind: 'number',
  label: 'Highest pass rate',
  min: 0,
  max: 1,
  step: 0.05,
  initial: 1,
  what: 'Prompts whose share of right responses is higher are dropped.',
  expect: 'Easier prompts stay, too.',
} as const;

export function bandInOrder({
  passLow: low,
  passHigh: high,
}: Record<'passLow' | 'passHigh', number>): Conflict[] {
  if (low <= high) return [];
  return [
    {
      path: 'promptFilter.passLow',
      message: `passLow must not exceed passHigh (${high}), and is ${low}.`,
      repair: { 'promptFilter.passLow': high },
    },
  ];
}

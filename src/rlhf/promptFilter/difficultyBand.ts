/** Prompts of middling difficulty, where a pass rate near one half promises most improvement. */
import { passAt } from '../filter/rows.ts';
import { promptFilter } from '../slots.ts';
import { bandInOrder, passHigh, passLow } from './band.ts';

export const difficultyBand = promptFilter({
  id: 'difficulty-band',
  label: 'Difficulty',
  short: 'neither easy nor hard',
  what: 'Keeps the prompts whose share of right responses lies between two ends, both included, around one half.',
  source: { arxiv: '2504.03380', where: 'online difficulty filtering, balanced' },
  formula: 'keep x if l ≤ share of [r ≥ c] ≤ u',
  cost: 'an update on the prompts that are left: none where no prompt is of that difficulty',
  knobs: { passAt, passLow: { ...passLow, initial: 0.2 }, passHigh: { ...passHigh, initial: 0.8 } },
  conflicts: bandInOrder,
  shape: (knobs) => ({
    kind: 'pass-rate',
    passAt: knobs.passAt,
    low: knobs.passLow,
    high: knobs.passHigh,
    ends: 'closed',
  }),
});

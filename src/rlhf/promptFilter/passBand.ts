/** DAPO's dynamic sampling, as far as it is a filter: prompts that are neither solved always nor never. */
import { passAt } from '../filter/rows.ts';
import { promptFilter } from '../slots.ts';
import { bandInOrder, passHigh, passLow } from './band.ts';

export const passBand = promptFilter({
  id: 'pass-band',
  label: 'Pass rate',
  short: 'neither always nor never right',
  what: 'Keeps the prompts whose share of right responses lies strictly between two ends. No prompt is sampled anew for one that is dropped.',
  source: {
    arxiv: '2503.14476',
    where: 'DAPO, dynamic sampling, with ends 0 and 1; the batch is not refilled',
  },
  formula: 'keep x if l < share of [r ≥ c] < u',
  cost: 'an update on the prompts that are left: none where all are right or wrong',
  knobs: { passAt, passLow, passHigh },
  conflicts: bandInOrder,
  shape: (knobs) => ({
    kind: 'pass-rate',
    passAt: knobs.passAt,
    low: knobs.passLow,
    high: knobs.passHigh,
    ends: 'open',
  }),
});

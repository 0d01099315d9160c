/** Completion pruning: the responses that an update would move most. */
import { keep, keepWithinGroup, withoutRepeats } from './rows.ts';

export const cppo = withoutRepeats({
  id: 'cppo',
  label: 'CPPO',
  short: 'of largest advantage',
  what: 'The k responses of each group that are furthest from its mean, on either side. The batch is not refilled with more prompts.',
  source: { arxiv: '2503.22342', where: 'completion pruning by |advantage|' },
  formula: 'the k largest |r − mean(r)|',
  cost: 'an update on k of N responses',
  knobs: { keep },
  conflicts: (knobs, settings) => keepWithinGroup(knobs.keep, settings),
  shape: (knobs) => ({ kind: 'advantage', keep: knobs.keep }),
});

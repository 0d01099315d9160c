/** The tests themselves: the true score, mapped from [0, 1] to [−1, 1]. */
import { reward } from '../../slots.ts';

export const oracle = reward({
  id: 'oracle',
  label: 'The tests',
  short: 'the true score',
  what: 'The true score itself: no model, nothing to hack.',
  source: { where: 'the true score of the judge, as an upper bound on any reward' },
  formula: 'r = 2 s − 1',
  cost: 'the judge answers before the update instead of beside it',
  knobs: {},
  models: () => [],
  open: () => ({
    needsVerdicts: true,
    passes: () => 0,
    grade: (_, verdicts) => verdicts!.score.map((score) => 2 * score - 1),
  }),
});

/** Group filtered policy optimisation: learn from short responses, or from those that earn most per token. */
import { keep, keepWithinGroup, withoutRepeats } from './rows.ts';

export const gfpo = withoutRepeats({
  id: 'gfpo',
  label: 'GFPO, length',
  short: 'the shortest',
  what: 'The k shortest responses of each group, whatever their reward.',
  source: { arxiv: '2508.09726', where: 'metric: length; normalise after filtering to follow it' },
  formula: 'the k smallest |y|',
  cost: 'an update on k of N responses, the short ones',
  knobs: { keep },
  conflicts: (knobs, settings) => keepWithinGroup(knobs.keep, settings),
  shape: (knobs) => ({ kind: 'length', by: 'shortest', keep: knobs.keep }),
});

export const gfpoPerToken = withoutRepeats({
  id: 'gfpo-per-token',
  label: 'GFPO, reward per token',
  short: 'most reward per token',
  what: 'The k responses of each group with the highest reward per token. Where rewards are negative, that favours long ones.',
  source: { arxiv: '2508.09726', where: 'metric: token efficiency; normalise after filtering to follow it' },
  formula: 'the k largest r/|y|',
  cost: 'an update on k of N responses',
  knobs: { keep },
  conflicts: (knobs, settings) => keepWithinGroup(knobs.keep, settings),
  shape: (knobs) => ({ kind: 'length', by: 'reward-per-token', keep: knobs.keep }),
});

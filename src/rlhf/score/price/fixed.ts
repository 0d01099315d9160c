/** A price of moving that stays as it is set. */
import { price } from '../../slots.ts';

export const fixed = price({
  id: 'fixed',
  label: 'Fixed',
  short: 'the same throughout',
  what: 'Each nat by which the policy leaves the starting policy costs the same, from the first iteration to the last.',
  source: { arxiv: '2409.06957', where: 'equation 4' },
  formula: 'rₜ = −β (log π(aₜ) − log π_ref(aₜ)) + [t = T] r',
  cost: 'one pass of the starting policy over each response',
  knobs: {
    beta: {
      kind: 'number',
      label: 'KL cost (beta)',
      min: 0,
      max: 5,
      step: 0.01,
      initial: 0.2,
      what: 'The price of moving away from the starting policy, per nat.',
      expect: 'Less over-optimisation, slower change.',
    },
  },
  beta: ({ beta }) => beta,
});

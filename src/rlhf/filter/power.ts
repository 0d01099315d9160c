/** A filter that draws responses by the size of their reward (PF-PPO, Table 3). */
import { sampler, shaped } from './rows.ts';

export const power = shaped({
  id: 'pow',
  label: 'pow-k',
  short: 'weight |r|^k',
  what: 'Drawn with a weight that grows with the size of the reward.',
  source: { arxiv: '2409.06957', where: 'Table 3' },
  formula: 'w ∝ |r|ᵏ',
  cost: 'an update on what was drawn',
  knobs: {
    sampler,
    powerExponent: {
      kind: 'number',
      label: 'Exponent',
      min: 0,
      max: 8,
      step: 0.5,
      initial: 2,
      what: 'Weight of a response: the absolute reward to this power.',
      expect: 'Extremes dominate; 0 draws uniformly.',
    },
  },
  shape: (knobs) => ({ kind: 'power', exponent: knobs.powerExponent }),
});

/** The prompts that hold most of the variance of the rewards of an iteration. */
import { promptFilter } from '../slots.ts';
import { needsGroups } from '../update/gradient/groups.ts';

export const varianceTopP = promptFilter({
  id: 'variance-top-p',
  label: 'Variance, top-p',
  short: 'a share of all variance',
  what: 'Ranks the prompts by the variance of their responses and keeps the fewest that together hold a share of it; at 1, every prompt.',
  source: { arxiv: '2604.06268', where: 'RAGEN-2, reward-variance filtering, top-p' },
  formula: 'keep x₍₁₎, …, x₍ⱼ₎, the least j with Σ Var(r | x₍ᵢ₎) ≥ ρ Σ Var(r | x)',
  cost: 'an update on the prompts that are left',
  knobs: {
    varianceShare: {
      kind: 'number',
      label: 'Share of the variance',
      min: 0.05,
      max: 1,
      step: 0.05,
      initial: 0.9,
      what: 'Prompts are kept, the ones of most variance first, until they hold this share of all of it.',
      expect: 'More prompts, of less contrast; 1 keeps all.',
    },
  },
  conflicts: needsGroups('A prompt filter by variance'),
  shape: ({ varianceShare }) => ({ kind: 'variance-share', share: varianceShare }),
});

/** Prompts without contrast teach nothing to an update that compares the responses to one prompt. */
import { promptFilter } from '../slots.ts';
import { needsGroups } from '../update/gradient/groups.ts';

export const zeroVariance = promptFilter({
  id: 'zero-variance',
  label: 'Contrast',
  short: 'drop prompts without contrast',
  what: 'Drops the prompts whose responses all got the same value: none of them is better than another.',
  source: {
    arxiv: '2503.14476',
    where: 'dynamic sampling without sampling anew; elsewhere a mask where sd(r) = 0',
  },
  formula: 'keep x if sd(r₁, …, r_N) > 0',
  cost: 'an update on the prompts that are left',
  knobs: {},
  conflicts: needsGroups('A prompt filter by contrast'),
  shape: () => ({ kind: 'contrast' }),
});

/** The reference that the paper measures from: the policy as it was before any update. */
import { reference } from '../../slots.ts';

export const starting = reference({
  id: 'starting',
  label: 'Starting policy',
  short: 'the same throughout',
  what: 'Distance is measured from the starting policy, from the first iteration to the last.',
  source: { arxiv: '2409.06957', where: 'equation 3: the reference is π^SFT' },
  formula: 'π_ref = π₀',
  cost: 'none',
  knobs: {},
  share: () => 0,
});

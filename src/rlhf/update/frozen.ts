/** No update: the policy stays what it was, so that what decoding alone can do is seen. */
import { update } from '../slots.ts';

export const frozen = update({
  id: 'frozen',
  label: 'None: frozen policy',
  short: 'nothing is learned',
  what: 'Leaves the policy as it is: whatever changes comes from how it is decoded.',
  source: { where: 'the frozen π_ref of Q#, arXiv 2502.20548' },
  formula: 'θ ← θ',
  cost: 'nothing',
  priced: false,
  compares: false,
  knobs: {},
  metrics: {},
  networks: () => ({}),
  examples: () => ({ rows: [], perToken: {} }),
  losses: {},
});

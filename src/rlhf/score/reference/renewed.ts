/** The reference of iterative methods: every few iterations the policy becomes the one that the next are measured from. */
import { reference } from '../../slots.ts';

export const renewed = reference({
  id: 'renewed',
  label: 'Renewed',
  short: 'a copy of the policy every k iterations',
  what: 'Every k iterations the reference becomes a copy of the policy: a new round begins.',
  source: { arxiv: '2403.19270', where: 'sDPO: the model of the last step is the next reference' },
  formula: 'π_ref = π of iteration k ⌊(i − 1)/k⌋',
  cost: 'a copy of the policy',
  knobs: {
    renewEvery: {
      kind: 'integer',
      label: 'Renew every',
      min: 1,
      max: 1000,
      step: 1,
      initial: 10,
      what: 'After how many iterations the reference becomes a copy of the policy.',
      expect: 'Longer rounds; beyond the last iteration the reference stays the starting policy.',
    },
  },
  share: (iteration, { renewEvery }) => (iteration % renewEvery === 0 ? 1 : 0),
});

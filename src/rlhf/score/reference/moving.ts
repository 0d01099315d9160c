/** A reference that follows the policy slowly: the moving anchor of J-BOND. */
import { reference } from '../../slots.ts';

export const moving = reference({
  id: 'moving',
  label: 'Moving average',
  short: 'follows the policy slowly',
  what: 'After every iteration the reference moves a small share of the way to the policy.',
  source: { arxiv: '2407.14622', where: 'the anchor of J-BOND, second-hand' },
  formula: 'θ_ref ← (1 − η) θ_ref + η θ',
  cost: 'a copy of the policy',
  knobs: {
    rate: {
      kind: 'number',
      label: 'Rate (eta)',
      min: 0.001,
      max: 1,
      step: 0.001,
      initial: 0.05,
      log: true,
      what: 'Which share of the way to the policy the reference moves in one iteration.',
      expect: 'A reference that stays nearer to the policy and holds it less.',
    },
  },
  share: (_, { rate }) => rate,
});

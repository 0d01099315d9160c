/** The discount of the updates that add up the rewards of a response from each token on. */
import type { NumberKnob } from '../../catalogue/knobs.ts';

export const discount = {
  kind: 'number',
  label: 'Discount (gamma)',
  min: 0.5,
  max: 1,
  step: 0.01,
  initial: 1,
  what: 'How much a later reward counts for an earlier token.',
  expect: 'At 1 the whole program shares its reward.',
} as const satisfies NumberKnob;

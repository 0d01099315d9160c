/** What the policy gradients share about the ratio of probabilities after and before the update. */
import type { NumberKnob } from '../../catalogue/knobs.ts';
import type { Metrics } from '../../catalogue/metricText.ts';
import type { Minibatch, Nn } from '../../slots.ts';

export const clip = {
  kind: 'number',
  label: 'Clip',
  min: 0.01,
  max: 1,
  step: 0.01,
  initial: 0.2,
  what: 'How far one update may move a token’s probability ratio from 1.',
  expect: 'Larger steps per batch.',
} as const satisfies NumberKnob;

export const clipFraction = {
  clipFraction: {
    group: 'update',
    label: 'Clip fraction',
    unit: '',
    digits: 4,
    what: 'Share of tokens whose ratio was clipped.',
    formula: 'mean [|ρ − 1| > ε]',
  },
} as const satisfies Metrics;

export const approxKl = {
  approxKl: {
    group: 'update',
    label: 'Update KL (k3)',
    unit: 'nats per token',
    digits: 5,
    what: 'How far one iteration’s update moved the policy.',
    formula: 'mean ((ρ − 1) − log ρ)',
  },
} as const satisfies Metrics;

/** Schulman's k3 of each entry: eᵈ − 1 − d, never negative. */
export function k3(tf: Nn['tf'], d: Minibatch['now']): Minibatch['now'] {
  return tf.sub(tf.sub(tf.exp(d), 1), d);
}

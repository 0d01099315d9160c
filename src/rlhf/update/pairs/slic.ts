/** Sequence likelihood calibration from human feedback: a hinge on log-probabilities, and imitation. */
import { pairwise } from './pairwise.ts';

export const slic = pairwise({
  id: 'slic',
  label: 'SLiC-HF',
  short: 'pairs, a hinge',
  what: 'The better response must be ahead by a margin in log-probability, and is imitated a little; no reference.',
  source: {
    arxiv: '2305.10425',
    where: 'equation 2; the sums and the weight as in an independent implementation',
  },
  formula: 'max(0, δ − log π(y_w) + log π(y_l)) − λ log π(y_w)',
  compares: false,
  by: 'sum',
  knobs: {
    margin: {
      kind: 'number',
      label: 'Margin (delta)',
      min: 0,
      max: 20,
      step: 0.1,
      initial: 1,
      what: 'By how many nats the better response must be ahead; beyond it the pair teaches nothing.',
      expect: 'More pairs go on teaching.',
    },
    imitation: {
      kind: 'number',
      label: 'Imitation (lambda)',
      min: 0,
      max: 5,
      step: 0.01,
      initial: 0.1,
      what: 'How strongly the better response is imitated beside.',
      expect: 'The better responses stay likely.',
    },
  },
  loss: ({ tf }, { sum, margin, better, pairs, mean }, knobs) =>
    mean(
      tf.sub(tf.relu(tf.sub(knobs.margin, margin(sum))), tf.mul(tf.mul(better(sum), pairs), knobs.imitation)),
    ),
});

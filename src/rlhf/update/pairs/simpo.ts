/** Simple preference optimisation: log-probability per token in place of a reference. */
import { pairwise } from './pairwise.ts';

export const simpo = pairwise({
  id: 'simpo',
  label: 'SimPO',
  short: 'pairs, per token, no reference',
  what: 'The better response must be ahead by a margin in log-probability per token, so that length does not pay; no reference.',
  source: { arxiv: '2405.14734', where: 'equation 6' },
  formula: '−log σ(β/|y_w| log π(y_w) − β/|y_l| log π(y_l) − γ)',
  compares: false,
  by: 'perToken',
  knobs: {
    beta: {
      kind: 'number',
      label: 'Scale (beta)',
      min: 0.1,
      max: 20,
      step: 0.1,
      initial: 2,
      what: 'How much a nat per token counts.',
      expect: 'Smaller margins satisfy the loss.',
    },
    margin: {
      kind: 'number',
      label: 'Margin (gamma)',
      min: 0,
      max: 10,
      step: 0.1,
      initial: 0.5,
      what: 'By how much the better response must be ahead, on the scale of beta.',
      expect: 'Pairs teach longer.',
    },
  },
  loss: ({ tf }, { perToken, margin, mean }, knobs) =>
    mean(tf.softplus(tf.sub(knobs.margin, tf.mul(margin(perToken), knobs.beta)))),
});

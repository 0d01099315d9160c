/** Length-regularised DPO: a longer response must be better by more. */
import { beta, pairwise } from './pairwise.ts';

export const rDpo = pairwise({
  id: 'r-dpo',
  label: 'R-DPO',
  short: 'pairs, length has a price',
  what: 'DPO in which every token by which the better response is longer counts as margin that it already has.',
  source: {
    arxiv: '2403.19159',
    where:
      'second-hand; the sign follows from the length-penalised objective, and some tables print the other',
  },
  formula: '−log σ(β (h_w − h_l) + α (|y_w| − |y_l|)), h = log π/π_ref',
  compares: true,
  by: 'ratio',
  knobs: {
    beta,
    lengthPrice: {
      kind: 'number',
      label: 'Price of length (alpha)',
      min: 0,
      max: 2,
      step: 0.01,
      initial: 0.05,
      what: 'What a token more than the other response costs.',
      expect: 'Shorter responses.',
    },
  },
  loss: ({ tf }, { ratio, count, margin, mean }, knobs) =>
    mean(
      tf.softplus(
        tf.neg(tf.add(tf.mul(margin(ratio), knobs.beta), tf.mul(margin(count), knobs.lengthPrice))),
      ),
    ),
});

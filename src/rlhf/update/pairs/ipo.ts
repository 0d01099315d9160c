/** Identity preference optimisation: a margin to reach, not to exceed. */
import { pairwise } from './pairwise.ts';

export const ipo = pairwise({
  id: 'ipo',
  label: 'IPO',
  short: 'pairs, a margin to reach',
  what: 'Each pair is drawn to one fixed margin over the reference, from below and from above.',
  source: { arxiv: '2310.12036', where: 'equation 17' },
  formula: '(h_w − h_l − 1/(2τ))², h = log π/π_ref',
  compares: true,
  by: 'ratio',
  knobs: {
    tau: {
      kind: 'number',
      label: 'Regularisation (tau)',
      min: 0.01,
      max: 5,
      step: 0.01,
      initial: 0.1,
      log: true,
      what: 'The margin to reach is 1/(2τ) nats.',
      expect: 'A smaller margin: the policy stays nearer to the reference.',
    },
  },
  loss: ({ tf }, { ratio, margin, mean }, { tau }) => mean(tf.square(tf.sub(margin(ratio), 1 / (2 * tau)))),
});

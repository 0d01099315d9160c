/** Odds ratio preference optimisation: imitation, with a push on the odds. */
import { pairwise } from './pairwise.ts';

export const orpo = pairwise({
  id: 'orpo',
  label: 'ORPO',
  short: 'imitation and odds, no reference',
  what: 'The better response is imitated, and its odds per token are raised over those of the worse; no reference.',
  source: { arxiv: '2403.07691', where: 'equations 6 and 7' },
  formula: '−p_w − λ log σ(odds(p_w) − odds(p_l)), p = log π/|y|, odds(p) = p − log(1 − eᵖ)',
  compares: false,
  by: 'perToken',
  knobs: {
    weight: {
      kind: 'number',
      label: 'Weight of the odds (lambda)',
      min: 0,
      max: 10,
      step: 0.01,
      initial: 0.1,
      what: 'How much the odds count beside imitation.',
      expect: 'The worse responses are pushed away more.',
    },
  },
  loss({ tf }, { perToken, margin, better, pairs, mean }, { weight }) {
    // A response that is certain would have infinite odds.
    const p = tf.minimum(perToken, -1e-6);
    const odds = tf.sub(p, tf.log(tf.sub(1, tf.exp(p)))) as typeof perToken;
    const apart = tf.mul(tf.softplus(tf.neg(margin(odds))), weight);
    return mean(tf.sub(apart, tf.mul(better(perToken), pairs)));
  },
});

/** DPO that believes that some pairs were labelled the wrong way round. */
import { beta, pairwise } from './pairwise.ts';

export const cdpo = pairwise({
  id: 'cdpo',
  label: 'cDPO',
  short: 'pairs, some flipped',
  what: 'DPO with smoothed labels: a share of the pairs is taken to be the wrong way round, so that no margin grows without end.',
  source: { where: 'E. Mitchell, “A note on DPO with noisy preferences”, 2023, second-hand' },
  formula: '−(1 − ε) log σ(βΔ) − ε log σ(−βΔ), Δ = h_w − h_l, h = log π/π_ref',
  compares: true,
  by: 'ratio',
  knobs: {
    beta,
    flipped: {
      kind: 'number',
      label: 'Flipped (epsilon)',
      min: 0,
      max: 0.5,
      step: 0.01,
      initial: 0.1,
      what: 'The share of pairs that is taken to be labelled the wrong way round.',
      expect: 'Smaller margins; at one half nothing is learned.',
    },
  },
  loss({ tf }, { ratio, margin, mean }, knobs) {
    const scaled = tf.mul(margin(ratio), knobs.beta);
    const right = tf.softplus(tf.neg(scaled));
    const flipped = tf.softplus(scaled);
    return mean(tf.add(tf.mul(right, 1 - knobs.flipped), tf.mul(flipped, knobs.flipped)));
  },
});

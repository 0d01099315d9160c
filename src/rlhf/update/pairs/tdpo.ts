/** Token-level DPO: the worse response must not drift from the reference, token by token. */
import { beta, pairwise } from './pairwise.ts';

export const tdpo = pairwise({
  id: 'tdpo',
  label: 'TDPO',
  short: 'pairs, held token by token',
  what: 'DPO whose margin is made smaller where, along the worse response, the whole distribution over tokens leaves the reference by more than along the better.',
  source: { arxiv: '2404.11999', where: 'TDPO2, second-hand' },
  formula: '−log σ(β (h_w − h_l − α (D_l − sg D_w))), D = Σₜ KL(π_ref(·|yₜ) ‖ π(·|yₜ))',
  compares: true,
  by: 'ratio',
  knobs: {
    beta,
    alpha: {
      kind: 'number',
      label: 'Weight of drift (alpha)',
      min: 0,
      max: 5,
      step: 0.1,
      initial: 0.5,
      what: 'How much drift along the worse response counts against the margin.',
      expect: 'The policy stays nearer to the reference.',
    },
  },
  loss(nn, { ratio, margin, better, worse, mean }, knobs, { batch, drift }) {
    const { tf, completionSums, stopGradient } = nn;
    const D = completionSums(drift(), batch.host);
    const more = tf.sub(worse(D), better(stopGradient(D)));
    return mean(tf.softplus(tf.mul(tf.sub(margin(ratio), tf.mul(more, knobs.alpha)), -knobs.beta)));
  },
});

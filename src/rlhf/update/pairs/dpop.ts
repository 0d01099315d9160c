/** DPO-Positive: the better response must not become less likely than it was. */
import { beta, pairwise } from './pairwise.ts';

export const dpop = pairwise({
  id: 'dpop',
  label: 'DPOP',
  short: 'pairs, the better stays likely',
  what: 'DPO with a penalty where the better response becomes less likely than under the reference.',
  source: { arxiv: '2402.13228', where: 'equation 3, second-hand' },
  formula: '−log σ(β (h_w − h_l − λ max(0, −h_w))), h = log π/π_ref',
  compares: true,
  by: 'ratio',
  knobs: {
    beta,
    penalty: {
      kind: 'number',
      label: 'Penalty (lambda)',
      min: 0,
      max: 100,
      step: 0.5,
      initial: 5,
      what: 'How much it costs when the better response becomes less likely than under the reference.',
      expect: 'The better responses stay likely.',
    },
  },
  loss({ tf }, { ratio, margin, better, mean }, knobs) {
    const h = ratio;
    const lost = tf.mul(tf.relu(tf.neg(better(h))), knobs.penalty);
    return mean(tf.softplus(tf.mul(tf.sub(margin(h), lost), -knobs.beta)));
  },
});

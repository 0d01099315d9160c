/** Direct preference optimisation: the policy is its own reward model. */
import { beta, pairwise } from './pairwise.ts';

export const dpo = pairwise({
  id: 'dpo',
  label: 'DPO',
  short: 'pairs, against the reference',
  what: 'Of two responses to a prompt, the better becomes likelier than the worse, as seen from the reference; pairs already far apart count little.',
  source: { arxiv: '2305.18290', where: 'equation 7' },
  formula: '−log σ(β (h_w − h_l)), h = log π/π_ref',
  compares: true,
  by: 'ratio',
  knobs: { beta },
  loss: ({ tf }, { ratio, margin, mean }, knobs) => mean(tf.softplus(tf.mul(margin(ratio), -knobs.beta))),
});

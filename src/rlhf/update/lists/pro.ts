/** Preference ranking optimisation: each response must stand out from all worse ones. */

import { update } from '../../slots.ts';
import { compare, contrastExamples, contrastMetrics, needsContrast } from '../contrast.ts';
import { bestOfExamples, imitation } from './lists.ts';

export const pro = update({
  id: 'pro',
  label: 'PRO',
  short: 'a ranked list, softmax',
  what: 'Of all kept responses to a prompt, the best must stand out from the rest, then the second from what is worse than it, and so on; the best is imitated. No reference.',
  source: { arxiv: '2306.17492', where: 'equations 5 and 7' },
  formula: '−Σₖ log(e^{pₖ} / Σ over i = k and r_i < r_k of e^{pᵢ}) − λ p_best, p = log π/|y|',
  cost: 'passes of the policy over what was kept; neither critic nor reference',
  priced: false,
  compares: false,
  knobs: { imitation: { ...imitation, initial: 0.05 } },
  metrics: contrastMetrics,
  conflicts: needsContrast('PRO'),
  networks: () => ({}),
  examples: (scored, kept) => bestOfExamples(contrastExamples(scored, kept, false), scored.rows.length),
  losses: {
    policy(nn, minibatch, knobs) {
      const { tf } = nn;
      const { perToken, pairs, worse, prompts } = compare(nn, minibatch);
      const weights = tf.exp(perToken) as typeof perToken;
      const rest = tf.sum(tf.mul(pairs, worse(weights)), 1);
      const standing = tf.sub(perToken, tf.log(tf.add(weights, rest)));
      const likely = tf.mul(tf.sum(tf.mul(perToken, minibatch.row.best)), knobs.imitation);
      return { loss: tf.neg(tf.div(tf.add(tf.sum(standing), likely), prompts)) };
    },
  },
});

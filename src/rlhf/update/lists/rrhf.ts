/** Rank responses to align: every worse response that is likelier per token than a better one is pushed below it. */

import { update } from '../../slots.ts';
import { compare, contrastExamples, contrastMetrics, needsContrast } from '../contrast.ts';
import { bestOfExamples, imitation } from './lists.ts';

export const rrhf = update({
  id: 'rrhf',
  label: 'RRHF',
  short: 'a ranked list, hinges',
  what: 'Of all kept responses to a prompt, each that is likelier per token than a better one is pushed below it; the best is imitated. No reference.',
  source: { arxiv: '2304.05302', where: 'equations 3 to 5; the sum over pairs as in the authors’ code' },
  formula: 'Σ over r_i > r_j of max(0, p_j − p_i) − λ p_best, p = log π/|y|',
  cost: 'passes of the policy over what was kept; neither critic nor reference',
  priced: false,
  compares: false,
  knobs: { imitation: { ...imitation, initial: 1 } },
  metrics: contrastMetrics,
  conflicts: needsContrast('RRHF'),
  networks: () => ({}),
  examples: (scored, kept) => bestOfExamples(contrastExamples(scored, kept, false), scored.rows.length),
  losses: {
    policy(nn, minibatch, knobs) {
      const { tf } = nn;
      const { perToken, margin, total, prompts } = compare(nn, minibatch);
      const wrong = total(tf.relu(tf.neg(margin(perToken))));
      const likely = tf.sum(tf.mul(perToken, minibatch.row.best));
      return { loss: tf.div(tf.sub(wrong, tf.mul(likely, knobs.imitation)), prompts) };
    },
  },
});

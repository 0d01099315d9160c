/** Supervised fine-tuning on what the filter kept. With the best of N that is RAFT. */
import { update } from '../../slots.ts';

export const imitation = update({
  id: 'imitation',
  label: 'Imitation',
  short: 'fine-tuning on what is kept',
  what: 'Every kept response becomes likelier, whatever its reward: the filter alone says what is learned. With BoN this is RAFT.',
  source: { arxiv: '2304.06767', where: 'RAFT: fine-tuning on the best of N' },
  formula: '−Σ log π(y) / Σ |y|',
  cost: 'passes of the policy over what was kept; neither critic nor reference',
  priced: false,
  compares: false,
  knobs: {},
  metrics: {},
  networks: () => ({}),
  examples: (_, kept) => ({ rows: Array.from(kept, (row) => [row]), perToken: {} }),
  losses: { policy: ({ tf }, { now }) => ({ loss: tf.neg(tf.mean(now)) }) },
});

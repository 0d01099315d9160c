/** Self-play preference optimisation: each response is drawn to how often it wins. */
import type { Minibatch, Nn } from '../../slots.ts';
import type { Comparison } from '../contrast.ts';
import { pairwise } from './pairwise.ts';

export const sppo = pairwise({
  id: 'sppo',
  label: 'SPPO',
  short: 'how often each response wins',
  what: 'Each response of a pair is drawn to a log-ratio that stands for how often it beats the others to its prompt.',
  source: {
    arxiv: '2405.00675',
    where: 'equation 4.4, second-hand; the win rate is the reward’s own, over what was kept of the prompt',
  },
  formula: '½ (h_w − (P_w − ½)/β)² + ½ (h_l − (P_l − ½)/β)², h = log π/π_ref, P = mean of [r > r′]',
  compares: true,
  by: 'ratio',
  knobs: {
    beta: {
      kind: 'number',
      label: 'Scale (beta)',
      min: 0.001,
      max: 5,
      step: 0.001,
      initial: 0.1,
      log: true,
      what: 'A response that always wins is drawn to 1/(2β) nats above the reference, one that always loses as far below.',
      expect: 'Smaller targets: the policy stays nearer to the reference.',
    },
  },
  loss(nn, comparison, knobs, { row }) {
    const { tf } = nn;
    const { ratio, better, worse, pairs, mean } = comparison;
    const due = tf.div(tf.sub(winRate(nn, comparison, row.reward), 0.5), knobs.beta) as typeof ratio;
    const off = tf.square(tf.sub(ratio, due)) as typeof ratio;
    return tf.mul(mean(tf.mul(tf.add(better(off), worse(off)), pairs) as typeof pairs), 0.5);
  },
});

/** [B] share of the responses to the same prompt, itself aside, that a response beats; a tie counts half. */
function winRate(
  { tf }: Nn,
  { better, worse, together }: Comparison,
  reward: Minibatch['now'],
): Minibatch['now'] {
  const above = tf.cast(tf.greater(better(reward), worse(reward)), 'float32');
  const below = tf.cast(tf.less(better(reward), worse(reward)), 'float32');
  // (1 + [above] − [below]) / 2 is 1, ½ or 0; a row stands beside itself as a tie.
  const won = tf.mul(tf.mul(tf.add(tf.sub(above, below), 1), 0.5), together);
  const others = tf.maximum(tf.sub(tf.sum(together, 1), 1), 1);
  return tf.div(tf.sub(tf.sum(won, 1), 0.5), others);
}

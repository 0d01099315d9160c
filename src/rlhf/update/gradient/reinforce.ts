/** The plainest policy gradient: no critic, no groups, no clip. */
import { returnsToGo, tokenRewards, whiten } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { discount } from './discount.ts';
import { approxKl, k3 } from './ratio.ts';

export const reinforce = update({
  id: 'reinforce',
  label: 'REINFORCE',
  short: 'the reward to come, no critic',
  what: 'Each token becomes likelier when the reward that came after it was above the mean of all tokens, and less likely when below.',
  source: {
    where: 'Williams 1992; with the token rewards of arXiv 2409.06957, equation 4, and whitened returns',
  },
  formula: '−Ĝₜ log π(aₜ), Gₜ = Σₖ γᵏ rₜ₊ₖ, Ĝ whitened over all tokens',
  cost: 'no critic; forward and backward passes of the policy over what was kept',
  priced: true,
  compares: false,
  knobs: {
    gamma: discount,
  },
  metrics: approxKl,
  networks: () => ({}),

  examples({ logProb, refLogProb, starts, standardised, beta }, kept, { gamma }) {
    const rewards = tokenRewards({ logProb, refLogProb, starts, score: standardised, beta });
    return {
      rows: Array.from(kept, (row) => [row]),
      // Whitened over all that was sampled, before any filter, as PPO's advantages are.
      perToken: { logProb, advantage: whiten(returnsToGo(rewards, starts, gamma)) },
    };
  },

  losses: {
    policy: ({ tf }, { now, old }) => ({
      loss: tf.neg(tf.mean(tf.mul(now, old.advantage))),
      watch: { approxKl: tf.mean(k3(tf, tf.sub(now, old.logProb))) },
    }),
  },
});

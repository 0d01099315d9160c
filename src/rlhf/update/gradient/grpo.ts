/** Group relative policy optimisation: PPO's clipped step with the group in the critic's place. */
import { atTokens, groupStandardised } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { contrastOf, groupMetrics, needsGroups } from './groups.ts';
import { approxKl, clip, clipFraction, k3 } from './ratio.ts';

export const grpo = update({
  id: 'grpo',
  label: 'GRPO',
  short: 'relative to the group, no critic',
  what: 'Each token of a response becomes likelier when its reward is above the mean of its group, in units of the group’s spread, both taken before any filter; distance from the start is paid in the loss.',
  source: { arxiv: '2402.03300', where: 'second-hand, after the documentation of the library TRL' },
  formula:
    'mean over y of 1/|y| Σₜ −min(ρₜ A, clip(ρₜ, 1 − ε, 1 + ε) A) + β (eᵈ − d − 1), A = (r − mean)/sd, d = log π_ref/π',
  cost: 'no critic; forward and backward passes of the policy over what was kept',
  priced: false,
  compares: true,
  knobs: {
    clip,
    beta: {
      kind: 'number',
      label: 'KL cost in the loss (beta)',
      min: 0,
      max: 5,
      step: 0.01,
      initial: 0.2,
      what: 'The price of moving away from the starting policy; a part of the loss, not of the reward.',
      expect:
        'Less over-optimisation, slower change. At 0.04, which is common elsewhere, the policy fools this world’s reward model.',
    },
  },
  metrics: { ...groupMetrics, ...clipFraction, ...approxKl },
  conflicts: needsGroups('GRPO'),
  networks: () => ({}),

  examples(scored, kept) {
    const { logProb, refLogProb, starts, standardised, group } = scored;
    return {
      rows: Array.from(kept, (row) => [row]),
      perToken: { logProb, refLogProb, advantage: atTokens(groupStandardised(standardised, group), starts) },
      metrics: contrastOf(scored),
    };
  },

  losses: {
    policy({ tf, clippedSurrogate, completionSums, actionCounts }, { batch, now, old }, knobs) {
      const surrogate = clippedSurrogate(tf.sub(now, old.logProb), old.advantage, knobs.clip, knobs.clip);
      const distance = k3(tf, tf.sub(old.refLogProb, now));
      const perToken = tf.sub(tf.mul(distance, knobs.beta), surrogate.objective) as typeof now;
      const perRow = tf.div(completionSums(perToken, batch.host), actionCounts(batch.host));
      return {
        loss: tf.mean(perRow),
        watch: { clipFraction: surrogate.clipFraction, approxKl: surrogate.approxKl },
      };
    },
  },
});

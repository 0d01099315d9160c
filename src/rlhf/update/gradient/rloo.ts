/** REINFORCE whose baseline is the reward of the other responses; a whole response is one action. */
import { leaveOneOut, pricedScores } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { contrastOf, groupMetrics, needsGroups } from './groups.ts';
import { approxKl, clip, k3 } from './ratio.ts';

export const rloo = update({
  id: 'rloo',
  label: 'RLOO',
  short: 'leave one out, no critic',
  what: 'A response becomes likelier, as a whole, when its reward is above the mean of the others to its prompt, taken before any filter.',
  source: {
    arxiv: '2402.14740',
    where: 'leave-one-out baseline, second-hand; the clipped ratio of whole responses as in the library TRL',
  },
  formula: '−min(ρ A, clip(ρ, 1 − ε, 1 + ε) A), ρ = π(y)/π_old(y), A = r − mean of the others’ r',
  cost: 'no critic; forward and backward passes of the policy over what was kept',
  priced: true,
  compares: false,
  knobs: {
    clip: { ...clip, what: 'How far one update may move the probability ratio of a whole response from 1.' },
  },
  metrics: {
    ...groupMetrics,
    ...approxKl,
    clippedResponses: {
      group: 'update',
      label: 'Clipped responses',
      unit: '',
      digits: 4,
      what: 'Share of responses whose ratio, taken over the whole response, was clipped.',
      formula: 'mean [|ρ(y) − 1| > ε]',
    },
  },
  conflicts: needsGroups('RLOO'),
  networks: () => ({}),

  examples(scored, kept) {
    const { logProb, refLogProb, starts, standardised, beta, group } = scored;
    const score = pricedScores({ logProb, refLogProb, starts, score: standardised, beta });
    return {
      rows: Array.from(kept, (row) => [row]),
      perToken: { logProb },
      perRow: { advantage: leaveOneOut(score, group) },
      metrics: contrastOf(scored),
    };
  },

  losses: {
    policy({ tf, clippedSurrogate, completionSums }, { batch, now, old, row }, knobs) {
      const moved: typeof now = tf.sub(now, old.logProb);
      const { objective, clipFraction } = clippedSurrogate(
        completionSums(moved, batch.host),
        row.advantage,
        knobs.clip,
        knobs.clip,
      );
      return {
        loss: tf.neg(tf.mean(objective)),
        watch: { clippedResponses: clipFraction, approxKl: tf.mean(k3(tf, moved)) },
      };
    },
  },
});

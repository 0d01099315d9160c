/** The loss of DAPO: GRPO with every token counted alike, and more room upwards than downwards. */
import { atTokens, groupStandardised } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { contrastOf, groupMetrics, needsGroups } from './groups.ts';
import { approxKl, clip, clipFraction } from './ratio.ts';

export const dapo = update({
  id: 'dapo',
  label: 'DAPO',
  short: 'GRPO by tokens, clipped higher',
  what: 'Like GRPO, but every token counts alike, a ratio may rise further than it may fall, and moving costs nothing, so nothing holds the policy back from a reward that can be fooled.',
  source: {
    arxiv: '2503.14476',
    where:
      'the mean over tokens and the higher clip, second-hand after the documentation of the library TRL; without dynamic sampling and the price of overlong responses',
  },
  formula: 'mean over all tokens of −min(ρₜ A, clip(ρₜ, 1 − ε, 1 + ε_high) A), A = (r − mean)/sd',
  cost: 'no critic; forward and backward passes of the policy over what was kept',
  priced: false,
  compares: false,
  knobs: {
    clip: { ...clip, what: 'How far one update may lower a token’s probability ratio from 1.' },
    clipHigh: {
      ...clip,
      label: 'Higher clip',
      initial: 0.28,
      what: 'How far one update may raise a token’s probability ratio from 1.',
      expect: 'Unlikely tokens can gain more; the policy stays more varied.',
    },
  },
  metrics: { ...groupMetrics, ...clipFraction, ...approxKl },
  conflicts: needsGroups('DAPO'),
  networks: () => ({}),

  examples(scored, kept) {
    const { logProb, starts, standardised, group } = scored;
    return {
      rows: Array.from(kept, (row) => [row]),
      perToken: { logProb, advantage: atTokens(groupStandardised(standardised, group), starts) },
      metrics: contrastOf(scored),
    };
  },

  losses: {
    policy({ tf, clippedSurrogate }, { now, old }, { clip: low, clipHigh }) {
      const surrogate = clippedSurrogate(tf.sub(now, old.logProb), old.advantage, low, clipHigh);
      return {
        loss: tf.neg(tf.mean(surrogate.objective)),
        watch: { clipFraction: surrogate.clipFraction, approxKl: surrogate.approxKl },
      };
    },
  },
});

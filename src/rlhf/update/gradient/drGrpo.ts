/** GRPO done right, as its authors call it: without the two divisions that prefer some prompts and some lengths. */
import { atTokens, groupCentred } from '../../../core/advantage.ts';
import { update } from '../../slots.ts';
import { contrastOf, groupMetrics, needsGroups } from './groups.ts';
import { approxKl, clip, clipFraction } from './ratio.ts';

export const drGrpo = update({
  id: 'dr-grpo',
  label: 'Dr. GRPO',
  short: 'GRPO without its divisions',
  what: 'Like GRPO, but rewards are not divided by the spread of their group, nor losses by the length of their response; moving costs nothing, so nothing holds the policy back from a reward that can be fooled.',
  source: { arxiv: '2503.20783', where: 'second-hand, after the documentation of the library TRL' },
  formula: '1/(B·L) Σ over all tokens of −min(ρₜ A, clip(ρₜ, 1 − ε, 1 + ε) A), A = r − mean',
  cost: 'no critic; forward and backward passes of the policy over what was kept',
  priced: false,
  compares: false,
  knobs: {
    clip,
    divisor: {
      kind: 'integer',
      label: 'Divisor (L)',
      min: 1,
      max: 512,
      step: 1,
      initial: 64,
      what: 'The length by which every response’s sum is divided, whatever its own; about the longest that is possible.',
      expect: 'A smaller loss; the optimiser takes steps of much the same size.',
    },
  },
  metrics: { ...groupMetrics, ...clipFraction, ...approxKl },
  conflicts: needsGroups('Dr. GRPO'),
  networks: () => ({}),

  examples(scored, kept) {
    const { logProb, starts, standardised, group } = scored;
    return {
      rows: Array.from(kept, (row) => [row]),
      perToken: { logProb, advantage: atTokens(groupCentred(standardised, group), starts) },
      metrics: contrastOf(scored),
    };
  },

  losses: {
    policy({ tf, clippedSurrogate }, { batch, now, old }, knobs) {
      const surrogate = clippedSurrogate(tf.sub(now, old.logProb), old.advantage, knobs.clip, knobs.clip);
      const rows = batch.host.actionStarts.length - 1;
      return {
        loss: tf.div(tf.neg(tf.sum(surrogate.objective)), rows * knobs.divisor),
        watch: { clipFraction: surrogate.clipFraction, approxKl: surrogate.approxKl },
      };
    },
  },
});

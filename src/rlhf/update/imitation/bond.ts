/** Best-of-N distillation: the policy is drawn to what choosing the best of N reference responses would write. */
import { update } from '../../slots.ts';
import {
  anchoredExamples,
  anchoredGroups,
  besideOthers,
  logRatios,
  needsAnchors,
  weightedLikelihood,
} from './anchored.ts';

export const bond = update({
  id: 'bond',
  label: 'BOND',
  short: 'towards the best of N',
  what: 'The best of the reference’s responses is imitated, and the policy’s own become likelier the more of the reference’s they beat: the policy learns to write what best-of-N would choose.',
  source: {
    arxiv: '2407.14622',
    where:
      'equations 11, 13 and 15, second-hand; one is added to both counts of the quantile, so that its logarithm is finite',
  },
  formula: '−(1 − β) log π(y*) − β (N − 1) Â log π(y), Â of log p≤(y) − 1/(N − 1) log π/π_ref',
  cost: 'the reference writes a part of the responses; passes of the policy over what was kept; no critic',
  priced: false,
  compares: true,
  brings: { decode: 'beside' },
  knobs: {
    backward: {
      kind: 'number',
      label: 'Weight of the backward KL (beta)',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.5,
      what: 'Between imitating the best of N (0) and seeking what beats the reference (1).',
      expect: 'A policy that concentrates on its best responses.',
    },
  },
  metrics: {
    quantile: {
      group: 'update',
      label: 'Quantile among the reference',
      unit: '',
      digits: 3,
      what: 'Share of the reference’s responses to the same prompt that the policy’s response equals or beats.',
      formula: 'mean p≤(y)',
    },
  },
  conflicts: needsAnchors('BOND'),
  networks: () => ({}),
  examples(scored, kept, { backward }) {
    const groups = anchoredGroups(scored);
    const ratio = logRatios(scored);
    const worth = new Float32Array(ratio.length);
    let quantiles = 0;
    let count = 0;
    let bestOf = 2;
    for (const { own, anchors } of groups) {
      bestOf = Math.max(2, anchors.length);
      for (const row of own) {
        const beaten = anchors.filter((at) => scored.standardised[at] <= scored.standardised[row]).length;
        quantiles += beaten / anchors.length;
        count++;
        worth[row] = Math.log((beaten + 1) / (anchors.length + 1)) - ratio[row] / (bestOf - 1);
      }
    }
    return {
      ...anchoredExamples(scored, kept, groups, besideOthers(worth, groups), {
        forward: 1 - backward,
        backward: backward * (bestOf - 1),
      }),
      metrics: { quantile: quantiles / count },
    };
  },
  losses: { policy: weightedLikelihood },
});

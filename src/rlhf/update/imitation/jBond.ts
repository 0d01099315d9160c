/** J-BOND: best-of-two distillation from an anchor that follows the policy, again and again. */
import { update } from '../../slots.ts';
import {
  anchoredExamples,
  anchoredGroups,
  besideOthers,
  logRatios,
  needsAnchors,
  weightedLikelihood,
} from './anchored.ts';

export const jBond = update({
  id: 'j-bond',
  label: 'J-BOND',
  short: 'best of two, a moving anchor',
  what: 'The better of the anchor’s responses is imitated, and a response of the policy that is worse than all of them is pushed down; the anchor follows the policy.',
  source: { arxiv: '2407.14622', where: 'Algorithm 2, second-hand' },
  formula:
    '−(1 − β) log π(y′*) − (β + γ) Â log π(y), r = −log 16 [r(y) < min r(y′)], with log π/π_anchor as the price',
  cost: 'the anchor writes a part of the responses; passes of the policy over what was kept; no critic',
  priced: false,
  compares: true,
  brings: { decode: 'beside', reference: 'moving' },
  knobs: {
    backward: {
      kind: 'number',
      label: 'Weight of the backward KL (beta)',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 0.5,
      what: 'Between imitating the better anchor (0) and leaving what is worse than both (1).',
      expect: 'Bad responses are pushed away more.',
    },
    hold: {
      kind: 'number',
      label: 'Price of leaving the anchor (gamma)',
      min: 0,
      max: 10,
      step: 0.1,
      initial: 1,
      what: 'How strongly the policy is held at its anchor.',
      expect: 'Smaller steps away from the anchor.',
    },
  },
  metrics: {
    belowAnchors: {
      group: 'update',
      label: 'Worse than the anchors',
      unit: '',
      digits: 3,
      what: 'Share of the policy’s responses that are worse than every response of the anchor to the same prompt.',
      formula: 'mean [r(y) < min r(y′)]',
    },
  },
  conflicts: needsAnchors('J-BOND'),
  networks: () => ({}),
  examples(scored, kept, { backward, hold }) {
    const groups = anchoredGroups(scored);
    const ratio = logRatios(scored);
    const worth = new Float32Array(ratio.length);
    let below = 0;
    let count = 0;
    for (const { own, anchors } of groups) {
      const worst = scored.standardised[anchors.at(-1)!];
      for (const row of own) {
        const isBelow = scored.standardised[row] < worst;
        below += isBelow ? 1 : 0;
        count++;
        worth[row] = (isBelow ? -backward * Math.log(16) : 0) - (backward + hold) * ratio[row];
      }
    }
    return {
      ...anchoredExamples(scored, kept, groups, besideOthers(worth, groups), {
        forward: 1 - backward,
        backward: 1,
      }),
      metrics: { belowAnchors: below / count },
    };
  },
  losses: { policy: weightedLikelihood },
});

/**
 * The tree of Figure 4 of Q# (arXiv 2502.20548), in closed form. Left pays 0.1 surely. Right pays 1 at one leaf, which the
 * starting policy reaches with probability 0.05, and nothing at the other. The mean prefers left, 0.1 to 0.05; but whoever
 * may choose at the next step too should go right.
 */
import { divergence, type GuideRule, guideOffset, sigmoid } from './guidance.ts';

/** What left pays, and how likely the starting policy finds the leaf that pays 1 once it went right. */
export const treePays = { left: 0.1, right: 0.05 } as const;

export interface TreeChoice {
  /** Probability of going left. */
  left: number;
  /** Probability of the leaf that pays 1, once right. */
  leaf: number;
  /** Mean reward of the guided policy. */
  reward: number;
  /** KL to the starting policy of the first step, in nats. */
  firstKl: number;
  /** The same of the whole path. */
  kl: number;
}

/**
 * The guided policy.
 * @param startLeft probability, in (0, 1), that the starting policy goes left
 * @param inverse 1/η, 0 or more
 */
export function guideTree(rule: GuideRule, startLeft: number, inverse: number): TreeChoice {
  const logOdds = (p: number) => Math.log(p / (1 - p));
  const toLeft = treePays.left * inverse;
  const toRight = guideOffset(rule, logOdds(treePays.right), inverse);
  const left = sigmoid(logOdds(startLeft) + toLeft - toRight);
  // Behind right the reward is certain at either leaf: 1 or nothing. There both rules add 1/η or nothing.
  const leaf = sigmoid(logOdds(treePays.right) + inverse);
  const firstKl = divergence([left, 1 - left], [startLeft, 1 - startLeft]);
  const leafKl = divergence([leaf, 1 - leaf], [treePays.right, 1 - treePays.right]);
  return {
    left,
    leaf,
    reward: left * treePays.left + (1 - left) * leaf,
    firstKl,
    kl: firstKl + (1 - left) * leafKl,
  };
}

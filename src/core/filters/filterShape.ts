/** What a filter is, and what it looks at: data that links, exports and workers carry. */
import type { GroupChoice } from './groupChoice.ts';
import type { RankPreset } from './weights.ts';

/** A filter: from the rewards of a group to which responses are learned from (PF-PPO, section 4; Table 3; and others). */
export type Filter =
  /** Weights over ranks, rank 1 = highest reward; `keep` responses per group. */
  | { kind: 'rank'; weights: RankPreset | number[]; keep: number }
  /** Keep rewards > `above` or < `below`; anything else with probability `otherwise`. */
  | { kind: 'threshold'; above: number | null; below: number | null; otherwise: number }
  /** Draw from the whole buffer with weight |reward|^exponent. */
  | { kind: 'power'; exponent: number }
  /** Rewards of at least `passAt` with one weight, the others with another: positives or negatives only, or both. */
  | { kind: 'sign'; passAt: number; positives: number; negatives: number }
  | GroupChoice
  /** A function written in the page; executed in the sandbox, never here. */
  | { kind: 'custom'; source: string };

/** A `keep` that no group reaches: all of it. */
export const keepAll = 2 ** 30;

/** How a filter's weights become training rows. */
export type Sampler = 'keep' | 'draw' | 'resample' | 'verl';

/** Responses to choose from: B rows, one reward and one group number each. Groups may have any size and order. */
export interface FilterBatch {
  reward: Float32Array;
  group: Int32Array;
  /** [B] tokens of each response, for filters that look at length; null when unknown. */
  length?: ArrayLike<number> | null;
}

/** @throws RangeError for a number of rows that is none */
export function checkKeep<T extends { keep: number }>(filter: T): T {
  if (!Number.isInteger(filter.keep) || filter.keep < 1) {
    throw new RangeError(`A filter keeps a whole number of responses, at least 1, and not ${filter.keep}.`);
  }
  return filter;
}

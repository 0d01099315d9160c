/**
 * Policy filtration (PF-PPO, arXiv 2409.06957, section 4): from the rewards of a group to which of its responses
 * train the policy. A filter says how much each response counts; a sampler turns that into training rows.
 *
 * Everything random in `keep` comes from `counter32` of two seeds taken from the stream, so that the selection of a
 * row depends on nothing but its own group, and the exported Python filters can select the very same rows.
 */

import type { Rng } from '../random.ts';
import { checkKeep, type Filter, type FilterBatch, keepAll, type Sampler } from './filterShape.ts';
import {
  bufferWeights,
  bySize,
  groupSize,
  groupWeights,
  rowProbabilities,
  rowWeights,
  sharesOf,
} from './filterWeights.ts';
import { chosenRows, isGroupChoice } from './groupChoice.ts';
import { groupRows, type Ranking, rankGroups } from './ranking.ts';
import { drawBuffer, drawGroups, keepEach, keepGroups } from './samplers.ts';
import { inclusion, type RankPreset, rankWeights } from './weights.ts';

export {
  type Filter,
  type FilterBatch,
  inclusion,
  keepAll,
  type Ranking,
  type RankPreset,
  rankGroups,
  rankWeights,
  type Sampler,
};

/**
 * The rows of `batch` that form the training set; a row that is to be learned from twice stands there twice.
 *
 * - keep: rank filters choose `keep` rows per group without repeats, and so do the choices of `groupChoice.ts`; a
 *   threshold and a sign keep each row with its probability; power keeps each row with probability weight / largest weight (rejection sampling: distributed as
 *   draws from the buffer, without repeats). Rows ascend.
 * - draw: independent draws per group, `keep` of them for rank filters (no more than the group has rows), as many
 *   as the group has rows for the others: the text of the paper.
 * - resample: as many draws with replacement as the batch has rows, over the whole batch, each group counting the
 *   same under rank filters: the authors' code.
 * - verl: as resample, with weights from the extremes of the whole batch instead of each group's.
 *
 * Equal rewards are ranked at random. Deterministic given `rng`, which gives two seeds first and then any draws.
 * @throws RangeError for a reward that is not finite, columns of unequal length or impossible weights
 * @throws TypeError for a custom filter, whose weights the sandbox must provide: see `selectWeighted`
 */
export function select(filter: Filter, sampler: Sampler, batch: FilterBatch, rng: Rng): Int32Array {
  const ranking = rankGroups(batch.reward, batch.group, rng.uint32());
  return selectRanked(filter, sampler, ranking, batch, rng);
}

/** `select` on a batch that is ranked already: for edits that change the filter and not the rewards. */
export function selectRanked(
  filter: Filter,
  sampler: Sampler,
  ranking: Ranking,
  { reward, length = null }: Pick<FilterBatch, 'reward' | 'length'>,
  rng: Rng,
): Int32Array {
  const seed = rng.uint32();
  if (isGroupChoice(filter)) {
    checkKeep(filter);
    const chosen = chosenRows(filter, ranking, reward, length, seed);
    if (sampler === 'keep') return keepEach(chosen, seed);
    return selectByShare(filter.keep, chosen, sampler, ranking, rng);
  }
  if (sampler === 'resample' || sampler === 'verl') {
    return drawBuffer(bufferWeights(filter, sampler, ranking, reward), rng);
  }
  if (filter.kind === 'rank') {
    const { keep } = checkKeep(filter);
    const weights = (n: number) => rankWeights(filter.weights, n);
    if (sampler === 'keep') {
      const probabilities = bySize(ranking, (n) => inclusion(weights(n), keep));
      return keepGroups(ranking, probabilities, seed);
    }
    return drawGroups(ranking, bySize(ranking, weights), (g) => Math.min(keep, groupSize(ranking, g)), rng);
  }
  if (sampler === 'keep') return keepEach(rowProbabilities(filter, reward), seed);
  const weights = rowWeights(filter, reward);
  return drawGroups(
    ranking,
    (g) => groupWeights(ranking, weights, g),
    (g) => groupSize(ranking, g),
    rng,
  );
}

/** Draws among the chosen rows of each group, or over the whole batch with each group counting the same. */
function selectByShare(
  keep: number,
  chosen: Uint8Array,
  sampler: 'draw' | 'resample' | 'verl',
  ranking: Ranking,
  rng: Rng,
): Int32Array {
  const shares = sharesOf(chosen, ranking);
  if (sampler !== 'draw') return drawBuffer(shares, rng);
  return drawGroups(
    ranking,
    (g) => groupWeights(ranking, shares, g),
    (g) => Math.min(keep, groupSize(ranking, g)),
    rng,
  );
}

/**
 * `select` for weights that were computed elsewhere: a custom filter that ran in the sandbox.
 * @param weights [B] not negative, one per row
 * @param k rows to take from each group (keep, draw); null reads the weights as probabilities and keeps or drops
 *   each row on its own. Without meaning for resample and verl, which draw from the whole batch by weight.
 * @throws RangeError for a weight that is negative or not finite, or columns of unequal length
 */
export function selectWeighted(
  weights: ArrayLike<number>,
  sampler: Sampler,
  k: number | null,
  group: Int32Array,
  rng: Rng,
): Int32Array {
  if (weights.length !== group.length) {
    throw new RangeError(`The filter gave ${weights.length} weights for ${group.length} responses.`);
  }
  for (let row = 0; row < weights.length; row++) {
    if (!(weights[row] >= 0 && weights[row] < Infinity)) {
      throw new RangeError(
        `The filter gave response ${row} the weight ${weights[row]}; weights are finite and not negative.`,
      );
    }
  }
  rng.uint32();
  const seed = rng.uint32();
  const columns = Float64Array.from(weights);
  const ranking = groupRows(group);
  const ofGroup = (g: number) => groupWeights(ranking, columns, g);
  switch (sampler) {
    case 'keep':
      return k === null
        ? keepEach(columns, seed)
        : keepGroups(ranking, (g) => inclusion(ofGroup(g), checkKeep({ keep: k }).keep), seed);
    case 'draw':
      return drawGroups(ranking, ofGroup, (g) => Math.min(k ?? Infinity, groupSize(ranking, g)), rng);
    case 'resample':
    case 'verl':
      return drawBuffer(columns, rng);
    default:
      sampler satisfies never;
      throw new RangeError(`There is no sampler called ${sampler}.`);
  }
}

/**
 * Policy filtration (PF-PPO, arXiv 2409.06957, section 4): from the rewards of a group to which of its responses
 * train the policy. A filter says how much each response counts; a sampler turns that into training rows.
 *
 * Everything random in `keep` comes from `counter32` of two seeds taken from the stream, so that the selection of a
 * row depends on nothing but its own group, and the exported Python filters can select the very same rows.
 */
import type { Rng } from './random.ts';
import { groupRows, type Ranking, rankGroups } from './ranking.ts';
import { drawBuffer, drawGroups, keepEach, keepGroups } from './samplers.ts';
import {
  inclusion,
  powerWeights,
  type RankPreset,
  rankWeights,
  thresholdWeights,
  verlRankWeights,
} from './weights.ts';

export { inclusion, type Ranking, type RankPreset, rankGroups, rankWeights };

/** A filter: from the rewards of a group to which responses are learned from (PF-PPO, section 4; Table 3). */
export type Filter =
  /** Weights over ranks, rank 1 = highest reward; `keep` responses per group. */
  | { kind: 'rank'; weights: RankPreset | number[]; keep: number }
  /** Keep rewards > `above` or < `below`; anything else with probability `otherwise`. */
  | { kind: 'threshold'; above: number | null; below: number | null; otherwise: number }
  /** Draw from the whole buffer with weight |reward|^exponent. */
  | { kind: 'power'; exponent: number }
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
}

/**
 * The rows of `batch` that form the training set; a row that is to be learned from twice stands there twice.
 *
 * - keep: rank filters choose `keep` rows per group without repeats; a threshold keeps each row with its
 *   probability; power keeps each row with probability weight / largest weight (rejection sampling: distributed as
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
  return selectRanked(filter, sampler, ranking, batch.reward, rng);
}

/** `select` on a batch that is ranked already: for edits that change the filter and not the rewards. */
export function selectRanked(
  filter: Filter,
  sampler: Sampler,
  ranking: Ranking,
  reward: Float32Array,
  rng: Rng,
): Int32Array {
  const seed = rng.uint32();
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

/**
 * How often each row is expected in the training set: what `select` gives on average over its seeds, ties aside.
 * @returns [B]
 */
export function expectedUses(
  filter: Filter,
  sampler: Sampler,
  ranking: Ranking,
  reward: Float32Array,
): Float64Array {
  const uses = new Float64Array(reward.length);
  const { order, starts, first } = ranking;
  if (sampler === 'resample' || sampler === 'verl') {
    const weights = bufferWeights(filter, sampler, ranking, reward);
    const sum = weights.reduce((a, b) => a + b, 0);
    return sum > 0 ? weights.map((weight) => (weight / sum) * weights.length) : uses;
  }
  if (filter.kind === 'rank') {
    const { keep } = checkKeep(filter);
    const expected = bySize(ranking, (n) => {
      const weights = rankWeights(filter.weights, n);
      return sampler === 'keep' ? inclusion(weights, keep) : weights.map((w) => w * Math.min(keep, n));
    });
    for (let g = 0; g < first.length; g++) {
      const ofGroup = expected(g);
      for (let i = 0; i < ofGroup.length; i++) uses[order[starts[g] + i]] = ofGroup[i];
    }
    return uses;
  }
  if (sampler === 'keep') return rowProbabilities(filter, reward);
  const weights = rowWeights(filter, reward);
  for (let g = 0; g < first.length; g++) {
    const ofGroup = groupWeights(ranking, weights, g);
    const sum = ofGroup.reduce((a, b) => a + b, 0);
    for (let i = 0; sum > 0 && i < ofGroup.length; i++) {
      uses[order[starts[g] + i]] = (ofGroup[i] / sum) * ofGroup.length;
    }
  }
  return uses;
}

/** Weights of all rows for draws from the whole batch; each group counts the same under per-group rank weights. */
function bufferWeights(
  filter: Filter,
  sampler: 'resample' | 'verl',
  ranking: Ranking,
  reward: Float32Array,
): Float64Array {
  if (sampler === 'verl') return verlWeights(filter, ranking, reward);
  if (filter.kind !== 'rank') return rowWeights(filter, reward);
  const weights = new Float64Array(reward.length);
  const ofGroup = bySize(ranking, (n) => rankWeights(filter.weights, n));
  for (let g = 0; g < ranking.first.length; g++) {
    ofGroup(g).forEach((weight, i) => {
      weights[ranking.order[ranking.starts[g] + i]] = weight;
    });
  }
  return weights;
}

/** verl's weights, with the 1e-8 that verl adds so that no batch is without weight. A list spans the whole batch. */
function verlWeights(filter: Filter, ranking: Ranking, reward: Float32Array): Float64Array {
  let weights: Float64Array;
  if (filter.kind !== 'rank') {
    weights = rowWeights(filter, reward);
  } else if (typeof filter.weights === 'string') {
    weights = verlRankWeights(filter.weights, reward);
  } else {
    // Within the batch the ties keep the order that they have within the groups.
    const byRank = ranking.order.slice().sort((a, b) => reward[b] - reward[a]);
    const ofBatch = rankWeights(filter.weights, reward.length);
    weights = new Float64Array(reward.length);
    byRank.forEach((row, i) => {
      weights[row] = ofBatch[i];
    });
  }
  return weights.map((weight) => weight + 1e-8);
}

/** Weights of single rows for the filters that look at one reward at a time. */
function rowWeights(filter: Exclude<Filter, { kind: 'rank' }>, reward: Float32Array): Float64Array {
  switch (filter.kind) {
    case 'threshold':
      return thresholdWeights(reward, filter);
    case 'power':
      return powerWeights(reward, filter.exponent);
    case 'custom':
      throw new TypeError('A custom filter runs in the sandbox; select its rows with selectWeighted.');
    default:
      filter satisfies never;
      throw new TypeError('There is no such filter.');
  }
}

/** The same as probabilities of keeping each row: a power is measured against the largest of the batch. */
function rowProbabilities(filter: Exclude<Filter, { kind: 'rank' }>, reward: Float32Array): Float64Array {
  const weights = rowWeights(filter, reward);
  const largest = filter.kind === 'power' ? weights.reduce((a, b) => Math.max(a, b), 0) : 1;
  return largest > 0 ? weights.map((weight) => weight / largest) : weights;
}

function checkKeep<T extends { keep: number }>(filter: T): T {
  if (!Number.isInteger(filter.keep) || filter.keep < 1) {
    throw new RangeError(`A filter keeps a whole number of responses, at least 1, and not ${filter.keep}.`);
  }
  return filter;
}

function groupSize(ranking: Ranking, g: number): number {
  return ranking.starts[g + 1] - ranking.starts[g];
}

function groupWeights(ranking: Ranking, weights: Float64Array, g: number): Float64Array {
  return Float64Array.from(
    ranking.order.subarray(ranking.starts[g], ranking.starts[g + 1]),
    (row) => weights[row],
  );
}

/** What depends on the size of a group alone is computed once per size. */
function bySize(ranking: Ranking, compute: (n: number) => Float64Array): (g: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (g) => {
    const n = groupSize(ranking, g);
    let value = known.get(n);
    if (value === undefined) known.set(n, (value = compute(n)));
    return value;
  };
}

/** The weights of rows under a filter, for the samplers that draw by weight or keep each row on its own. */
import type { Filter } from './filterShape.ts';
import type { GroupChoice } from './groupChoice.ts';
import type { Ranking } from './ranking.ts';
import { powerWeights, rankWeights, signWeights, thresholdWeights, verlRankWeights } from './weights.ts';

/** [B] the chosen rows of a group share a weight of 1. */
export function sharesOf(chosen: Uint8Array, ranking: Ranking): Float64Array {
  const shares = new Float64Array(chosen.length);
  for (let g = 0; g < ranking.first.length; g++) {
    const rows = ranking.order.subarray(ranking.starts[g], ranking.starts[g + 1]);
    let count = 0;
    for (const row of rows) count += chosen[row];
    for (const row of rows) shares[row] = chosen[row] / Math.max(1, count);
  }
  return shares;
}

/** The filters that weigh rows, rather than choose a set of them. */
export type WeightFilter = Exclude<Filter, GroupChoice>;

/** Weights of all rows for draws from the whole batch; each group counts the same under per-group rank weights. */
export function bufferWeights(
  filter: WeightFilter,
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
function verlWeights(filter: WeightFilter, ranking: Ranking, reward: Float32Array): Float64Array {
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
export function rowWeights(
  filter: Exclude<WeightFilter, { kind: 'rank' }>,
  reward: Float32Array,
): Float64Array {
  switch (filter.kind) {
    case 'threshold':
      return thresholdWeights(reward, filter);
    case 'power':
      return powerWeights(reward, filter.exponent);
    case 'sign':
      return signWeights(reward, filter);
    case 'custom':
      throw new TypeError('A custom filter runs in the sandbox; select its rows with selectWeighted.');
    default:
      filter satisfies never;
      throw new TypeError('There is no such filter.');
  }
}

/** The same as probabilities of keeping each row: a power is measured against the largest of the batch. */
export function rowProbabilities(
  filter: Exclude<WeightFilter, { kind: 'rank' }>,
  reward: Float32Array,
): Float64Array {
  const weights = rowWeights(filter, reward);
  const largest = filter.kind === 'power' ? weights.reduce((a, b) => Math.max(a, b), 0) : 1;
  return largest > 0 ? weights.map((weight) => weight / largest) : weights;
}

export function groupSize(ranking: Ranking, g: number): number {
  return ranking.starts[g + 1] - ranking.starts[g];
}

export function groupWeights(ranking: Ranking, weights: Float64Array, g: number): Float64Array {
  return Float64Array.from(
    ranking.order.subarray(ranking.starts[g], ranking.starts[g + 1]),
    (row) => weights[row],
  );
}

/** What depends on the size of a group alone is computed once per size. */
export function bySize(ranking: Ranking, compute: (n: number) => Float64Array): (g: number) => Float64Array {
  const known = new Map<number, Float64Array>();
  return (g) => {
    const n = groupSize(ranking, g);
    let value = known.get(n);
    if (value === undefined) known.set(n, (value = compute(n)));
    return value;
  };
}

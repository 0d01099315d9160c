/** What a filter gives on average: what a drag shows at every frame, without the noise of its draws. */
import { checkKeep, type Filter, type FilterBatch, type Sampler } from './filterShape.ts';
import {
  bufferWeights,
  bySize,
  groupWeights,
  rowProbabilities,
  rowWeights,
  sharesOf,
} from './filterWeights.ts';
import { chosenRows, isGroupChoice } from './groupChoice.ts';
import type { Ranking } from './ranking.ts';
import { inclusion, rankWeights } from './weights.ts';

/**
 * How often each row is expected in the training set: what `select` gives on average over its seeds, ties aside.
 * @returns [B]
 */
export function expectedUses(
  filter: Filter,
  sampler: Sampler,
  ranking: Ranking,
  { reward, length = null }: Pick<FilterBatch, 'reward' | 'length'>,
): Float64Array {
  const uses = new Float64Array(reward.length);
  const { order, starts, first } = ranking;
  if (isGroupChoice(filter)) {
    const chosen = chosenRows(checkKeep(filter), ranking, reward, length, 0);
    // As many draws as rows are chosen: each is expected once.
    if (sampler === 'keep' || sampler === 'draw') return Float64Array.from(chosen);
    return sharesOf(chosen, ranking).map((share) => (share * uses.length) / first.length);
  }
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

/** What a filter would do to a set of responses. Computed on every frame of a drag, over all rows. Pure. */
import { expectedUses } from '../../../core/filters/expectedUses.ts';
import { type Filter, inclusion, type Ranking, type Sampler } from '../../../core/filters/filter.ts';
import type { Through } from './dragSample.ts';

/** On average over the random choices of the filter. */
export interface Effect {
  rows: number;
  /** Expected rows of the training set, repeats counted. */
  kept: number;
  /** Expected rows that are not in it. */
  dropped: number;
  /** Expected share of passing responses among the training rows; null without a true score. */
  passKept: number | null;
  passAll: number | null;
  meanRewardKept: number;
  /** Share of update tokens saved against learning from everything; of rows where lengths are unknown. */
  saved: number;
  /** [B] expected uses of each row. */
  uses: Float64Array;
}

export interface EffectInput {
  reward: Float32Array;
  /** [B] what the filter looks at. */
  looked: Float32Array;
  /** What a prompt filter leaves; null where it leaves everything. */
  through: Through | null;
  score: Float32Array | null;
  ranking: Ranking;
  /** [B] tokens of each response, when known. */
  lengths: ArrayLike<number> | null;
}

/** Expected uses under the weights of a custom function, as `selectWeighted` draws them. */
function customUses(
  ranking: Ranking,
  weights: ArrayLike<number>,
  sampler: Sampler,
  keep: number,
): Float64Array {
  const uses = new Float64Array(weights.length);
  if (sampler === 'resample' || sampler === 'verl') {
    let sum = 0;
    for (let row = 0; row < uses.length; row++) sum += weights[row];
    return sum > 0 ? uses.map((_, row) => (weights[row] / sum) * uses.length) : uses;
  }
  const { order, starts, first } = ranking;
  for (let g = 0; g < first.length; g++) {
    const rows = order.subarray(starts[g], starts[g + 1]);
    const ofGroup = Float64Array.from(rows, (row) => weights[row]);
    const sum = ofGroup.reduce((a, b) => a + b, 0);
    const expected =
      sampler === 'keep'
        ? inclusion(ofGroup, keep)
        : ofGroup.map((weight) => (sum > 0 ? (weight / sum) * Math.min(keep, rows.length) : 0));
    rows.forEach((row, i) => {
      uses[row] = expected[i];
    });
  }
  return uses;
}

interface CustomWeights {
  weights: ArrayLike<number> | null;
  keep: number;
}

function usesOf(
  { looked, ranking, lengths }: Pick<EffectInput, 'looked' | 'ranking' | 'lengths'>,
  filter: Filter,
  sampler: Sampler,
  { weights, keep }: CustomWeights,
): Float64Array {
  return filter.kind === 'custom'
    ? customUses(ranking, weights ?? new Float64Array(looked.length), sampler, keep)
    : expectedUses(filter, sampler, ranking, { reward: looked, length: lengths });
}

/** Uses of the rows of the prompts that are left; 0 for all others. */
function usesThrough(
  { reward, lengths }: EffectInput,
  { rows, looked, ranking }: Through,
  filter: Filter,
  sampler: Sampler,
  { weights, keep }: CustomWeights,
): Float64Array {
  const at = (column: ArrayLike<number> | null) => column && Float64Array.from(rows, (row) => column[row]);
  const left = { looked, ranking, lengths: at(lengths) };
  const own = usesOf(left, filter, sampler, { weights: at(weights), keep });
  const uses = new Float64Array(reward.length);
  for (let i = 0; i < rows.length; i++) uses[rows[i]] = own[i];
  return uses;
}

/** One pass over the rows. `custom` is what a custom function gave. */
export function effectOf(
  input: EffectInput,
  filter: Filter,
  sampler: Sampler,
  custom: CustomWeights = { weights: null, keep: 1 },
): Effect {
  const { reward, score, lengths, through } = input;
  const uses =
    through === null
      ? usesOf(input, filter, sampler, custom)
      : usesThrough(input, through, filter, sampler, custom);
  let kept = 0;
  let dropped = 0;
  let rewardSum = 0;
  let known = 0;
  let passing = 0;
  let knownKept = 0;
  let passingKept = 0;
  let tokens = 0;
  let tokensKept = 0;
  for (let row = 0; row < uses.length; row++) {
    const use = uses[row];
    const length = lengths ? lengths[row] : 1;
    kept += use;
    if (use < 1) dropped += 1 - use;
    rewardSum += use * reward[row];
    tokens += length;
    tokensKept += use * length;
    if (score === null || Number.isNaN(score[row])) continue;
    known++;
    knownKept += use;
    if (score[row] === 1) {
      passing++;
      passingKept += use;
    }
  }
  return {
    rows: reward.length,
    kept,
    dropped,
    passKept: knownKept > 0 ? passingKept / knownKept : null,
    passAll: known > 0 ? passing / known : null,
    meanRewardKept: kept > 0 ? rewardSum / kept : Number.NaN,
    saved: tokens > 0 ? 1 - tokensKept / tokens : 0,
    uses,
  };
}

/** Mean expected uses of each rank over all groups that have it. */
export function expectedByRank(effect: Effect, ranking: Ranking, ranks: number): number[] {
  const sum = new Float64Array(ranks);
  const count = new Float64Array(ranks);
  for (let g = 0; g < ranking.first.length; g++) {
    const from = ranking.starts[g];
    const size = Math.min(ranks, ranking.starts[g + 1] - from);
    for (let i = 0; i < size; i++) {
      sum[i] += effect.uses[ranking.order[from + i]];
      count[i]++;
    }
  }
  return Array.from(sum, (total, i) => (count[i] > 0 ? total / count[i] : 0));
}

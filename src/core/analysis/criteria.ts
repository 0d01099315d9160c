/**
 * What other filters optimise in place of R², for the same kept rows: how much rewards vary within a prompt (PODS,
 * RAGEN-2), the bound 4N·p(1−p) on the signal of a prompt (SPEED-RL), the share of phantom groups, and how often an
 * advantage points where the truth does. Each is a mean over groups or rows, so an interval resamples sums over prompts.
 */

import { groupRows, type Ranking } from '../filters/ranking.ts';
import { type Interval, percentileInterval, type Resampling, replicate, resampling } from './bootstrap.ts';

/** Whether advantages are compared with all of a group or with what is kept of it. */
export type Normalise = 'before' | 'after';

export const criterionNames = ['variance', 'signal', 'phantom', 'sign'] as const;
export type CriterionName = (typeof criterionNames)[number];

/** NaN where undefined; those that need the truth are NaN without it. */
export type Criteria = Readonly<Record<CriterionName, Interval>>;

export interface Measured {
  criteria: Criteria;
  /** Replicates of each, on the same resamples for every filter: to compare filters in pairs. */
  replicates: Readonly<Record<CriterionName, Float64Array>>;
}

export interface CriteriaColumns {
  reward: Float32Array;
  score: Float32Array | null;
  group: Int32Array;
  prompt: Int32Array;
}

/** What all filters share. */
export interface GroupsForCriteria {
  columns: CriteriaColumns;
  groups: Ranking;
  /** [G] unit of the resampling to which a group belongs. */
  unit: Int32Array;
  sampling: Resampling;
  /** [G] 1 where the truth of the group is all equal and its reward is not; 0 where not; 2 where it cannot be known. */
  phantom: Uint8Array;
}

/** @param seed draws the same prompts as every other statistic of the seed, where the truth of all rows is known */
export function prepareCriteria(
  columns: CriteriaColumns,
  replicates: number,
  seed: number,
): GroupsForCriteria {
  const groups = groupRows(columns.group);
  const clusterOf = new Map<number, number>();
  const cluster = Int32Array.from(groups.first, (row) => {
    const prompt = columns.prompt[row];
    const known = clusterOf.get(prompt) ?? clusterOf.size;
    clusterOf.set(prompt, known);
    return known;
  });
  const sampling = resampling(clusterOf.size, replicates, seed);
  return {
    columns,
    groups,
    unit: cluster.map((c) => sampling.unitOf[c]),
    sampling,
    phantom: phantomGroups(groups, columns.reward, columns.score),
  };
}

/** [G] see `GroupsForCriteria.phantom`. */
function phantomGroups(groups: Ranking, value: Float32Array, score: Float32Array | null): Uint8Array {
  return Uint8Array.from(groups.first, (_, g) => {
    const truth = contrast(groups, g, score);
    if (truth === null) return 2;
    return !truth && contrast(groups, g, value) ? 1 : 0;
  });
}

/** Whether the known values of a group differ; null with fewer than two of them. */
export function contrast({ order, starts }: Ranking, g: number, value: Float32Array | null): boolean | null {
  if (value === null) return null;
  let first = Number.NaN;
  let known = 0;
  for (let at = starts[g]; at < starts[g + 1]; at++) {
    const here = value[order[at]];
    if (Number.isNaN(here)) continue;
    if (known++ === 0) first = here;
    else if (here !== first) return true;
  }
  return known < 2 ? null : false;
}

const width = 8;

/** @param uses [B] how often each row stands in the training set */
export function measureCriteria(
  { columns, groups, unit, sampling, phantom }: GroupsForCriteria,
  uses: Float64Array,
  normalise: Normalise,
): Measured {
  const table = new Float64Array(Math.max(1, sampling.units) * width);
  const totals = new Float64Array(width);
  const sums = new Float64Array(width);
  for (let g = 0; g < groups.first.length; g++) {
    if (!sumsOf(columns, groups, g, uses, normalise, phantom[g], sums)) continue;
    const from = (sampling.units > 0 ? unit[g] : 0) * width;
    for (let i = 0; i < width; i++) {
      table[from + i] += sums[i];
      totals[i] += sums[i];
    }
  }
  const values = ratios(totals);
  const drawn = replicate(sampling, table, width, ratios);
  const named = <T>(of: (i: number) => T) =>
    Object.fromEntries(criterionNames.map((name, i) => [name, of(i)])) as Record<CriterionName, T>;
  return {
    criteria: named((i) => percentileInterval(values[i], drawn[i])),
    replicates: named((i) => drawn[i] ?? new Float64Array(0)),
  };
}

/** In the order of `criterionNames`. */
const ratios = (s: Float64Array): number[] => [s[0] / s[1], s[2] / s[3], s[4] / s[5], s[6] / s[7]];

/** Sums over one group into `into`; false when nothing of it is kept. */
function sumsOf(
  { reward, score }: CriteriaColumns,
  { order, starts }: Ranking,
  g: number,
  uses: Float64Array,
  normalise: Normalise,
  phantom: number,
  into: Float64Array,
): boolean {
  let n = 0;
  let sum = 0;
  let all = 0;
  let known = 0;
  let passes = 0;
  let truthKept = 0;
  let truthAll = 0;
  let knownAll = 0;
  for (let at = starts[g]; at < starts[g + 1]; at++) {
    const row = order[at];
    const w = uses[row];
    n += w;
    sum += w * reward[row];
    all += reward[row];
    if (score === null || Number.isNaN(score[row])) continue;
    known += w;
    if (score[row] === 1) passes += w;
    truthKept += w * score[row];
    truthAll += score[row];
    knownAll++;
  }
  if (n === 0) return false;
  const mean = sum / n;
  const centre = normalise === 'after' ? mean : all / (starts[g + 1] - starts[g]);
  const truth = normalise === 'after' ? truthKept / known : truthAll / knownAll;
  let squares = 0;
  let agree = 0;
  let pushed = 0;
  for (let at = starts[g]; at < starts[g + 1]; at++) {
    const row = order[at];
    const w = uses[row];
    if (w === 0) continue;
    squares += w * (reward[row] - mean) ** 2;
    if (score === null || Number.isNaN(score[row])) continue;
    const advantage = signOf(reward[row], centre);
    if (advantage === 0) continue;
    pushed += w;
    if (advantage === signOf(score[row], truth)) agree += w;
  }
  const p = passes / known;
  into[0] = squares / n;
  into[1] = 1;
  into[2] = known > 0 ? 4 * known * p * (1 - p) : 0;
  into[3] = known > 0 ? 1 : 0;
  into[4] = phantom === 1 ? 1 : 0;
  into[5] = phantom === 2 ? 0 : 1;
  into[6] = agree;
  into[7] = pushed;
  return true;
}

/** On which side of the centre a value lies; rounding of the mean of equal values is no side. */
function signOf(value: number, centre: number): -1 | 0 | 1 {
  const away = value - centre;
  if (Math.abs(away) <= 1e-12 * Math.max(Math.abs(value), Math.abs(centre))) return 0;
  return away > 0 ? 1 : -1;
}

/** [B] (value − mean) / (deviation + 1e-4) in each group, over all of it or over what is kept; 0 where nothing is kept. */
export function advantagesOf(
  reward: Float32Array,
  { order, starts, first }: Ranking,
  uses: Float64Array,
  normalise: Normalise,
): Float32Array {
  const result = new Float32Array(reward.length);
  for (let g = 0; g < first.length; g++) {
    const weight = (row: number) => (normalise === 'after' ? uses[row] : 1);
    let n = 0;
    let sum = 0;
    for (let at = starts[g]; at < starts[g + 1]; at++) {
      n += weight(order[at]);
      sum += weight(order[at]) * reward[order[at]];
    }
    if (n === 0) continue;
    const centre = sum / n;
    let squares = 0;
    for (let at = starts[g]; at < starts[g + 1]; at++) {
      squares += weight(order[at]) * (reward[order[at]] - centre) ** 2;
    }
    const unit = n > 1 ? Math.sqrt(squares / (n - 1)) + 1e-4 : 1;
    for (let at = starts[g]; at < starts[g + 1]; at++) {
      const row = order[at];
      const counts = normalise === 'before' || uses[row] > 0;
      result[row] = counts && signOf(reward[row], centre) !== 0 ? (reward[row] - centre) / unit : 0;
    }
  }
  return result;
}

/** One filter's statistics over the rows that it selected, with intervals: a row of the table that decides. */
import { kendallAlong, type Line, linearFit, lineOfMoments } from '../stats.ts';
import { type Bin, binEdges, binMeans, fitBins, type Grouping } from './bins.ts';
import { type Interval, percentileInterval, type Resampling, r2Interval, replicate } from './bootstrap.ts';

/**
 * Responses whose truth is known, prepared once for all filters: n of them, by ascending reward and, where that is
 * equal, by ascending score.
 */
export interface Known {
  reward: Float64Array;
  score: Float64Array;
  /** [n] indices that put the scores in ascending order. */
  byScore: Int32Array;
  /** [n] which unit of the resampling a response belongs to. */
  unit: Int32Array;
  resampling: Resampling;
}

export interface Measure {
  meanScore: Interval;
  passRate: Interval;
  r2: { perResponse: Interval; grouped: Interval & { bins: Bin[] } };
  spearman: number;
  kendall: number;
  /** Replicates of the correlation per response, with sign: to compare filters in pairs. */
  correlations: Float64Array | undefined;
  /** The same of the correlation of group means, and of the pass rate. */
  groupedCorrelations: Float64Array | undefined;
  passes: Float64Array | undefined;
}

/** Measures the rows that count: row i stands `uses[i]` times in the training set. */
export function measure(known: Known, uses: Float64Array, grouping: Grouping): Measure {
  const { reward, score } = known;
  const line = linearFit(reward, score, uses);
  const edges = binEdges(reward, null, grouping, uses);
  const bins = binMeans(reward, score, edges, uses);
  const grouped = fitBins(bins, grouping.weighted);
  const means = meansOf(known, uses);
  const sums = unitSums(known, uses, edges, means);
  const [correlations, groupedCorrelations, scores, passes] = replicate(
    known.resampling,
    sums.table,
    sums.width,
    (totals) => statisticsOf(totals, edges.length + 1, grouping.weighted),
  );
  return {
    meanScore: percentileInterval(
      means.score,
      scores?.map((deviation) => deviation + means.score),
    ),
    passRate: percentileInterval(means.pass, passes),
    r2: {
      perResponse: r2Interval(line.correlation, correlations),
      grouped: { ...r2Interval(grouped.correlation, groupedCorrelations), bins },
    },
    ...rankCorrelations(known, uses),
    correlations,
    groupedCorrelations,
    passes,
  };
}

/**
 * What a resample needs, summed over the rows of each unit: per bin n, Σx, Σy; then Σx², Σxy, Σy², passes. x and y
 * are deviations from the overall means, so that large rewards lose no digits.
 */
function unitSums(known: Known, uses: Float64Array, edges: Float64Array, means: Means) {
  const { reward, score, unit, resampling } = known;
  const bins = edges.length + 1;
  const width = 3 * bins + 4;
  const table = new Float64Array(resampling.units * width);
  let bin = 0;
  for (let row = 0; row < uses.length; row++) {
    const w = uses[row];
    if (w === 0) continue;
    while (reward[row] >= edges[bin]) bin++;
    const x = reward[row] - means.reward;
    const y = score[row] - means.score;
    const from = unit[row] * width;
    table[from + 3 * bin] += w;
    table[from + 3 * bin + 1] += w * x;
    table[from + 3 * bin + 2] += w * y;
    const rest = from + 3 * bins;
    table[rest] += w * x * x;
    table[rest + 1] += w * x * y;
    table[rest + 2] += w * y * y;
    if (score[row] === 1) table[rest + 3] += w;
  }
  return { table, width };
}

interface Means {
  reward: number;
  score: number;
  pass: number;
}

function meansOf({ reward, score }: Known, weight: Float64Array): Means {
  let n = 0;
  let sumReward = 0;
  let sumScore = 0;
  let passes = 0;
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i];
    n += w;
    sumReward += w * reward[i];
    sumScore += w * score[i];
    if (score[i] === 1) passes += w;
  }
  return { reward: sumReward / n, score: sumScore / n, pass: passes / n };
}

/** Correlation per response, correlation of bin means, mean score (less its centre), pass rate of one replicate. */
function statisticsOf(totals: Float64Array, bins: number, weighted: boolean): number[] {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  const x: number[] = [];
  const y: number[] = [];
  const count: number[] = [];
  for (let b = 0; b < bins; b++) {
    const here = totals[3 * b];
    if (here === 0) continue;
    n += here;
    sumX += totals[3 * b + 1];
    sumY += totals[3 * b + 2];
    x.push(totals[3 * b + 1] / here);
    y.push(totals[3 * b + 2] / here);
    count.push(here);
  }
  const meanX = sumX / n;
  const meanY = sumY / n;
  const rest = 3 * bins;
  const centred = (sum: number, a: number, b: number) => sum - n * a * b;
  const line: Line = lineOfMoments({
    meanX,
    meanY,
    xx: centred(totals[rest], meanX, meanX),
    xy: centred(totals[rest + 1], meanX, meanY),
    yy: centred(totals[rest + 2], meanY, meanY),
  });
  const grouped = linearFit(x, y, weighted ? count : undefined);
  return [line.correlation, grouped.correlation, meanY, totals[rest + 3] / n];
}

/** Spearman's and Kendall's correlation of the counted rows, from the orders that are known already. */
function rankCorrelations(known: Known, uses: Float64Array): { spearman: number; kendall: number } {
  const { reward, score } = known;
  const rankX = ranksAlong(null, reward, uses);
  const rankY = ranksAlong(known.byScore, score, uses);
  let total = 0;
  for (let row = 0; row < uses.length; row++) total += uses[row];
  const repeated = new Int32Array(total);
  for (let row = 0, at = 0; row < uses.length; row++) {
    for (let i = 0; i < uses[row]; i++) repeated[at++] = row;
  }
  return {
    spearman: linearFit(rankX, rankY, uses).correlation,
    kendall: kendallAlong(repeated, reward, score),
  };
}

/** Mean ranks among the counted rows; rows that do not count get none. */
function ranksAlong(order: Int32Array | null, value: Float64Array, uses: Float64Array): Float64Array {
  const ranks = new Float64Array(value.length);
  const rowAt = (i: number) => (order === null ? i : order[i]);
  let before = 0;
  for (let from = 0; from < value.length; ) {
    const tied = value[rowAt(from)];
    let to = from;
    let here = 0;
    while (to < value.length && value[rowAt(to)] === tied) here += uses[rowAt(to++)];
    for (let i = from; i < to; i++) ranks[rowAt(i)] = before + (here + 1) / 2;
    before += here;
    from = to;
  }
  return ranks;
}

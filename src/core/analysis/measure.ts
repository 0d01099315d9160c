/** One filter's statistics over the rows that it selected, with intervals: a row of the table that decides. */
import { kendallAscending, type Line, linearFit, lineOfMoments } from '../statistics/stats.ts';
import { type Bin, binMeans, fitBins } from './bins.ts';
import { type Interval, percentileInterval, r2Interval, replicate } from './bootstrap.ts';
import type { Counted } from './known.ts';

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

/** Measures the rows of a training set. @param edges between groups of similar reward: `binEdges` of the rows */
export function measure(counted: Counted, edges: Float64Array, weighted: boolean): Measure {
  const { reward, score, weight, resampling } = counted;
  const line = linearFit(reward, score, weight);
  const bins = binMeans(reward, score, edges, weight);
  const grouped = fitBins(bins, weighted);
  const means = meansOf(counted);
  const sums = unitSums(counted, edges, means);
  const [correlations, groupedCorrelations, scores, passes] = replicate(
    resampling,
    sums.table,
    sums.width,
    (totals) => statisticsOf(totals, edges.length + 1, weighted),
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
    ...rankCorrelations(counted),
    correlations,
    groupedCorrelations,
    passes,
  };
}

/**
 * What a resample needs, summed over the rows of each unit: per bin n, Σx, Σy; then Σx², Σxy, Σy², passes. x and y
 * are deviations from the overall means, so that large rewards lose no digits.
 */
function unitSums(counted: Counted, edges: Float64Array, means: Means) {
  const { reward, score, unit, weight, resampling } = counted;
  const bins = edges.length + 1;
  const width = 3 * bins + 4;
  const table = new Float64Array(resampling.units * width);
  let bin = 0;
  for (let row = 0; row < weight.length; row++) {
    const w = weight[row];
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

function meansOf({ reward, score, weight }: Counted): Means {
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
function rankCorrelations({ reward, level, levels, weight }: Counted): {
  spearman: number;
  kendall: number;
} {
  return {
    spearman: linearFit(ranksAscending(reward, weight), ranksOfLevels(level, levels, weight), weight)
      .correlation,
    kendall: kendallAscending(reward, level, levels, weight),
  };
}

/** Mean ranks of numbers that ascend. */
function ranksAscending(value: Float64Array, weight: Float64Array): Float64Array {
  const ranks = new Float64Array(value.length);
  let before = 0;
  for (let from = 0; from < value.length; ) {
    let to = from;
    let here = 0;
    while (to < value.length && value[to] === value[from]) here += weight[to++];
    ranks.fill(before + (here + 1) / 2, from, to);
    before += here;
    from = to;
  }
  return ranks;
}

/** Mean ranks of numbers that are given as levels. */
function ranksOfLevels(level: Int32Array, levels: number, weight: Float64Array): Float64Array {
  const rank = new Float64Array(levels);
  for (let row = 0; row < level.length; row++) rank[level[row]] += weight[row];
  let before = 0;
  for (let at = 0; at < levels; at++) {
    const here = rank[at];
    rank[at] = before + (here + 1) / 2;
    before += here;
  }
  const ranks = new Float64Array(level.length);
  for (let row = 0; row < level.length; row++) ranks[row] = rank[level[row]];
  return ranks;
}

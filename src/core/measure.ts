/** One filter's statistics over the rows that it selected, with intervals: a row of the table that decides. */
import { type Bin, binEdges, binMeans, binOf, fitBins, type Grouping } from './bins.ts';
import { type Interval, percentileInterval, type Resampling, r2Interval, replicate } from './bootstrap.ts';
import { kendallAlong, type Line, linearFit, lineOfMoments } from './stats.ts';

/** Responses whose truth is known, prepared once for all filters. n rows. */
export interface Known {
  /** [n] rewards and true scores. */
  reward: Float64Array;
  score: Float64Array;
  /** [n] row numbers by ascending reward, equal rewards by ascending score. */
  byReward: Int32Array;
  /** [n] row numbers by ascending score. */
  byScore: Int32Array;
  /** [n] which unit of the resampling a row belongs to. */
  unit: Int32Array;
  resampling: Resampling;
}

export interface Measure {
  meanReward: number;
  meanScore: Interval;
  passRate: Interval;
  r2: { perResponse: Interval; grouped: Interval & { bins: Bin[] } };
  spearman: number;
  kendall: number;
  /** Replicates of the correlation per response, with sign: to compare filters in pairs. */
  correlations: Float64Array | undefined;
}

/** Measures the rows that count: row i stands `uses[i]` times in the training set. */
export function measure(known: Known, uses: Float64Array, grouping: Grouping): Measure {
  const { reward, score } = known;
  const line = linearFit(reward, score, uses);
  const edges = binEdges(reward, known.byReward, grouping, uses);
  const bins = binMeans(reward, score, edges, uses);
  const grouped = fitBins(bins, grouping.weighted);
  const sums = unitSums(known, uses, edges);
  const [correlations, groupedCorrelations, scores, passes] = replicate(
    known.resampling,
    sums.table,
    sums.width,
    (totals) => statisticsOf(totals, edges.length + 1, grouping.weighted),
  );
  const average = (of: (row: number) => number) => {
    let sum = 0;
    let n = 0;
    for (let row = 0; row < uses.length; row++) {
      sum += uses[row] * of(row);
      n += uses[row];
    }
    return sum / n;
  };
  return {
    meanReward: average((row) => reward[row]),
    meanScore: percentileInterval(
      average((row) => score[row]),
      scores?.map((deviation) => deviation + sums.centreY),
    ),
    passRate: percentileInterval(
      average((row) => (score[row] === 1 ? 1 : 0)),
      passes,
    ),
    r2: {
      perResponse: r2Interval(line.correlation, correlations),
      grouped: { ...r2Interval(grouped.correlation, groupedCorrelations), bins },
    },
    ...rankCorrelations(known, uses),
    correlations,
  };
}

/**
 * What a resample needs, summed over the rows of each unit: per bin n, Σx, Σy; then Σx², Σxy, Σy², passes. x and y
 * are deviations from the overall means, so that large rewards lose no digits.
 */
function unitSums(known: Known, uses: Float64Array, edges: Float64Array) {
  const { reward, score, unit, resampling } = known;
  const bins = edges.length + 1;
  const width = 3 * bins + 4;
  const table = new Float64Array(resampling.units * width);
  const { meanX: centreX, meanY: centreY } = centres(reward, score, uses);
  for (let row = 0; row < uses.length; row++) {
    const w = uses[row];
    if (w === 0) continue;
    const x = reward[row] - centreX;
    const y = score[row] - centreY;
    const from = unit[row] * width;
    const bin = from + 3 * binOf(edges, reward[row]);
    table[bin] += w;
    table[bin + 1] += w * x;
    table[bin + 2] += w * y;
    const rest = from + 3 * bins;
    table[rest] += w * x * x;
    table[rest + 1] += w * x * y;
    table[rest + 2] += w * y * y;
    if (score[row] === 1) table[rest + 3] += w;
  }
  return { table, width, centreY };
}

function centres(x: Float64Array, y: Float64Array, weight: Float64Array) {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < weight.length; i++) {
    n += weight[i];
    sumX += weight[i] * x[i];
    sumY += weight[i] * y[i];
  }
  return n > 0 ? { meanX: sumX / n, meanY: sumY / n } : { meanX: 0, meanY: 0 };
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
  const rankX = ranksAlong(known.byReward, known.reward, uses);
  const rankY = ranksAlong(known.byScore, known.score, uses);
  const repeated: number[] = [];
  for (const row of known.byReward) for (let i = 0; i < uses[row]; i++) repeated.push(row);
  const spearman = linearFit(rankX, rankY, uses).correlation;
  const kendall = kendallAlong(Int32Array.from(repeated), known.reward, known.score);
  return { spearman, kendall };
}

/** Mean ranks among the counted rows; rows that do not count get none. */
function ranksAlong(order: Int32Array, value: Float64Array, uses: Float64Array): Float64Array {
  const ranks = new Float64Array(value.length);
  let before = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    let here = 0;
    while (to < order.length && value[order[to]] === value[order[from]]) here += uses[order[to++]];
    for (let i = from; i < to; i++) ranks[order[i]] = before + (here + 1) / 2;
    before += here;
    from = to;
  }
  return ranks;
}

/**
 * Grouping responses of similar reward. The paper fits its R² to the means of such groups and never says how it
 * groups; the answer turns on it, so every setting here is visible and every result says which bins it used.
 */
import { type Column, type Line, linearFit, orderOf } from '../statistics/stats.ts';

export interface Grouping {
  /** How many groups to aim for. Equal rewards are never split, so there may be fewer. */
  groups: number;
  mode: 'equal-count' | 'equal-width';
  /** Whether a group counts by its size in the fit, or every group the same. */
  weighted: boolean;
}

export const defaultGrouping: Grouping = { groups: 20, mode: 'equal-count', weighted: true };

/** One group of responses: low ≤ reward < high (the last one includes its high end). */
export interface Bin {
  low: number;
  high: number;
  count: number;
  meanX: number;
  meanY: number;
}

/**
 * Inner edges between groups: a value belongs to the group after the last edge that is not above it.
 * @param order indices that put `x` in ascending order; null when it ascends already
 * @param weight how often each value counts; by default once
 */
export function binEdges(
  x: Column,
  order: Int32Array | null,
  { groups, mode }: Pick<Grouping, 'groups' | 'mode'>,
  weight?: Column,
): Float64Array {
  if (!Number.isInteger(groups) || groups < 1) {
    throw new RangeError(`The number of groups is a positive integer and not ${groups}.`);
  }
  let total = 0;
  let low = Number.NaN;
  let high = Number.NaN;
  for (let i = 0; i < x.length; i++) {
    const at = order === null ? i : order[i];
    const here = weight === undefined ? 1 : weight[at];
    if (here === 0) continue;
    if (total === 0) low = x[at];
    high = x[at];
    total += here;
  }
  const edges: number[] = [];
  const add = (edge: number) => {
    if (edge > (edges.at(-1) ?? low) && edge <= high) edges.push(edge);
  };
  if (mode === 'equal-width') {
    for (let b = 1; b < groups; b++) add(low + ((high - low) * b) / groups);
    return Float64Array.from(edges);
  }
  let before = 0;
  for (let i = 0, b = 1; i < x.length && b < groups; i++) {
    const at = order === null ? i : order[i];
    before += weight === undefined ? 1 : weight[at];
    while (b < groups && Math.floor((b * total) / groups) < before) {
      add(x[at]);
      b++;
    }
  }
  return Float64Array.from(edges);
}

/** Which group `value` belongs to: the number of edges that are not above it. */
export function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Means of x and y in each non-empty group between `edges`. */
export function binMeans(x: Column, y: Column, edges: Float64Array, weight?: Column): Bin[] {
  const groups = edges.length + 1;
  const count = new Float64Array(groups);
  const sumX = new Float64Array(groups);
  const sumY = new Float64Array(groups);
  let low = Infinity;
  let high = -Infinity;
  let b = 0;
  for (let i = 0; i < x.length; i++) {
    const w = weight === undefined ? 1 : weight[i];
    if (w === 0) continue;
    // Neighbours mostly share a group, always so when x ascends.
    if (x[i] < edges[b - 1] || x[i] >= edges[b]) b = binOf(edges, x[i]);
    count[b] += w;
    sumX[b] += w * x[i];
    sumY[b] += w * y[i];
    if (x[i] < low) low = x[i];
    if (x[i] > high) high = x[i];
  }
  const bins: Bin[] = [];
  for (let b = 0; b < groups; b++) {
    if (count[b] === 0) continue;
    bins.push({
      low: b === 0 ? low : edges[b - 1],
      high: b === groups - 1 ? high : edges[b],
      count: count[b],
      meanX: sumX[b] / count[b],
      meanY: sumY[b] / count[b],
    });
  }
  return bins;
}

/**
 * R² of the line through group means (PF-PPO, section 4.3).
 * @returns the line, and the groups that it was fitted to; NaN with fewer than two groups
 */
export function groupedR2(
  x: Column,
  y: Column,
  grouping: Grouping = defaultGrouping,
  order: Int32Array | null = orderOf(x),
  weight?: Column,
): Line & { bins: Bin[] } {
  const bins = binMeans(x, y, binEdges(x, order, grouping, weight), weight);
  return { ...fitBins(bins, grouping.weighted), bins };
}

/** The line through group means. */
export function fitBins(bins: Bin[], weighted: boolean): Line {
  return linearFit(
    bins.map((bin) => bin.meanX),
    bins.map((bin) => bin.meanY),
    weighted ? bins.map((bin) => bin.count) : undefined,
  );
}

export interface Histogram {
  /** [n+1] edges, evenly spaced. */
  edges: Float64Array;
  /** [n] how many values fell between two edges; the last bin includes its upper edge. */
  counts: Float64Array;
}

/** Counts in `bins` even bins from `low` to `high` (by default the range of x); values outside are not counted. */
export function histogram(x: Column, bins: number, low?: number, high?: number): Histogram {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < x.length; i++) {
    if (x[i] < min) min = x[i];
    if (x[i] > max) max = x[i];
  }
  const from = low ?? (x.length > 0 ? min : 0);
  let to = high ?? (x.length > 0 ? max : 1);
  if (to <= from) to = from + 1;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => from + ((to - from) * i) / bins);
  const counts = new Float64Array(bins);
  for (let i = 0; i < x.length; i++) {
    if (x[i] < from || x[i] > to) continue;
    counts[Math.min(bins - 1, Math.floor(((x[i] - from) / (to - from)) * bins))]++;
  }
  return { edges, counts };
}

/** Standard deviation of the mean of `n` independent passes and failures with rate `p`: √(p(1 − p)/n). */
export function binomialSpread(p: number, n: number): number {
  return Math.sqrt((p * (1 - p)) / n);
}

/**
 * Bootstrap intervals that resample *prompts*, not responses: the responses to one prompt stand or fall together,
 * and an interval that forgets it is too narrow. Every statistic is computed from sums, so a resample costs as much
 * as there are prompts, however many responses they have.
 */
import { stream } from '../random.ts';
import { clamp, quantileSorted } from '../statistics/stats.ts';

export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Above this many prompts, random bundles of prompts are resampled in their place: as good, and of bounded cost. */
const mostUnits = 1000;

/** Which prompts a bootstrap draws, in each replicate: shared by all statistics, so that differences are paired. */
export interface Resampling {
  replicates: number;
  /** What is drawn: prompts, or bundles of prompts. */
  units: number;
  /** [clusters] the unit of each cluster. */
  unitOf: Int32Array;
  /** [replicates × units] how often replicate b draws each unit. */
  counts: Uint16Array;
}

/** @param clusters how many prompts there are; with fewer than 2 no interval exists and `replicates` is 0 */
export function resampling(clusters: number, replicates: number, seed: number): Resampling {
  const units = Math.min(clusters, mostUnits);
  const rng = stream(seed, 'bootstrap');
  const unitOf = Int32Array.from({ length: clusters }, (_, i) => i % Math.max(1, units));
  if (clusters > units) rng.shuffle(unitOf);
  const done = units < 2 ? 0 : replicates;
  const counts = new Uint16Array(done * units);
  for (let b = 0; b < done; b++) {
    for (let i = 0; i < units; i++) counts[b * units + rng.int(units)]++;
  }
  return { replicates: done, units, unitOf, counts };
}

/**
 * One statistic (or several) per replicate.
 * @param sums [units × width] sums over the responses of each unit
 * @param statistic from the summed row of a replicate [width] to its statistics
 * @returns for each statistic, its replicates
 */
export function replicate(
  { replicates, units, counts }: Resampling,
  sums: Float64Array,
  width: number,
  statistic: (totals: Float64Array) => number[],
): Float64Array[] {
  const totals = new Float64Array(width);
  const results: Float64Array[] = [];
  const drawn = new Int32Array(units);
  for (let b = 0; b < replicates; b++) {
    totals.fill(0);
    let length = 0;
    for (let unit = 0; unit < units; unit++) {
      drawn[length] = unit;
      length += counts[b * units + unit] > 0 ? 1 : 0;
    }
    // Four units at a time: the totals are read and written a quarter as often.
    let at = 0;
    for (; at + 4 <= length; at += 4) {
      const [p, q, r, s] = [drawn[at], drawn[at + 1], drawn[at + 2], drawn[at + 3]];
      const countP = counts[b * units + p];
      const countQ = counts[b * units + q];
      const countR = counts[b * units + r];
      const countS = counts[b * units + s];
      for (let i = 0; i < width; i++) {
        totals[i] =
          totals[i] +
          countP * sums[p * width + i] +
          countQ * sums[q * width + i] +
          countR * sums[r * width + i] +
          countS * sums[s * width + i];
      }
    }
    for (; at < length; at++) {
      const count = counts[b * units + drawn[at]];
      for (let i = 0; i < width; i++) totals[i] += count * sums[drawn[at] * width + i];
    }
    statistic(totals).forEach((value, i) => {
      results[i] ??= new Float64Array(replicates);
      results[i][b] = value;
    });
  }
  return results;
}

/**
 * 95 % percentile interval, moved so that the median replicate lies on the estimate: noise that resampling adds a
 * second time shifts replicates of a non-linear statistic, and an interval that misses its own estimate helps nobody.
 * NaN bounds when there are no replicates.
 */
export function percentileInterval(value: number, replicates: Float64Array | undefined): Interval {
  const sorted = (replicates ?? new Float64Array(0)).filter((x) => !Number.isNaN(x)).sort();
  const shift = value - quantileSorted(sorted, 0.5);
  return {
    value,
    low: quantileSorted(sorted, 0.025) + shift,
    high: quantileSorted(sorted, 0.975) + shift,
  };
}

/**
 * Interval of an R² from replicates of the correlation (with sign), on Fisher's scale, where a correlation is nearly
 * normal. When the sign of the slope is in doubt the interval reaches down to 0, which replicates of R² itself never do.
 * @param correlation the estimate, in [−1, 1]
 */
export function r2Interval(correlation: number, replicates: Float64Array | undefined): Interval {
  const fisher = (r: number) => Math.atanh(clamp(r, -1 + 1e-12, 1 - 1e-12));
  const back = (z: number) => {
    const square = Math.tanh(z) ** 2;
    return square > 1 - 1e-9 ? 1 : square;
  };
  const { low, high } = percentileInterval(fisher(correlation), replicates?.map(fisher));
  const inDoubt = low < 0 && high > 0;
  return {
    value: correlation * correlation,
    low: inDoubt ? 0 : Math.min(back(low), back(high)),
    high: Math.max(back(low), back(high)),
  };
}

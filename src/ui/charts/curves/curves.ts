/**
 * From what arms logged to lines that can be drawn: picks a metric, an x-axis and a confidence band.
 * Pure: no React, no canvas. The charts, their data tables and the exports all draw from here.
 */
import { binomialSpread } from '../../../core/analysis/bins.ts';
import { power, short } from '../../../core/numberText.ts';
import { type MetricKey, metrics } from '../../../lab/records/metrics.ts';
import type { Arm } from '../../../lab/state/arm.ts';
import type { XAxis } from '../../../lab/state/store.ts';
import { placesOn } from '../../../lab/view/places.ts';
import { dashOf } from '../palette.ts';

export const xAxisText: Record<XAxis, { label: string; what: string }> = {
  iteration: { label: 'Iteration', what: 'Times round the loop.' },
  samples: { label: 'Samples', what: 'Programs sampled for training so far.' },
  updateTokens: {
    label: 'Update tokens',
    what: 'Tokens that went through policy and critic updates so far.',
  },
  seconds: { label: 'Seconds', what: 'Computing time of the loop so far.' },
  kl: { label: 'KL to the start', what: 'The farthest from the starting policy so far, in nats.' },
};

/** One logged row: iteration 0 is the starting policy. */
export interface CurvePoint {
  iteration: number;
  metrics: Partial<Record<MetricKey, number>>;
}

/** What a chart needs to know of an arm. */
export interface CurveArm {
  id: string;
  /** Shown at the end of its lines, for example "BW". */
  label: string;
  /** Index into the palette of series; colours are never stored. */
  series: number;
  /** Where its numbers come from. */
  origin: 'live' | 'recorded';
  /** Its reward is the true score seen through a drawn reliability curve. */
  synthetic: boolean;
  iterations: readonly CurvePoint[];
  evaluations: readonly CurvePoint[];
  /** The recorded run that a live one is about to overtake: drawn faintly. */
  ghost: { iterations: readonly CurvePoint[]; evaluations: readonly CurvePoint[] } | null;
  /** Sampled programs behind each held-out rate; 0 when unknown (then no band is drawn). */
  heldSamples: number;
  /** Iterations that it will have when it is done; absent when nobody knows. */
  planned?: number;
}

export interface Line {
  id: string;
  label: string;
  series: number;
  x: number[];
  y: number[];
  /** Band, in the units of y; both or neither. */
  low?: number[];
  high?: number[];
  /** Stands after the value of each point where values are read, in place of ± half the band. */
  said?: string[];
  /**
   * thin: a companion line that must not compete with the main one. ghost: what an earlier run did. run: one of
   * those that a main line is the mean of.
   */
  weight: 'main' | 'thin' | 'ghost' | 'run';
  /** The word that tells a companion from its main line. */
  companion?: string;
}

/** Measured on the held-out problems, every few iterations. */
export const evaluated = (metric: MetricKey) => metric.startsWith('held');

/**
 * The moment that the page shows, as a place on the x-axis: one for all lines, or, where an iteration costs each arm
 * something else, one per arm by its id.
 */
export type Moment = number | ReadonlyMap<string, number>;

/** Where a line is at that moment; null when its arm has not come so far. */
export const momentAt = (moment: Moment | null | undefined, line: Line): number | null =>
  moment === null || moment === undefined
    ? null
    : typeof moment === 'number'
      ? moment
      : (moment.get(line.id.slice(0, line.id.indexOf('/'))) ?? null);

/** Where an iteration stands on an axis. */
export function momentOn(arms: readonly CurveArm[], axis: XAxis, iteration: number | null): Moment | null {
  if (iteration === null || axis === 'iteration') return iteration;
  return new Map(
    arms.flatMap((arm) => {
      const x = placesOn(arm.iterations, axis).get(iteration);
      return x === undefined ? [] : [[arm.id, x] as const];
    }),
  );
}

/** What the charts need of an arm of the store. `heldProblems` is the number of held-out problems of its world. */
export function curveArm(arm: Arm, heldProblems: number): CurveArm {
  return {
    id: arm.id,
    label: arm.name,
    series: arm.color,
    origin: arm.recorded ? 'recorded' : 'live',
    synthetic: arm.settings.reward.method === 'synthetic',
    iterations: arm.iterations,
    evaluations: arm.evaluations,
    ghost: arm.ghost,
    heldSamples: heldProblems * arm.settings.evaluation.evaluationSamples,
    planned: arm.settings.training.iterations,
  };
}

/**
 * The line of one metric of one arm. Points that were not measured, are not finite, or whose place on the
 * axis is unknown are left out, never drawn as zero.
 */
export function curve(arm: CurveArm, metric: MetricKey, axis: XAxis, options: { band?: boolean } = {}): Line {
  const rows = evaluated(metric) ? arm.evaluations : arm.iterations;
  const at = axis === 'iteration' ? null : placesOn(arm.iterations, axis);
  const x: number[] = [];
  const y: number[] = [];
  for (const row of rows) {
    const value = row.metrics[metric];
    const place = at ? at.get(row.iteration) : row.iteration;
    if (value === undefined || place === undefined || !Number.isFinite(value)) continue;
    x.push(place);
    y.push(value);
  }
  const line: Line = {
    id: `${arm.id}/${metric}`,
    label: arm.label,
    series: arm.series,
    x,
    y,
    weight: 'main',
  };
  // Only the sampled held-out rate is a share of independent draws of known number.
  if (options.band && metric === 'heldPass' && arm.heldSamples > 0) {
    line.low = y.map((p) => p - binomialSpread(p, arm.heldSamples));
    line.high = y.map((p) => p + binomialSpread(p, arm.heldSamples));
  }
  return line;
}

/** Dash pattern of a line: that of its series, dots for a companion. */
export const dashOfLine = (line: Line): number[] =>
  line.weight === 'thin' ? [1, 3] : line.weight === 'run' ? [] : dashOf(line.series);

/** Index of the point of a sorted axis nearest to `x`, or -1 when there is none. */
export function nearest(xs: readonly number[], x: number): number {
  if (xs.length === 0) return -1;
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1] <= xs[low] - x ? low - 1 : low;
}

/** All places at which any of the lines has a point, in order. */
export function unionOfX(lines: readonly Line[]): number[] {
  return [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
}

/** One row per place on the axis, one cell per line; null where a line has no point. */
export function tableOf(lines: readonly Line[]): { x: number[]; columns: (number | null)[][] } {
  const x = unionOfX(lines);
  const columns = lines.map((line) => {
    const at = new Map(line.x.map((place, index) => [place, line.y[index]]));
    return x.map((place) => at.get(place) ?? null);
  });
  return { x, columns };
}

type Columns = readonly ArrayLike<number | null | undefined>[];

/** Columns as a chart wants them: the union of places, then for each line its low, high (if banded) and middle. */
export function columnsOf(lines: readonly Line[]): (number | null)[][] {
  const flat = lines.flatMap((line) =>
    line.low && line.high ? [{ ...line, y: line.low }, { ...line, y: line.high }, line] : [line],
  );
  const { x, columns } = tableOf(flat);
  return [x, ...columns];
}

export const sameColumns = (a: Columns, b: Columns) =>
  a.length === b.length &&
  a.every((column, i) => {
    if (column.length !== b[i].length) return false;
    for (let at = column.length - 1; at >= 0; at--) if (column[at] !== b[i][at]) return false;
    return true;
  });

/** Number formats by digits: making one costs more than a thousand uses. */
const formats = new Map<number, Intl.NumberFormat>();
function formatOf(digits: number): Intl.NumberFormat {
  let found = formats.get(digits);
  if (!found) {
    found = new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, found);
  }
  return found;
}

/** A number as people read it: digits of its metric, thousands separated, tiny values not rounded to nothing. */
export function format(value: number, digits: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 0.5 * 10 ** -digits) return power(value);
  // Adding 0 takes the minus from zero.
  return formatOf(digits)
    .format(value + 0)
    .replace('-', '−');
}

/** A number on an axis: short. */
export function tick(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${short(value / 1e6, 3)} M`;
  if (size >= 1e4) return `${short(value / 1e3, 3)} k`;
  return short(value);
}

/** Digits and unit of a metric in one place, for readouts. */
export function readout(value: number, metric: MetricKey): string {
  const { digits, unit } = metrics[metric];
  return unit === '' ? format(value, digits) : `${format(value, digits)} ${unit}`;
}

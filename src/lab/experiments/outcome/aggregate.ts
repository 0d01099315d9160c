/**
 * Many runs as one curve: mean, band and number of runs at each iteration, and differences from a baseline paired by
 * seed. Every function takes the runs of one arm (and the baseline's) and nothing else, so that no other arm, hidden
 * or shown, can reach its numbers.
 */
import { mean, sd, standardError } from '../../../core/statistics/stats.ts';
import { halfWidth95 } from '../../../core/statistics/studentT.ts';
import type { MetricKey } from '../../records/metrics.ts';
import type { XAxis } from '../../state/store.ts';
import { placesOn } from '../../view/places.ts';

export const bands = ['t95', 'se', 'sd', 'range'] as const;
export type Band = (typeof bands)[number];

export const bandText: Record<Band, { label: string; what: string }> = {
  t95: {
    label: '95 % interval',
    what: 'Where the mean over all seeds lies with 95 % certainty (Student’s t).',
  },
  se: { label: 'standard error', what: 'Standard deviation over the root of the number of runs.' },
  sd: { label: 'standard deviation', what: 'How far single runs lie from the mean.' },
  range: { label: 'range', what: 'From the lowest to the highest run.' },
};

/** One row that a run logged; iteration 0 is the starting policy. */
export interface CurveRow {
  iteration: number;
  metrics: Partial<Record<MetricKey, number>>;
}

export interface CurveRun {
  seed: number;
  iterations: readonly CurveRow[];
  evaluations: readonly CurveRow[];
}

export interface RunPoint {
  iteration: number;
  /** Place on the axis. */
  x: number;
  y: number;
}

export interface MeanPoint {
  iteration: number;
  /** Place on the axis; of a cost, the mean over the runs. */
  x: number;
  mean: number;
  /** Runs, or pairs of runs, behind the mean. */
  n: number;
  /** Ends of the band; null where a single run allows none. */
  low: number | null;
  high: number | null;
}

/** Logged with the looks at the held-out problems, not with every iteration. */
const isHeld = (metric: MetricKey) => metric.startsWith('held');

/** The points of one run. What was not measured, or has no place on the axis, is left out, never taken for zero. */
export function runPoints(run: CurveRun, metric: MetricKey, axis: XAxis): RunPoint[] {
  const places = placesOn(run.iterations, axis);
  return (isHeld(metric) ? run.evaluations : run.iterations).flatMap(({ iteration, metrics }) => {
    const y = metrics[metric];
    const x = axis === 'iteration' ? iteration : places.get(iteration);
    return y === undefined || x === undefined || !Number.isFinite(y) ? [] : [{ iteration, x, y }];
  });
}

/** Differences of one run from the run of the same seed, at the iterations that both logged. */
export function runDifference(run: RunPoint[], base: RunPoint[]): RunPoint[] {
  const at = new Map(base.map(({ iteration, y }) => [iteration, y]));
  return run.flatMap((point) => {
    const other = at.get(point.iteration);
    return other === undefined ? [] : [{ ...point, y: point.y - other }];
  });
}

/**
 * Mean and band at each iteration that at least one run logged.
 * @param baseline the runs to subtract, paired by seed; a run whose seed the baseline lacks is left out
 */
export function meanCurve(
  runs: readonly CurveRun[],
  metric: MetricKey,
  axis: XAxis,
  band: Band,
  baseline: readonly CurveRun[] | null = null,
): MeanPoint[] {
  const points = baseline
    ? pairs(runs, baseline).map(([run, base]) =>
        runDifference(runPoints(run, metric, axis), runPoints(base, metric, axis)),
      )
    : runs.map((run) => runPoints(run, metric, axis));
  const at = new Map<number, RunPoint[]>();
  for (const point of points.flat()) at.set(point.iteration, [...(at.get(point.iteration) ?? []), point]);
  return [...at]
    .sort(([a], [b]) => a - b)
    .map(([iteration, here]) => {
      const values = here.map(({ y }) => y);
      return { iteration, x: mean(here.map(({ x }) => x)), n: here.length, ...summed(values, band) };
    });
}

/** Runs of one arm with the run of the other that has the same seed. */
export function pairs<Run extends { seed: number }>(
  runs: readonly Run[],
  others: readonly Run[],
): [run: Run, other: Run][] {
  const bySeed = new Map(others.map((run) => [run.seed, run]));
  return runs.flatMap((run): [Run, Run][] => {
    const other = bySeed.get(run.seed);
    return other === undefined ? [] : [[run, other]];
  });
}

function summed(values: readonly number[], band: Band): Pick<MeanPoint, 'mean' | 'low' | 'high'> {
  const centre = mean(values);
  if (values.length < 2) return { mean: centre, low: null, high: null };
  if (band === 'range') return { mean: centre, low: Math.min(...values), high: Math.max(...values) };
  const half =
    band === 'sd'
      ? sd(values)
      : band === 'se'
        ? standardError(values)
        : halfWidth95(standardError(values), values.length)!;
  return { mean: centre, low: centre - half, high: centre + half };
}

/** Whether the number of runs changes along any of the curves: then a change of the mean may be a change of who is in it. */
export const countVaries = (curves: readonly (readonly MeanPoint[])[]): boolean =>
  new Set(curves.flatMap((curve) => curve.map(({ n }) => n))).size > 1;

/**
 * From the runs of an experiment to the lines and the table of one figure. Hiding happens here and only here, after
 * everything is computed: what is drawn changes, no number does.
 */
import {
  type Band,
  type CurveRun,
  countVaries,
  type MeanPoint,
  meanCurve,
  pairs,
  runDifference,
  runPoints,
} from '../../../lab/experiments/outcome/aggregate.ts';
import { type MetricKey, metrics } from '../../../lab/records/metrics.ts';
import type { RunView } from '../../../lab/state/experimentsState.ts';
import type { XAxis } from '../../../lab/state/store.ts';
import { format, type Line } from '../../charts/curves/curves.ts';
import { seriesCount } from '../../charts/palette.ts';

export interface CurveChoice {
  metric: MetricKey;
  axis: XAxis;
  band: Band;
  /** The arm to subtract; null for the values themselves. */
  baseline: string | null;
  /** Also every run as a thin line. */
  individual: boolean;
}

export interface Hidden {
  arms: ReadonlySet<string>;
  /** Places of runs in the experiment. */
  runs: ReadonlySet<number>;
}

export interface ExperimentCurve {
  arm: string;
  series: number;
  points: MeanPoint[];
  /** Each run's own line, hidden or not. */
  runs: { index: number; seed: number; x: number[]; y: number[] }[];
}

const curveRun = ({ seed, iterations, evaluations }: RunView): CurveRun => ({
  seed,
  iterations,
  evaluations,
});

/** One curve per arm, in the order of the arms; with a baseline, one per other arm. */
export function curvesOf(
  arms: readonly string[],
  runs: readonly RunView[],
  { metric, axis, band, baseline }: CurveChoice,
): ExperimentCurve[] {
  const of = (arm: string) => runs.filter((run) => run.arm === arm && run.state !== 'deleted');
  const base = baseline === null ? null : of(baseline);
  return arms.flatMap((arm, i) => {
    if (arm === baseline) return [];
    const own = of(arm);
    const single = base
      ? pairs(own, base).map(([run, other]) => ({
          run,
          points: runDifference(runPoints(run, metric, axis), runPoints(other, metric, axis)),
        }))
      : own.map((run) => ({ run, points: runPoints(run, metric, axis) }));
    return [
      {
        arm,
        series: i % seriesCount,
        points: meanCurve(own.map(curveRun), metric, axis, band, base?.map(curveRun) ?? null),
        runs: single.map(({ run, points }) => ({
          index: run.index,
          seed: run.seed,
          x: points.map(({ x }) => x),
          y: points.map(({ y }) => y),
        })),
      },
    ];
  });
}

/** "± 0.021, N 3", or the ends of a band that need not be symmetrical. */
function said(point: MeanPoint, band: Band, digits: number): string {
  const count = `N ${point.n}`;
  if (point.low === null || point.high === null) return `(${count})`;
  const spread =
    band === 'range'
      ? `(${format(point.low, digits)} to ${format(point.high, digits)}, ${count})`
      : `± ${format(point.high - point.mean, digits)} (${count})`;
  return spread;
}

export function linesOf(curves: readonly ExperimentCurve[], choice: CurveChoice, hidden: Hidden): Line[] {
  const { digits } = metrics[choice.metric];
  const shown = curves.filter(({ arm }) => !hidden.arms.has(arm));
  const single = choice.individual
    ? shown.flatMap(({ arm, series, runs }) =>
        runs
          .filter(({ index }) => !hidden.runs.has(index))
          .map(
            ({ index, seed, x, y }): Line => ({
              id: `run-${index}`,
              label: `${arm}, seed ${seed}`,
              series,
              x,
              y,
              weight: 'run',
            }),
          ),
      )
    : [];
  const means = shown.map(({ arm, series, points }): Line => {
    const line: Line = {
      id: `mean-${arm}`,
      label: arm,
      series,
      x: points.map(({ x }) => x),
      y: points.map(({ mean }) => mean),
      said: points.map((point) => said(point, choice.band, digits)),
      weight: 'main',
    };
    // Where a single run allows no band it has no width.
    return points.some(({ low }) => low !== null)
      ? {
          ...line,
          low: points.map(({ low, mean }) => low ?? mean),
          high: points.map(({ high, mean }) => high ?? mean),
        }
      : line;
  });
  return [...single, ...means];
}

/** Lines of N, when it is not the same everywhere; otherwise none. */
export function countLines(curves: readonly ExperimentCurve[], hidden: Hidden): Line[] {
  if (!countVaries(curves.map(({ points }) => points))) return [];
  return curves
    .filter(({ arm }) => !hidden.arms.has(arm))
    .map(({ arm, series, points }) => ({
      id: `count-${arm}`,
      label: arm,
      series,
      x: points.map(({ x }) => x),
      y: points.map(({ n }) => n),
      weight: 'main',
    }));
}

/** The figure as a table: a row per arm and iteration, hidden arms left out. */
export function tableOfCurves(
  curves: readonly ExperimentCurve[],
  { axis }: CurveChoice,
  hidden: Hidden,
): { head: string[]; rows: (string | number | null)[][] } {
  const cost = axis === 'iteration' ? [] : [axis];
  return {
    head: ['iteration', 'arm', ...cost, 'mean', 'low', 'high', 'N'],
    rows: curves
      .filter(({ arm }) => !hidden.arms.has(arm))
      .flatMap(({ arm, points }) =>
        points.map(({ iteration, x, mean, low, high, n }) => [
          iteration,
          arm,
          ...(cost.length > 0 ? [x] : []),
          mean,
          low,
          high,
          n,
        ]),
      ),
  };
}

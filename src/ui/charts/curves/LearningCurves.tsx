/**
 * What the arms have learned: one large chart of the truth on held-out problems, then small multiples of everything
 * else that a run logs. One cursor and one x-axis for all of them.
 */
import { memo, type ReactNode, useMemo, useState } from 'react';
import { type MetricKey, type MetricText, metricKeys, metrics } from '../../../lab/records/metrics.ts';
import type { XAxis } from '../../../lab/state/store.ts';
import { placesOn } from '../../../lab/view/places.ts';
import styles from '../charts.module.css';
import { CursorProvider, createCursor } from '../cursor.ts';
import { LineFigure } from '../LineFigure.tsx';
import { Swatch } from '../Swatch.tsx';
import { type CurveArm, curve, evaluated, type Line, type Moment, momentOn, xAxisText } from './curves.ts';
import { XAxisChoice } from './XAxisChoice.tsx';

export interface LearningCurvesProps {
  arms: readonly CurveArm[];
  axis: XAxis;
  onAxis: (axis: XAxis) => void;
  /** Iteration that the page shows, or null when it follows the newest. */
  moment: number | null;
  onMoment: (iteration: number) => void;
  /** Whether the small multiples are shown. Default true. */
  figures?: boolean;
  /** Stands between the large chart and the small ones. */
  between?: ReactNode;
}

/** The small multiples that are always there; the others wait behind a disclosure. */
const first: readonly MetricKey[] = [
  'passRate',
  'score',
  'rewardPi',
  'rewardMu',
  'kl',
  'entropy',
  'responseLength',
  'clipFraction',
  'r2Kept',
];
const inMain: readonly MetricKey[] = ['heldPass', 'heldGreedy'];
/** Drawn dotted beside another metric, where an arm measures it. */
const companions: Partial<Record<MetricKey, { metric: MetricKey; word: string }>> = {
  heldPass: { metric: 'heldGreedy', word: 'greedy' },
  score: { metric: 'naiveScore', word: 'naive' },
};
const companionKeys = Object.values(companions).map(({ metric }) => metric);
const costAxes: readonly MetricKey[] = ['samples', 'updateTokens', 'seconds'];
const groupText: Record<MetricText['group'], string> = {
  truth: 'Truth',
  reward: 'Reward',
  policy: 'Policy',
  update: 'Update',
  filter: 'Filter',
  cost: 'Cost',
};

/** Metrics whose numbers come from the reward source, so that a synthetic one must be named beside them. */
const fromReward = (metric: MetricKey) => metrics[metric].group === 'reward' || metric.startsWith('r2');

const synthetic = 'synthetic reward';

/** Says which arms' rewards are synthetic: "synthetic reward" when all, their names when some. */
function syntheticNote(arms: readonly CurveArm[]): string | undefined {
  const named = arms.filter((arm) => arm.synthetic);
  if (named.length === 0) return undefined;
  return named.length === arms.length
    ? synthetic
    : `${synthetic}: ${named.map((arm) => arm.label).join(', ')}`;
}

/** Where the axis ends from the start: known only for iterations. */
function reachOf(arms: readonly CurveArm[], axis: XAxis): number | undefined {
  const planned = arms.map((arm) => arm.planned ?? 0);
  return axis === 'iteration' && planned.some((each) => each > 0) ? Math.max(...planned) : undefined;
}

/** Iteration that stands at, or nearest before, a place on the axis of the first arm that reaches it. */
function iterationAt(arms: readonly CurveArm[], axis: XAxis, x: number): number {
  if (axis === 'iteration') return Math.max(0, Math.round(x));
  let best = 0;
  let distance = Infinity;
  for (const [iteration, place] of arms.flatMap((arm) => [...placesOn(arm.iterations, axis)])) {
    const away = Math.abs(place - x);
    if (iteration > 0 && away < distance) [best, distance] = [iteration, away];
  }
  return best;
}

/** Whether an arm logs a metric: what belongs to another engine or method is not offered as an empty chart. */
const measures = (arm: CurveArm, key: MetricKey) =>
  (evaluated(key) ? arm.evaluations : arm.iterations).some((row) => row.metrics[key] !== undefined);

export const LearningCurves = memo(function LearningCurves(props: LearningCurvesProps) {
  const { arms, axis, figures = true } = props;
  const [cursor] = useState(createCursor);
  const [greedy, setGreedy] = useState(true);
  const [more, setMore] = useState(false);
  const main = useMemo(() => mainLines(arms, axis, greedy), [arms, axis, greedy]);
  const rest = metricKeys.filter(
    (key) =>
      !first.includes(key) &&
      !inMain.includes(key) &&
      !companionKeys.includes(key) &&
      !(axis !== 'iteration' && costAxes.includes(key)) &&
      arms.some((arm) => measures(arm, key)),
  );
  const moment = useMemo(() => momentOn(arms, axis, props.moment), [arms, axis, props.moment]);
  const onMoment = (x: number) => props.onMoment(iterationAt(arms, axis, x));
  const recorded = arms.filter((arm) => arm.origin === 'recorded');
  const begun = arms.some((arm) => arm.iterations.length > 0);
  const shared = { arms, axis, moment, onMoment };
  return (
    <CursorProvider value={cursor}>
      <div className={styles.curves}>
        <h2 className={styles.hidden}>Learning curves</h2>
        <div className={styles.bar}>
          <Legend arms={arms} />
          {recorded.length > 0 ? (
            <span className={styles.badge}>
              recorded
              {recorded.length < arms.length ? `: ${recorded.map((arm) => arm.label).join(', ')}` : ''}
            </span>
          ) : null}
          {arms.some((arm) => arm.synthetic) ? (
            <span className={styles.badge}>{syntheticNote(arms)}</span>
          ) : null}
          <span className={styles.spring} />
          <label className={styles.check}>
            <input type="checkbox" checked={greedy} onChange={(event) => setGreedy(event.target.checked)} />
            greedy line
          </label>
          <XAxisChoice axis={axis} onAxis={props.onAxis} className={styles.check} part="x-axis" />
        </div>
        <LineFigure
          part="metric-heldPass"
          title={metrics.heldPass.label}
          what={`${metrics.heldPass.what} The band is one standard error of the number of samples. Dotted: ${metrics.heldGreedy.label.toLowerCase()}, the alarm that falls first under over-optimisation.`}
          formula={metrics.heldPass.formula}
          digits={3}
          lines={main}
          height={300}
          endLabels
          xLabel={xAxisText[axis].label}
          xReach={reachOf(arms, axis)}
          moment={moment}
          onMoment={onMoment}
          empty="The first look at the held-out problems draws the first point."
        />
        {props.between}
        {begun && figures ? <Multiples {...shared} keys={first} /> : null}
        <details
          className={styles.more}
          hidden={!begun || !figures}
          onToggle={(event) => setMore(event.currentTarget.open)}
        >
          <summary>All other metrics</summary>
          {more ? <Multiples {...shared} keys={rest} /> : null}
        </details>
      </div>
    </CursorProvider>
  );
});

/** The dotted lines beside a metric's own, of the arms that measure what they show. */
function companionLines(arms: readonly CurveArm[], metric: MetricKey, axis: XAxis): Line[] {
  const beside = companions[metric];
  if (!beside) return [];
  return arms
    .filter((arm) => measures(arm, beside.metric))
    .map((arm) => ({ ...curve(arm, beside.metric, axis), weight: 'thin', companion: beside.word }));
}

function mainLines(arms: readonly CurveArm[], axis: XAxis, greedy: boolean): Line[] {
  return [
    ...arms.flatMap((arm) =>
      arm.ghost
        ? [
            {
              ...curve({ ...arm, ...arm.ghost }, 'heldPass', axis),
              id: `${arm.id}/ghost`,
              weight: 'ghost' as const,
            },
          ]
        : [],
    ),
    ...(greedy ? companionLines(arms, 'heldPass', axis) : []),
    ...arms.map((arm) => curve(arm, 'heldPass', axis, { band: true })),
  ];
}

function Multiples(props: {
  arms: readonly CurveArm[];
  axis: XAxis;
  keys: readonly MetricKey[];
  moment: Moment | null;
  onMoment: (x: number) => void;
}) {
  return (
    <div className={styles.grid}>
      {props.keys.map((key) => (
        <Multiple key={key} {...props} metric={key} />
      ))}
    </div>
  );
}

function Multiple(props: {
  arms: readonly CurveArm[];
  axis: XAxis;
  metric: MetricKey;
  moment: Moment | null;
  onMoment: (x: number) => void;
}) {
  const { arms, axis, metric } = props;
  const text = metrics[metric];
  const lines = useMemo(
    () => [...companionLines(arms, metric, axis), ...arms.map((arm) => curve(arm, metric, axis))],
    [arms, axis, metric],
  );
  const beside = lines.some(({ companion }) => companion) ? companions[metric] : undefined;
  return (
    <LineFigure
      part={`metric-${metric}`}
      kicker={groupText[text.group]}
      title={text.label}
      what={
        beside
          ? `${text.what} Dotted: ${metrics[beside.metric].label}. ${metrics[beside.metric].what}`
          : text.what
      }
      formula={text.formula}
      unit={text.unit}
      digits={text.digits}
      lines={lines}
      height={120}
      small
      xLabel={xAxisText[axis].label}
      xReach={reachOf(arms, axis)}
      moment={props.moment}
      onMoment={props.onMoment}
      note={fromReward(metric) ? syntheticNote(arms) : undefined}
    />
  );
}

/** Which line is whose: colour and dash together. */
export function Legend(props: { arms: readonly { id: string; label: string; series: number }[] }) {
  return (
    <ul className={styles.legend} aria-label="Arms">
      {props.arms.map((arm) => (
        <li key={arm.id}>
          <Swatch series={arm.series} />
          {arm.label}
        </li>
      ))}
    </ul>
  );
}

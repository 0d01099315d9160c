/** The curves of an experiment: means over the seeds with a band, every run on demand, or differences from the baseline. */
import { useMemo, useState } from 'react';
import { type Band, bands, bandText } from '../../../lab/experiments/outcome/aggregate.ts';
import { type MetricKey, metricKeys, metrics } from '../../../lab/records/metrics.ts';
import type { ExperimentView } from '../../../lab/state/experimentsState.ts';
import charts from '../../charts/charts.module.css';
import { CursorProvider, createCursor } from '../../charts/cursor.ts';
import { xAxisText } from '../../charts/curves/curves.ts';
import { Legend } from '../../charts/curves/LearningCurves.tsx';
import { XAxisChoice } from '../../charts/curves/XAxisChoice.tsx';
import { LineFigure } from '../../charts/LineFigure.tsx';
import { useThrottled } from '../../charts/useThrottled.ts';
import { useLab, useLaboratory } from '../../useLab.ts';
import {
  type CurveChoice,
  countLines,
  curvesOf,
  type Hidden,
  linesOf,
  tableOfCurves,
} from './experimentLines.ts';
import styles from './experiments.module.css';

/** Least time between two drawings of curves that grow. */
const redrawMs = 500;

export function ExperimentCurves(props: { view: ExperimentView; baseline: string; hidden: Hidden }) {
  const laboratory = useLaboratory();
  const axis = useLab((state) => state.xAxis);
  const [cursor] = useState(createCursor);
  const [metric, setMetric] = useState<MetricKey>('heldPass');
  const [band, setBand] = useState<Band>('t95');
  const [difference, setDifference] = useState(false);
  const [individual, setIndividual] = useState(false);
  const view = useThrottled(props.view, { ms: redrawMs });
  const { hidden, baseline } = props;
  const arms = useMemo(() => view.spec.arms.map(({ name }) => name), [view.spec]);
  const choice: CurveChoice = useMemo(
    () => ({ metric, axis, band, individual, baseline: difference ? baseline : null }),
    [metric, axis, band, individual, difference, baseline],
  );
  const curves = useMemo(() => curvesOf(arms, view.runs, choice), [arms, view.runs, choice]);
  const lines = useMemo(() => linesOf(curves, choice, hidden), [curves, choice, hidden]);
  const counts = useMemo(() => countLines(curves, hidden), [curves, hidden]);
  const text = metrics[metric];
  const reach = Math.max(...view.spec.arms.map(({ settings }) => settings.training.iterations));
  const minus = difference ? `, minus ${baseline}` : '';
  const legend = curves
    .filter(({ arm }) => !hidden.arms.has(arm))
    .map(({ arm, series }) => ({ id: arm, label: arm, series }));
  return (
    <CursorProvider value={cursor}>
      <section className={styles.curves} aria-label="Curves over the seeds">
        <div className={styles.choices} data-screen-only>
          <label>
            Metric
            <select value={metric} onChange={(event) => setMetric(event.target.value as MetricKey)}>
              {metricKeys.map((key) => (
                <option key={key} value={key}>
                  {metrics[key].label}
                </option>
              ))}
            </select>
          </label>
          <label>
            Band
            <select value={band} onChange={(event) => setBand(event.target.value as Band)}>
              {bands.map((each) => (
                <option key={each} value={each} title={bandText[each].what}>
                  {bandText[each].label}
                </option>
              ))}
            </select>
          </label>
          <XAxisChoice axis={axis} onAxis={(next) => laboratory.view.setXAxis(next)} />
          <label className={charts.check}>
            <input
              type="checkbox"
              checked={difference}
              onChange={(event) => setDifference(event.target.checked)}
            />
            minus {baseline}, paired by seed
          </label>
          <label className={charts.check}>
            <input
              type="checkbox"
              checked={individual}
              onChange={(event) => setIndividual(event.target.checked)}
            />
            every run
          </label>
        </div>
        <Legend arms={legend} />
        <LineFigure
          part={`experiment-${metric}`}
          title={`${text.label}${minus}`}
          what={`${text.what} Mean over the seeds; the band is the ${bandText[band].label}: ${lowerFirst(bandText[band].what)} N is the number of runs behind a point.`}
          formula={text.formula}
          unit={text.unit}
          digits={text.digits}
          lines={lines}
          height={280}
          endLabels
          xLabel={xAxisText[axis].label}
          xReach={axis === 'iteration' ? reach : undefined}
          yInclude={difference ? [0, 0] : undefined}
          note={`mean, ${bandText[band].label}`}
          table={{
            head: tableOfCurves(curves, choice, hidden).head,
            rows: () => tableOfCurves(curves, choice, hidden).rows,
          }}
          empty="The first points come with the first runs."
        />
        {counts.length > 0 ? (
          <LineFigure
            small
            part="experiment-count"
            title="N, runs behind each point"
            what="Where N changes, a mean may change because of which runs are in it."
            digits={0}
            lines={counts}
            height={70}
            yInclude={[0, view.spec.seeds.length]}
            xLabel={xAxisText[axis].label}
            xReach={axis === 'iteration' ? reach : undefined}
          />
        ) : null}
      </section>
    </CursorProvider>
  );
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

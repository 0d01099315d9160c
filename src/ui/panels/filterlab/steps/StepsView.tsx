/** The filters over the steps of a file: one criterion by filter, whether criteria agree, how reliable the reward is. */
import { useState } from 'react';
import { type Followed, followed, type StepsReport } from '../../../../core/analysis/overSteps.ts';
import { comparisonText, scheduleInWords } from '../../../../lab/rollouts/words/criteriaFindings.ts';
import { format } from '../../../charts/curves/curves.ts';
import { seriesColour } from '../../../charts/palette.ts';
import { Figure } from '../figures/Figure.tsx';
import { Frame } from '../figures/Frame.tsx';
import shared from '../filterlab.module.css';
import styles from './steps.module.css';

export interface StepsViewProps {
  ask: () => Promise<{ report: StepsReport | null; labels: Record<string, string> }>;
  /** Id of the edited filter. */
  edited: string;
}

/** Filters that are drawn at first, beside the edited one. */
const drawnAtFirst = ['ppo-m', 'bw', 'bon', 'pods'];

export function StepsView({ ask, edited }: StepsViewProps) {
  const [answer, setAnswer] = useState<Awaited<ReturnType<StepsViewProps['ask']>> | null>(null);
  const [state, setState] = useState('');
  const look = async () => {
    setState('computing …');
    try {
      setAnswer(await ask());
      setState('');
    } catch (cause) {
      setState(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <details
      className={shared.folded}
      data-part="over-steps"
      onToggle={(event) => {
        if (event.currentTarget.open && answer === null) void look();
      }}
    >
      <summary>Over the steps: does another filter become better?</summary>
      <p className={shared.hint} role="status">
        {state}
      </p>
      {answer && answer.report === null ? (
        <p className={shared.hint}>All responses are of one step: there is nothing to follow.</p>
      ) : null}
      {answer?.report ? (
        <Over report={answer.report} labels={answer.labels} edited={edited} onAgain={look} />
      ) : null}
    </details>
  );
}

function Over(props: {
  report: StepsReport;
  labels: Record<string, string>;
  edited: string;
  onAgain: () => void;
}) {
  const { report, labels, edited } = props;
  const defined = followed.filter((name) => report.schedule[name].start !== null);
  const [by, setBy] = useState<Followed>(defined[0] ?? 'variance');
  const ids = Object.keys(labels);
  const [drawn, setDrawn] = useState<readonly string[]>(
    ids.filter((id) => id === edited || drawnAtFirst.includes(id)),
  );
  const toggle = (id: string) =>
    setDrawn(drawn.includes(id) ? drawn.filter((one) => one !== id) : [...drawn, id]);
  return (
    <>
      <div className={shared.row}>
        <label className={shared.inline}>
          criterion
          <select value={by} onChange={(event) => setBy(event.target.value as Followed)}>
            {defined.map((name) => (
              <option key={name} value={name}>
                {comparisonText[name].label}
              </option>
            ))}
          </select>
        </label>
        <fieldset className={styles.filters}>
          <legend>filters drawn</legend>
          {ids.map((id) => (
            <label key={id}>
              <input type="checkbox" checked={drawn.includes(id)} onChange={() => toggle(id)} />
              <span style={{ borderColor: seriesColour(ids.indexOf(id)) }}>{labels[id]}</span>
            </label>
          ))}
        </fieldset>
        <button type="button" onClick={props.onAgain}>
          Compute again
        </button>
      </div>
      <p className={styles.verdict}>{scheduleInWords(report, by, (id) => labels[id])}</p>
      <div className={shared.columns}>
        <OverSteps report={report} by={by} ids={ids} drawn={drawn} labels={labels} />
        <Agreement report={report} />
        <Reliability report={report} />
      </div>
    </>
  );
}

const middle = ({ from, to }: { from: number; to: number }) => (from + to) / 2;
const spanOf = (report: StepsReport): [number, number] => {
  const { windows } = report;
  return [windows[0].from, windows[windows.length - 1].to];
};
const finite = (values: readonly number[]) => values.filter(Number.isFinite);

function lineOf(
  points: readonly (readonly [number, number])[],
  sx: (x: number) => number,
  sy: (y: number) => number,
) {
  let path = '';
  let pen = 'M';
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${sx(x).toFixed(1)} ${sy(y).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

function OverSteps(props: {
  report: StepsReport;
  by: Followed;
  ids: readonly string[];
  drawn: readonly string[];
  labels: Record<string, string>;
}) {
  const { report, by, ids, drawn, labels } = props;
  const { windows } = report;
  const known = finite(
    windows.flatMap(({ filters }) =>
      drawn.flatMap((id) => [filters[id][by].low, filters[id][by].value, filters[id][by].high]),
    ),
  );
  const top = Math.max(by === 'r2' || by === 'phantom' || by === 'sign' ? 1 : 0.01, ...known);
  return (
    <Figure
      title={`${comparisonText[by].label} over the steps`}
      what={`${comparisonText[by].what} Consecutive steps are looked at together where there are many; bars are 95 % intervals over prompts.`}
      head={['steps from', 'to', 'filter', comparisonText[by].label, 'low', 'high']}
      rows={() =>
        windows.flatMap(({ from, to, filters }) =>
          ids.map((id) => [
            from,
            to,
            labels[id],
            filters[id][by].value,
            filters[id][by].low,
            filters[id][by].high,
          ]),
        )
      }
      show={(value, column) => format(value, column < 2 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`${comparisonText[by].label} of ${drawn.length} filters over ${report.steps} steps`}
          height={260}
          x={spanOf(report)}
          y={[0, top]}
          xLabel="step"
          yLabel={comparisonText[by].label}
        >
          {(sx, sy) =>
            drawn.map((id) => {
              const colour = seriesColour(ids.indexOf(id));
              return (
                <g key={id} style={{ stroke: colour, fill: colour }}>
                  <path
                    className={styles.line}
                    d={lineOf(
                      windows.map((w) => [middle(w), w.filters[id][by].value]),
                      sx,
                      sy,
                    )}
                  />
                  {windows.map((w) => {
                    const { low, high, value } = w.filters[id][by];
                    return Number.isFinite(value) ? (
                      <g key={w.from}>
                        {Number.isFinite(low) ? (
                          <path className={styles.bar} d={`M${sx(middle(w))} ${sy(low)}V${sy(high)}`} />
                        ) : null}
                        <circle className={styles.dot} cx={sx(middle(w))} cy={sy(value)} r={2.4} />
                      </g>
                    ) : null;
                  })}
                </g>
              );
            })
          }
        </Frame>
      )}
    </Figure>
  );
}

const criteria = ['variance', 'signal', 'phantom', 'sign'] as const;

function Agreement({ report }: { report: StepsReport }) {
  const { windows } = report;
  const shown = criteria.filter((name) => windows.some(({ agreement }) => Number.isFinite(agreement[name])));
  return (
    <Figure
      title="Do the criteria agree?"
      what="Rank correlation, over all filters, of each criterion with R² per response: at 1 both prefer the same filters, at −1 opposite ones. A criterion that leaves R² alone may be right for another reason; one that contradicts it takes the reward for the truth."
      head={['steps from', 'to', ...shown.map((name) => comparisonText[name].label)]}
      rows={() =>
        windows.map(({ from, to, agreement }) => [from, to, ...shown.map((name) => agreement[name])])
      }
      show={(value, column) => format(value, column < 2 ? 0 : 2)}
      note={
        <span className={styles.key}>
          {shown.map((name) => (
            <span key={name} style={{ borderColor: seriesColour(criteria.indexOf(name)) }}>
              {comparisonText[name].label}
            </span>
          ))}
        </span>
      }
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label="Agreement of the criteria with R² over the steps"
          height={260}
          x={spanOf(report)}
          y={[-1, 1]}
          xLabel="step"
          yLabel="rank correlation with R²"
        >
          {(sx, sy) =>
            shown.map((name) => {
              const colour = seriesColour(criteria.indexOf(name));
              return (
                <g key={name} style={{ stroke: colour, fill: colour }}>
                  <path
                    className={styles.line}
                    d={lineOf(
                      windows.map((w) => [middle(w), w.agreement[name]]),
                      sx,
                      sy,
                    )}
                  />
                  {windows.map((w) =>
                    Number.isFinite(w.agreement[name]) ? (
                      <circle
                        key={w.from}
                        className={styles.dot}
                        cx={sx(middle(w))}
                        cy={sy(w.agreement[name])}
                        r={2.4}
                      />
                    ) : null,
                  )}
                </g>
              );
            })
          }
        </Frame>
      )}
    </Figure>
  );
}

function Reliability({ report }: { report: StepsReport }) {
  const windows = report.windows.flatMap(({ from, to, reliability }) =>
    reliability ? [{ from, to, bins: reliability }] : [],
  );
  if (windows.length === 0) return null;
  const rewards = windows.flatMap(({ bins }) => bins.map(({ meanX }) => meanX));
  return (
    <Figure
      title="Reliability, early to late"
      what="Mean true score by mean reward, in ten groups of similar reward: one line for each stretch of steps, pale at first and dark in the end. Where late lines fall below early ones at high rewards, the policy has found what the reward overrates."
      head={['steps from', 'to', 'mean reward', 'mean score', 'responses', 'standard error']}
      rows={() =>
        windows.flatMap(({ from, to, bins }) =>
          bins.map(({ meanX, meanY, count, standardError }) => [
            from,
            to,
            meanX,
            meanY,
            count,
            standardError,
          ]),
        )
      }
      show={(value, column) => format(value, column < 2 || column === 4 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`Mean score by mean reward in ${windows.length} stretches of steps`}
          height={260}
          x={[Math.min(...rewards), Math.max(...rewards)]}
          y={[0, 1]}
          xLabel="mean reward of the group"
          yLabel="mean score"
        >
          {(sx, sy) =>
            windows.map(({ from, bins }, i) => (
              <path
                key={from}
                className={styles.age}
                style={{ strokeOpacity: 0.15 + (0.85 * (i + 1)) / windows.length }}
                d={lineOf(
                  bins.map(({ meanX, meanY }) => [meanX, meanY]),
                  sx,
                  sy,
                )}
              />
            ))
          }
        </Frame>
      )}
    </Figure>
  );
}

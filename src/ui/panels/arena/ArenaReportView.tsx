/** What a run of the arena says: both sides in numbers, the speed-up, and how partial scores foretell final rewards. */
import { useState } from 'react';
import { fixed, grouped, percent } from '../../../core/numberText.ts';
import { mean } from '../../../core/statistics/stats.ts';
import type { Side } from '../../../lab/arena/arena.ts';
import type { ArenaKnobs } from '../../../lab/arena/knobs.ts';
import type { ArenaReport, Estimate } from '../../../lab/arena/report.ts';
import { extent } from '../../charts/svg/scale.ts';
import { Choice } from '../../parts/Choice.tsx';
import { TableHead } from '../../parts/TableHead.tsx';
import { Figure } from '../filterlab/figures/Figure.tsx';
import { Frame } from '../filterlab/figures/Frame.tsx';
import styles from './arena.module.css';

const interval = ({ value, low, high }: Estimate, digits: number) =>
  `${fixed(value, digits)} [${fixed(low, digits)}, ${fixed(high, digits)}]`;

export function ArenaReportView(props: {
  report: ArenaReport;
  passes: Readonly<Record<Side, readonly boolean[]>> | null;
  knobs: ArenaKnobs;
}) {
  const { report, passes, knobs } = props;
  const { sides, speedUp, difference, equal } = report;
  const pass = (side: Side) => (passes ? percent(mean(passes[side].map(Number)), 0) : '…');
  const rows: [string, (side: Side) => string][] = [
    ['Reward of the answer', (side) => fixed(sides[side].reward, 3)],
    ['Answers that pass', pass],
    ['Tokens written per prompt', (side) => grouped(sides[side].policyTokens)],
    ['Tokens read to score', (side) => grouped(sides[side].scoreTokens)],
    ['Most tokens in memory', (side) => grouped(sides[side].peak)],
  ];
  return (
    <section className={styles.report} aria-label="What came of it">
      <table>
        <TableHead
          names={[`Mean over ${knobs.prompts} prompts`, `Best-of-${knobs.lanes}`, 'Speculative Rejection']}
        />
        <tbody>
          {rows.map(([name, of]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{of('bon')}</td>
              <td>{of('rejection')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Its reward differs by {interval(difference, 3)}. Best-of-{fixed(equal, 1)} has the same reward; that
        many responses take <strong>{interval(speedUp.policy, 2)}</strong> times the tokens written by
        Speculative Rejection, and {interval(speedUp.all, 2)} times the tokens when those that scores read are
        counted, too. Intervals are 95 % over prompts.
      </p>
      {report.foresight.length > 0 ? <ForesightView report={report} /> : null}
    </section>
  );
}

function ForesightView({ report: { foresight } }: { report: ArenaReport }) {
  const [token, setToken] = useState(foresight[0].token);
  const shown = foresight.find((each) => each.token === token) ?? foresight[0];
  const pad = ([low, high]: readonly [number, number]): [number, number] => {
    const margin = (high - low) * 0.05 || 0.1;
    return [low - margin, high + margin];
  };
  const x = pad(extent(Float32Array.from(shown.pairs, ([partial]) => partial)) ?? [-1, 1]);
  const y = pad(extent(Float32Array.from(shown.pairs, ([, final]) => final)) ?? [-1, 1]);
  return (
    <>
      <div className={styles.bar}>
        <span>After</span>
        <Choice
          label="Decision token"
          value={String(shown.token)}
          options={foresight.map((each) => ({ value: String(each.token), label: String(each.token) }))}
          onChange={(value) => setToken(Number(value))}
        />
        <span>tokens</span>
      </div>
      <Figure
        title="Partial score against final reward"
        what="Every lane that was still written when a decision was made: what it scored then, and the reward of the same lane at its end, as Best-of-N wrote it. Correlations are within a prompt, means over prompts with three such lanes or more."
        formula="r = mean over prompts of corr(s(y≤t), r(y))"
        note={`Pearson ${fixed(shown.pearson, 2)}, Kendall ${fixed(shown.kendall, 2)} (${shown.prompts} prompts, ${shown.pairs.length} lanes)`}
        head={['partial score', 'final reward']}
        rows={() => shown.pairs.map(([partial, final]) => [partial, final])}
        show={(value) => (typeof value === 'number' ? fixed(value, 3) : String(value))}
      >
        {(svg) => (
          <Frame
            svgRef={svg}
            label={`Scatter of ${shown.pairs.length} lanes, score after ${shown.token} tokens against final reward`}
            height={260}
            x={x}
            y={y}
            xLabel={`score after ${shown.token} tokens`}
            yLabel="final reward"
          >
            {(toX, toY) =>
              shown.pairs.map(([partial, final], i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: dots have no other name, and never move
                <circle key={i} cx={toX(partial)} cy={toY(final)} r={2.5} className={styles.dot} />
              ))
            }
          </Frame>
        )}
      </Figure>
    </>
  );
}

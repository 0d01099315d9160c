/** Calibration of groups, and truth by rank: two small figures of means with their errors. */
import { memo } from 'react';
import type { CalibrationBin, RankRow } from '../../../../core/analysis/reliability.ts';
import type { Line } from '../../../../core/statistics/stats.ts';
import { format } from '../../../charts/curves/curves.ts';
import type { Scale } from '../../../charts/svg/scale.ts';
import { Figure } from './Figure.tsx';
import { Frame } from './Frame.tsx';
import styles from './figures.module.css';
import { fitPath } from './fitPath.ts';
import { Key } from './Key.tsx';

export const CalibrationFigure = memo(function CalibrationFigure({
  bins,
  fit,
}: {
  bins: readonly CalibrationBin[];
  fit: Line | null;
}) {
  const x: [number, number] = [bins[0].low, bins[bins.length - 1].high];
  const most = Math.max(...bins.map((bin) => bin.count));
  return (
    <Figure
      title="Calibration of groups"
      what="Responses of similar reward are gathered into groups; each dot is one group's mean reward and mean score, with one standard error that allows for responses to one prompt being alike. Larger dots hold more responses. The grouped R² is that of a line through these dots, and turns on how they are cut."
      head={['reward from', 'to', 'responses', 'mean reward', 'mean score', 'standard error']}
      rows={() => bins.map((bin) => [bin.low, bin.high, bin.count, bin.meanX, bin.meanY, bin.standardError])}
      show={(value, column) => format(value, column === 2 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`Mean score of ${bins.length} groups of similar reward`}
          height={240}
          x={x}
          y={[0, 1.14]}
          xLabel="mean reward of the group"
          yLabel="mean score"
        >
          {(sx, sy) => (
            <>
              <path className={styles.fitAll} d={fitPath(fit, sx, sy) ?? undefined} />
              {bins.map((bin) => (
                <g key={bin.low}>
                  <ErrorBar at={sx(bin.meanX)} value={bin.meanY} error={bin.standardError} sy={sy} />
                  <circle
                    className={styles.dot}
                    cx={sx(bin.meanX)}
                    cy={sy(bin.meanY)}
                    r={2.5 + 3.5 * Math.sqrt(bin.count / most)}
                  />
                </g>
              ))}
              <Key
                across={sx.range}
                y={sy.range[1]}
                items={[
                  { label: 'a group, ± standard error', mark: styles.errorBar },
                  { label: 'line of all responses', mark: styles.fitAll },
                ]}
              />
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
});

export const RankFigure = memo(function RankFigure({ ranks }: { ranks: readonly RankRow[] }) {
  const size = ranks.length;
  return (
    <Figure
      title="Truth by rank"
      what="Mean true score of the response that the reward model ranks first, second and so on in its group, with one standard error; the hollow mark is the pass rate. A reward model that knows good from bad steps down from left to right; flat steps are ranks that it cannot tell apart."
      head={['rank', 'responses', 'mean reward', 'mean score', 'pass rate', 'standard error']}
      rows={() =>
        ranks.map((row) => [row.rank, row.count, row.reward, row.score, row.passRate, row.standardError])
      }
      show={(value, column) => format(value, column < 2 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`Mean score and pass rate of ranks 1 to ${size}`}
          height={240}
          x={[0.4, size + 0.6]}
          y={[0, 1.14]}
          xTicks={ranks.map((row) => row.rank)}
          xLabel="rank by reward (1 is highest)"
          yLabel="mean score"
        >
          {(sx, sy) => (
            <>
              {ranks.map((row) => {
                const width = Math.min(46, (sx(2) - sx(1)) * 0.6);
                return (
                  <g key={row.rank}>
                    <rect
                      className={styles.rankBar}
                      x={sx(row.rank) - width / 2}
                      width={width}
                      y={sy(row.score)}
                      height={sy(0) - sy(row.score)}
                      rx="2"
                    />
                    <ErrorBar at={sx(row.rank)} value={row.score} error={row.standardError} sy={sy} />
                    <path
                      className={styles.passMark}
                      d={`M${sx(row.rank) - width / 2 - 3} ${sy(row.passRate)}h${width + 6}`}
                    />
                  </g>
                );
              })}
              <Key
                across={sx.range}
                y={sy.range[1]}
                items={[
                  { label: 'mean score', mark: styles.rankBar, block: true },
                  { label: 'standard error', mark: styles.errorBar },
                  { label: 'pass rate', mark: styles.passMark },
                ]}
              />
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
});

/** One standard error on either side, within [0, 1]. A single response has none. */
function ErrorBar({ at, value, error, sy }: { at: number; value: number; error: number; sy: Scale }) {
  if (!Number.isFinite(value + error)) return null;
  const [low, high] = [Math.max(0, value - error), Math.min(1, value + error)];
  return <path className={styles.errorBar} d={`M${at} ${sy(low)}V${sy(high)}`} />;
}

/**
 * The paper's Figure 1, told whole: mean score by reward, once per line, with the spread across lines and, beside it,
 * the spread that drawing so few responses would give all by itself.
 */
import { memo } from 'react';
import type { TenLines } from '../../../../core/analysis/reliability.ts';
import { format } from '../../../charts/curves/curves.ts';
import { pathThrough } from '../../../charts/svg/path.ts';
import { Figure } from './Figure.tsx';
import { Frame } from './Frame.tsx';
import styles from './figures.module.css';
import { Key } from './Key.tsx';

export const TenLinesFigure = memo(function TenLinesFigure({ data }: { data: TenLines }) {
  const { bins } = data;
  const x: [number, number] = [bins[0].low, bins[bins.length - 1].high];
  const area = (up: (bin: (typeof bins)[number]) => number) => {
    const clamp = (value: number) => Math.min(1, Math.max(0, value));
    return {
      top: bins.map((bin) => [bin.reward, clamp(bin.score + up(bin))] as const),
      bottom: bins.map((bin) => [bin.reward, clamp(bin.score - up(bin))] as const).reverse(),
    };
  };
  const chance = area((bin) => bin.sampling || 0);
  return (
    <Figure
      part="ten-lines"
      note={bins.length < 2 ? 'All rewards are equal: there is one bin, and no line to draw.' : null}
      title="Ten lines: where the reward can be trusted"
      what={`The responses of each prompt are ${data.by === 'split' ? 'dealt out to' : 'drawn again for'} ${data.lines} lines; each line is the mean score by reward. Where lines agree, the paper calls the reward reliable. The shaded band is what chance alone would give: lines inside it say nothing about the reward.`}
      formula="spread = sd over lines; chance = √(var(s) / responses per line)"
      head={[...binHead, ...Array.from({ length: data.lines }, (_, line) => `line ${line + 1}`)]}
      rows={() =>
        bins.map((bin) => [
          ...binCells(bin),
          ...Array.from(bin.lines, (mean) => (Number.isNaN(mean) ? null : mean)),
        ])
      }
      show={(value, column) => format(value, column === 2 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`${data.lines} lines of mean score by reward, with the band that chance alone draws`}
          height={260}
          x={x}
          y={[0, 1.12]}
          xLabel="reward"
          yLabel="mean score"
        >
          {(sx, sy) => (
            <>
              <path
                className={styles.chance}
                d={pathThrough(
                  [...chance.top, ...chance.bottom].map(([a, b]) => [sx(a), sy(b)]),
                  'Z',
                )}
              />
              {Array.from({ length: data.lines }, (_, line) => {
                return (
                  <path
                    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
                    key={line}
                    className={styles.oneOfTen}
                    d={pathThrough(bins.map((bin) => [sx(bin.reward), sy(bin.lines[line])]))}
                  />
                );
              })}
              <path
                className={styles.meanLine}
                d={pathThrough(bins.map((bin) => [sx(bin.reward), sy(bin.score)]))}
              />
              <Key
                across={sx.range}
                y={sy.range[1]}
                items={[
                  { label: 'one line each', mark: styles.oneOfTen },
                  { label: 'all responses', mark: styles.meanLine },
                  { label: 'by chance alone', mark: styles.chance, block: true },
                ]}
              />
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
});

const binHead = ['reward from', 'to', 'responses', 'mean score', 'spread of lines', 'spread by chance'];
const binCells = (bin: TenLines['bins'][number]) => [
  bin.low,
  bin.high,
  bin.count,
  bin.score,
  bin.spread,
  bin.sampling,
];

/** Spread across lines against spread by chance, bin by bin. */
export const SpreadFigure = memo(function SpreadFigure({ data }: { data: TenLines }) {
  const { bins } = data;
  const x: [number, number] = [bins[0].low, bins[bins.length - 1].high];
  const most = Math.max(0.05, ...bins.flatMap((bin) => [bin.spread || 0, bin.sampling || 0])) * 1.3;
  return (
    <Figure
      title="Spread of the lines, and by chance"
      what="The two spreads of the ten lines, reward by reward. A bar that ends at its mark is what chance alone gives and says nothing about the reward; a bar well above it is a reward that means different things for different prompts."
      formula="spread = sd over lines; chance = √(var(s) / responses per line)"
      head={binHead}
      rows={() => bins.map(binCells)}
      show={(value, column) => format(value, column === 2 ? 0 : 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label="Spread across lines (bars) against the spread by chance (marks), by reward"
          height={150}
          x={x}
          y={[0, most]}
          xLabel="reward"
          yLabel="spread"
        >
          {(sx, sy) => (
            <>
              {bins.map((bin) => {
                const left = sx(bin.low) + 1;
                const width = Math.max(1, sx(bin.high) - sx(bin.low) - 2);
                return (
                  <g key={bin.low}>
                    <rect
                      className={styles.spread}
                      x={left}
                      width={width}
                      y={sy(bin.spread || 0)}
                      height={Math.max(0, sy(0) - sy(bin.spread || 0))}
                    />
                    <path className={styles.chanceMark} d={`M${left} ${sy(bin.sampling || 0)}h${width}`} />
                  </g>
                );
              })}
              <Key
                across={sx.range}
                y={sy.range[1]}
                items={[
                  { label: 'spread across lines', mark: styles.spread, block: true },
                  { label: 'by chance alone', mark: styles.chanceMark },
                ]}
              />
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
});

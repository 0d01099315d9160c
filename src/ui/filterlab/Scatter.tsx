/**
 * Reward against true score, readable from a hundred points to a million: single dots while they can be told apart,
 * a map of counts beyond that. Scores come in a few steps (tests passed), so dots are spread a little up and down;
 * the spread is the same every time.
 */
import { useEffect, useMemo, useRef } from 'react';
import { mix32 } from '../../core/random.ts';
import type { Line } from '../../core/stats.ts';
import { format } from '../charts/curves.ts';
import { readPalette, useThemeVersion } from '../charts/palette.ts';
import { extent } from '../charts/scale.ts';
import { Figure } from './Figure.tsx';
import { Frame } from './Frame.tsx';
import styles from './filterlab.module.css';

export interface ScatterProps {
  reward: Float32Array;
  score: Float32Array;
  /** [B] expected uses under the edited filter: kept responses stand out. */
  uses: Float64Array | null;
  /** Line through all responses. */
  fit: Line | null;
  /** Line through the kept ones. */
  keptFit: Line | null;
  keptLabel: string;
}

/** Beyond this many, dots cover each other and a map says more. */
const dotsAtMost = 4000;
/** Side of a cell of the map, in CSS pixels. */
const cell = 4;
const spread = 0.035;

export function Scatter(props: ScatterProps) {
  const { reward, score } = props;
  const range = useMemo(() => extent(reward) ?? [-1, 1], [reward]);
  const pad = (range[1] - range[0]) * 0.03 || 0.5;
  const x: [number, number] = [range[0] - pad, range[1] + pad];
  const y: [number, number] = [-0.06, 1.06];
  const r2 = (line: Line | null) => (line && Number.isFinite(line.r2) ? format(line.r2, 3) : '–');
  return (
    <Figure
      title="Reward against true score"
      what="Every response: what the reward model said and what the tests say. Dots are spread a little up and down so that they do not cover each other. The lines are straight-line fits: grey through all responses, blue through the expected kept ones; R² says how well each fits."
      formula="R² = 1 − Σ(s − ŝ)² / Σ(s − s̄)²"
      note={`R² of all ${r2(props.fit)}, of what ${props.keptLabel} keeps ${r2(props.keptFit)}`}
      head={['reward', 'true score', 'expected uses']}
      rows={() => Array.from(reward, (value, row) => [value, score[row], props.uses?.[row] ?? null])}
      show={(value) => format(value, 3)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          label={`Scatter of ${reward.length} responses, reward against true score`}
          height={280}
          x={x}
          y={y}
          xLabel="reward"
          yLabel="true score"
          behind={(box) => <Cloud {...props} box={box} x={x} y={y} />}
        >
          {(sx, sy) => (
            <>
              {([props.fit, props.keptFit] as const).map((line, index) =>
                line && Number.isFinite(line.slope) ? (
                  <path
                    // biome-ignore lint/suspicious/noArrayIndexKey: the two lines have fixed places
                    key={index}
                    className={index === 0 ? styles.fitAll : styles.fitKept}
                    d={`M${sx(range[0])} ${sy(line.intercept + line.slope * range[0])}L${sx(range[1])} ${sy(line.intercept + line.slope * range[1])}`}
                  />
                ) : null,
              )}
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
}

function Cloud(
  props: ScatterProps & {
    box: { left: number; top: number; width: number; height: number };
    x: [number, number];
    y: [number, number];
  },
) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const { reward, score, uses, box } = props;
  const [x0, x1] = props.x;
  const [y0, y1] = props.y;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's version says when colours changed
  useEffect(() => {
    const element = canvas.current!;
    const ratio = devicePixelRatio;
    element.width = Math.round(box.width * ratio);
    element.height = Math.round(box.height * ratio);
    const context = element.getContext('2d')!;
    context.scale(ratio, ratio);
    const palette = readPalette(element);
    const place = (row: number): [number, number] => {
      const jitter = (mix32(row + 1) / 2 ** 32 - 0.5) * 2 * spread;
      return [
        ((reward[row] - x0) / (x1 - x0)) * box.width,
        box.height - ((score[row] + jitter - y0) / (y1 - y0)) * box.height,
      ];
    };
    const paint = reward.length <= dotsAtMost ? paintDots : paintMap;
    paint(context, { reward, score, uses, place, width: box.width, height: box.height }, palette);
  }, [reward, score, uses, box.width, box.height, x0, x1, y0, y1, theme]);

  return (
    <div aria-hidden="true" style={{ position: 'absolute', left: box.left, top: box.top }}>
      <canvas ref={canvas} style={{ display: 'block', width: box.width, height: box.height }} />
    </div>
  );
}

interface Points {
  reward: Float32Array;
  score: Float32Array;
  uses: Float64Array | null;
  place: (row: number) => [number, number];
  width: number;
  height: number;
}
type Palette = ReturnType<typeof readPalette>;

function paintDots(context: CanvasRenderingContext2D, points: Points, palette: Palette) {
  const { reward, score, uses, place } = points;
  const size = reward.length < 600 ? 3 : 2;
  for (const kept of [false, true]) {
    context.fillStyle = kept ? palette.series[0] : palette.muted;
    for (let row = 0; row < reward.length; row++) {
      if (Number.isNaN(score[row]) || (uses ? uses[row] > 0 : false) !== kept) continue;
      context.globalAlpha = kept ? 0.25 + 0.6 * Math.min(1, uses![row]) : 0.28;
      const [x, y] = place(row);
      context.beginPath();
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

/** Counts per cell, strength by the logarithm of the count, so that one response and a thousand both show. */
function paintMap(context: CanvasRenderingContext2D, points: Points, palette: Palette) {
  const { reward, score, uses, place, width, height } = points;
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const all = new Float32Array(columns * rows);
  const kept = new Float32Array(columns * rows);
  for (let row = 0; row < reward.length; row++) {
    if (Number.isNaN(score[row])) continue;
    const [x, y] = place(row);
    const at =
      Math.min(rows - 1, Math.max(0, Math.floor(y / cell))) * columns +
      Math.min(columns - 1, Math.floor(x / cell));
    all[at]++;
    if (uses) kept[at] += Math.min(1, uses[row]);
  }
  const most = Math.log1p(all.reduce((a, b) => Math.max(a, b), 1));
  for (const layer of [all, kept]) {
    context.fillStyle = layer === all ? palette.muted : palette.series[0];
    for (let at = 0; at < layer.length; at++) {
      if (layer[at] === 0) continue;
      context.globalAlpha = (layer === all ? 0.55 : 0.9) * (Math.log1p(layer[at]) / most);
      context.fillRect((at % columns) * cell, Math.floor(at / columns) * cell, cell, cell);
    }
  }
  context.globalAlpha = 1;
}

/**
 * Reward against true score, readable from a hundred points to a million: single dots while they can be told apart,
 * a map of counts beyond that. Scores come in a few steps (tests passed), so dots are spread a little up and down;
 * the spread is the same every time.
 */
import { memo, useEffect, useMemo, useRef } from 'react';
import { fixed } from '../../../../core/numberText.ts';
import { mix32 } from '../../../../core/random.ts';
import type { Line } from '../../../../core/statistics/stats.ts';
import { format } from '../../../charts/curves/curves.ts';
import { readPalette, useThemeVersion } from '../../../charts/palette.ts';
import { extent } from '../../../charts/svg/scale.ts';
import { Figure } from './Figure.tsx';
import { Frame } from './Frame.tsx';
import styles from './figures.module.css';
import { fitPath } from './fitPath.ts';
import { Key } from './Key.tsx';

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
  /** These are a sample; the line through all is of all. */
  sampled: boolean;
}

/** Beyond this many, dots cover each other and a map says more. */
const dotsAtMost = 4000;
/** Side of a cell of the map, in CSS pixels. */
const cell = 4;
const spread = 0.035;

export const Scatter = memo(function Scatter(props: ScatterProps) {
  const { reward, score } = props;
  const range: readonly [number, number] = useMemo(() => extent(reward) ?? [-1, 1], [reward]);
  const pad = (range[1] - range[0]) * 0.03 || 0.5;
  const x: [number, number] = [range[0] - pad, range[1] + pad];
  const y: [number, number] = [-0.06, 1.06];
  const r2 = (line: Line | null) => fixed(line?.r2, 3);
  return (
    <Figure
      title="Reward against true score"
      what="Every response: what the reward model said and what the tests say. Dots are spread a little up and down so that they do not cover each other. The lines are straight-line fits: grey through all responses, blue through the expected kept ones; R² says how well each fits."
      formula="R² = 1 − Σ(s − ŝ)² / Σ(s − s̄)²"
      note={`R² of all ${r2(props.fit)}, of what ${props.keptLabel} keeps ${r2(props.keptFit)}${props.sampled ? ' (in the sample)' : ''}`}
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
              <path className={styles.fitAll} d={fitPath(props.fit, sx, sy, range) ?? undefined} />
              <path className={styles.fitKept} d={fitPath(props.keptFit, sx, sy, range) ?? undefined} />
              <Key
                across={sx.range}
                y={sy(0.93)}
                items={[
                  { label: 'line of all', mark: styles.fitAll },
                  { label: `of what ${props.keptLabel} keeps`, mark: styles.fitKept },
                ]}
              />
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
});

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function Cloud(props: ScatterProps & { box: Box; x: [number, number]; y: [number, number] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const { reward, score, uses, box } = props;
  const [x0, x1] = props.x;
  const [y0, y1] = props.y;

  // Where each response stands, computed once: while a filter is dragged only the strengths change.
  const places = useMemo(() => {
    const at = new Float32Array(2 * reward.length);
    for (let row = 0; row < reward.length; row++) {
      const jitter = (mix32(row + 1) / 2 ** 32 - 0.5) * 2 * spread;
      at[2 * row] = ((reward[row] - x0) / (x1 - x0)) * box.width;
      at[2 * row + 1] = box.height - ((score[row] + jitter - y0) / (y1 - y0)) * box.height;
    }
    return at;
  }, [reward, score, box.width, box.height, x0, x1, y0, y1]);

  const asMap = reward.length > dotsAtMost;
  const map = useMemo(
    () => (asMap ? planMap(places, box.width, box.height) : null),
    [asMap, places, box.width, box.height],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's version says when colours changed
  useEffect(() => {
    const element = canvas.current!;
    const palette = readPalette(element);
    if (map) paintMap(element, map, uses, palette);
    else paintDots(element, { places, score, uses, width: box.width, height: box.height }, palette);
  }, [map, places, score, uses, theme]);

  return (
    <div aria-hidden="true" style={{ position: 'absolute', left: box.left, top: box.top }}>
      <canvas
        ref={canvas}
        style={{ display: 'block', width: box.width, height: box.height, imageRendering: 'pixelated' }}
      />
    </div>
  );
}

interface Points {
  /** [2B] x and y of each response, in CSS pixels; NaN where the true score is unknown. */
  places: Float32Array;
  score: Float32Array;
  uses: Float64Array | null;
  width: number;
  height: number;
}
type Palette = ReturnType<typeof readPalette>;

function paintDots(canvas: HTMLCanvasElement, points: Points, palette: Palette) {
  const { places, score, uses, width, height } = points;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const size = score.length < 600 ? 3 : 2;
  for (const kept of [false, true]) {
    context.fillStyle = kept ? palette.series[0] : palette.muted;
    for (let row = 0; row < score.length; row++) {
      if (Number.isNaN(score[row]) || (uses ? uses[row] > 0 : false) !== kept) continue;
      context.globalAlpha = kept ? 0.25 + 0.6 * Math.min(1, uses![row]) : 0.28;
      context.beginPath();
      context.arc(places[2 * row], places[2 * row + 1], size, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** The cells of the map, and what no filter changes about them. */
interface MapPlan {
  columns: number;
  rows: number;
  /** [B] cell of each response; the last, which is not drawn, where the true score is unknown. */
  cellOf: Int32Array;
  /** [cells] responses in each cell. */
  all: Float32Array;
  most: number;
}

function planMap(places: Float32Array, width: number, height: number): MapPlan {
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const cellOf = new Int32Array(places.length / 2);
  const all = new Float32Array(columns * rows);
  let most = 1;
  for (let row = 0; row < cellOf.length; row++) {
    const y = places[2 * row + 1];
    if (Number.isNaN(y)) {
      cellOf[row] = all.length;
      continue;
    }
    const line = Math.min(rows - 1, Math.max(0, Math.floor(y / cell)));
    const at = line * columns + Math.min(columns - 1, Math.max(0, Math.floor(places[2 * row] / cell)));
    cellOf[row] = at;
    if (++all[at] > most) most = all[at];
  }
  return { columns, rows, cellOf, all, most };
}

/**
 * Counts per cell, strength by the logarithm of the count, so that one response and a thousand both show. Painted as
 * one small image, one pixel per cell, that the page enlarges.
 */
function paintMap(canvas: HTMLCanvasElement, plan: MapPlan, uses: Float64Array | null, palette: Palette) {
  const { columns, rows, cellOf, all, most } = plan;
  const kept = new Float32Array(all.length + 1);
  if (uses) for (let row = 0; row < cellOf.length; row++) kept[cellOf[row]] += Math.min(1, uses[row]);
  // Setting a size makes a new canvas of it, so it is set when it changes.
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const image = context.createImageData(columns, rows);
  const base = rgb(context, palette.muted);
  const strong = rgb(context, palette.series[0]);
  const scale = 1 / Math.log1p(most);
  for (let at = 0; at < all.length; at++) {
    if (all[at] === 0) continue;
    const share = kept[at] / all[at];
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * at + channel] = base[channel] + share * (strong[channel] - base[channel]);
    }
    image.data[4 * at + 3] = 255 * (0.5 + 0.4 * share) * Math.log1p(all[at]) * scale + 24;
  }
  context.putImageData(image, 0, 0);
}

function rgb(context: CanvasRenderingContext2D, colour: string): Uint8ClampedArray {
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

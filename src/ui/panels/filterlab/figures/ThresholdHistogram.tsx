/**
 * Rewards of passing responses (up) and failing ones (down), the expected kept part solid. For threshold filters the
 * thresholds stand in it as handles: mouse, touch, arrow keys.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { format } from '../../../charts/curves/curves.ts';
import type { Scale } from '../../../charts/svg/scale.ts';
import { Figure } from './Figure.tsx';
import { Frame } from './Frame.tsx';
import styles from './figures.module.css';
import type { Bars } from './histogramBars.ts';
import { Key } from './Key.tsx';

export interface ThresholdHistogramProps {
  bars: Bars;
  /** Whether truth is known: without it every response counts as one kind. */
  known: boolean;
  handles: readonly { which: 'high' | 'low'; value: number }[];
  onThreshold: (which: 'high' | 'low', value: number, gesture: string) => void;
  onSettle: () => void;
  /** What the filters look at, and the bars count. */
  looked: string;
}

const handleText = { high: 'Upper threshold', low: 'Lower threshold' };

export function ThresholdHistogram(props: ThresholdHistogramProps) {
  const { edges, pass, fail, passKept, failKept } = props.bars;
  // Room for the key above the highest column.
  const most = Math.max(1, ...pass, ...fail) * (props.known ? 1.3 : 1.15);
  const range: [number, number] = [edges[0], edges[edges.length - 1]];
  const down = props.known ? -1 : 1;
  return (
    <Figure
      title={props.known ? 'Rewards of passing and failing responses' : 'Rewards'}
      what="How many responses got which reward: passing ones upwards, failing ones downwards. Solid is what the edited filter is expected to keep. Threshold filters have their thresholds here, to drag."
      head={['reward from', 'to', 'passing', 'of them kept', 'failing', 'of them kept ']}
      rows={() =>
        Array.from(pass, (count, i) => [edges[i], edges[i + 1], count, passKept[i], fail[i], failKept[i]])
      }
      show={(value, column) => format(value, column < 2 ? 2 : column % 2 === 0 ? 0 : 1)}
    >
      {(svg) => (
        <Frame
          svgRef={svg}
          interactive={props.handles.length > 0}
          label="Histogram of rewards, passing up and failing down, with the kept part solid"
          height={240}
          x={range}
          y={props.known ? [-most, most] : [0, most]}
          mirrored={props.known}
          xLabel={props.looked}
          yLabel={props.known ? 'failing · passing' : 'responses'}
        >
          {(sx, sy) => (
            <>
              <path className={styles.passAll} d={columns(sx, sy, edges, pass)} />
              <path className={styles.passKept} d={columns(sx, sy, edges, least(pass, passKept))} />
              <path className={styles.failAll} d={columns(sx, sy, edges, fail, down)} />
              <path className={styles.failKept} d={columns(sx, sy, edges, least(fail, failKept), down)} />
              <Key
                across={sx.range}
                y={sy.range[1]}
                items={[
                  { label: 'all', mark: styles.passAll, block: true },
                  { label: 'kept', mark: styles.passKept, block: true },
                ]}
              />
              {props.handles.map((handle) => (
                <Handle key={handle.which} {...handle} {...props} sx={sx} sy={sy} range={range} />
              ))}
            </>
          )}
        </Frame>
      )}
    </Figure>
  );
}

const least = (all: Float64Array, kept: Float64Array) => kept.map((count, i) => Math.min(count, all[i]));

/** All columns of one kind as one path: a drag redraws four of them, not 160. */
function columns(sx: Scale, sy: Scale, edges: Float64Array, counts: Float64Array, sign = 1): string {
  let path = '';
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] <= 0) continue;
    const x = sx(edges[i]) + 0.5;
    const width = Math.max(1, sx(edges[i + 1]) - sx(edges[i]) - 1);
    path += `M${x.toFixed(1)} ${sy(0)}V${sy(sign * counts[i]).toFixed(1)}h${width.toFixed(1)}V${sy(0)}Z`;
  }
  return path;
}

function Handle(
  props: ThresholdHistogramProps & {
    which: 'high' | 'low';
    value: number;
    sx: Scale;
    sy: Scale;
    range: [number, number];
  },
) {
  const { which, value, sx, sy, range } = props;
  const ref = useRef<SVGGElement>(null);
  const span = range[1] - range[0];
  const place = sx(Math.min(range[1], Math.max(range[0], value)));
  const [bottom, top] = sy.range;
  const move = (next: number) =>
    props.onThreshold(which, Math.min(range[1], Math.max(range[0], next)), which);
  const fromPointer = (event: PointerEvent) => {
    const box = ref.current!.ownerSVGElement!.getBoundingClientRect();
    move(sx.invert(event.clientX - box.left));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = {
      ArrowRight: 0.01,
      ArrowUp: 0.01,
      ArrowLeft: -0.01,
      ArrowDown: -0.01,
      PageUp: 0.1,
      PageDown: -0.1,
    }[event.key];
    if (event.key === 'Home') move(range[0]);
    else if (event.key === 'End') move(range[1]);
    else if (step) move(value + step * span);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <g
      ref={ref}
      className={styles.handle}
      role="slider"
      tabIndex={0}
      aria-label={handleText[which]}
      aria-valuemin={range[0]}
      aria-valuemax={range[1]}
      aria-valuenow={value}
      aria-valuetext={format(value, 2)}
      onKeyDown={onKeyDown}
      onKeyUp={props.onSettle}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
        event.currentTarget.focus();
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && fromPointer(event)}
      onPointerUp={props.onSettle}
      onPointerCancel={props.onSettle}
    >
      <rect className={styles.handleArea} x={place - 12} width="24" y={top} height={bottom - top} />
      <path className={styles.handleLine} d={`M${place} ${top}V${bottom}`} />
      <path
        className={styles.handleGrip}
        d={which === 'high' ? `M${place} ${top}l9 7l-9 7Z` : `M${place} ${top}l-9 7l9 7Z`}
      />
    </g>
  );
}

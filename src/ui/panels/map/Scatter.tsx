/** Prediction against gain: a mark for each filter in each cell. Filters differ in shape as well as in colour. */
import { fixed } from '../../../core/numberText.ts';
import { seriesColour } from '../../charts/palette.ts';
import { extent, linear, ticks } from '../../charts/svg/scale.ts';
import styles from './map.module.css';

export interface ScatterPoint {
  x: number;
  y: number;
  /** Index of the filter. */
  series: number;
  what: string;
}

const width = 560;
const height = 320;
const margin = { left: 56, right: 14, top: 12, bottom: 44 };

export function Scatter(props: {
  points: readonly ScatterPoint[];
  series: readonly string[];
  xLabel: string;
  yLabel: string;
}) {
  const { points, series, xLabel, yLabel } = props;
  const bottom = height - margin.bottom;
  const px = linear(domainOf(points.map(({ x }) => x)), [margin.left, width - margin.right]);
  const py = linear(domainOf(points.map(({ y }) => y)), [bottom, margin.top]);
  return (
    <figure className={styles.scatter}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${yLabel} against ${xLabel}, ${points.length} marks`}
      >
        {ticks(...px.domain, 6).map((x) => (
          <g key={x}>
            <line
              x1={px(x)}
              x2={px(x)}
              y1={margin.top}
              y2={bottom}
              className={x === 0 ? styles.zero : styles.grid}
            />
            <text x={px(x)} y={bottom + 16} textAnchor="middle">
              {label(x)}
            </text>
          </g>
        ))}
        {ticks(...py.domain, 5).map((y) => (
          <g key={y}>
            <line
              x1={margin.left}
              x2={width - margin.right}
              y1={py(y)}
              y2={py(y)}
              className={y === 0 ? styles.zero : styles.grid}
            />
            <text x={margin.left - 6} y={py(y) + 4} textAnchor="end">
              {label(y)}
            </text>
          </g>
        ))}
        <text x={(margin.left + width - margin.right) / 2} y={height - 6} textAnchor="middle">
          {xLabel}
        </text>
        <text transform={`translate(12 ${(margin.top + bottom) / 2}) rotate(-90)`} textAnchor="middle">
          {yLabel}
        </text>
        {points.map(({ x, y, series, what }) => (
          <path
            key={what}
            d={markPath(series)}
            transform={`translate(${px(x)} ${py(y)})`}
            fill={seriesColour(series)}
          >
            <title>{what}</title>
          </path>
        ))}
      </svg>
      <figcaption>
        {series.map((name, i) => (
          <span key={name}>
            <svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true">
              <path d={markPath(i)} fill={seriesColour(i)} />
            </svg>{' '}
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Circle, square, triangle, diamond, cross, triangle down, hourglass, plus. */
const marks = [
  'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z',
  'M-4 -4H4V4H-4Z',
  'M0 -5L5 4H-5Z',
  'M0 -5.5L5 0L0 5.5L-5 0Z',
  'M-5 -3L-3 -5L0 -2L3 -5L5 -3L2 0L5 3L3 5L0 2L-3 5L-5 3L-2 0Z',
  'M0 5L5 -4H-5Z',
  'M-4.5 -4.5H4.5L-4.5 4.5H4.5Z',
  'M-1.6 -5H1.6V-1.6H5V1.6H1.6V5H-1.6V1.6H-5V-1.6H-1.6Z',
] as const;
const markPath = (series: number): string => marks[series % marks.length];

const label = (value: number): string => fixed(value, Math.abs(value) >= 1 || value === 0 ? 1 : 2);

/** The range with a little room around it, and zero in it. */
function domainOf(values: readonly number[]): [low: number, high: number] {
  const [low, high] = extent([0, ...values])!;
  const room = (high - low || 1) * 0.06;
  return [low - room, high + room];
}

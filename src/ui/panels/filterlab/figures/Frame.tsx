/** Axes, grid and labels around a figure that is drawn as SVG, at the width that the page gives it. */
import { memo, type ReactNode, useEffect, useRef, useState } from 'react';
import { tick } from '../../../charts/curves/curves.ts';
import { linear, type Scale, ticks } from '../../../charts/svg/scale.ts';
import styles from './figures.module.css';

export interface FrameProps {
  /** Says what is drawn, for people who do not see it. */
  label: string;
  height: number;
  x: readonly [number, number];
  y: readonly [number, number];
  xLabel: string;
  yLabel: string;
  /** Counts go down as well as up: the y-axis has no signs. */
  mirrored?: boolean;
  /** Places of the x ticks; by default round numbers. */
  xTicks?: readonly number[];
  /** Draws inside the axes; gets the scales. */
  children: (x: Scale, y: Scale) => ReactNode;
  /** Drawn behind, for example a canvas, in the same place as the plot area. */
  behind?: (box: { left: number; top: number; width: number; height: number }) => ReactNode;
  /** It holds handles: a picture as such hides what is in it from assistive technology. */
  interactive?: boolean;
  svgRef?: React.RefObject<SVGSVGElement | null>;
}

const margin = { top: 10, right: 14, bottom: 40, left: 56 };

/** Width of an element in CSS pixels, following the page. */
function useWidth<T extends HTMLElement>(): [React.RefObject<T | null>, number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current!;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

function boxOf(width: number, height: number) {
  return {
    left: margin.left,
    top: margin.top,
    width: Math.max(40, width - margin.left - margin.right),
    height: height - margin.top - margin.bottom,
  };
}

export function Frame(props: FrameProps) {
  const [host, width] = useWidth<HTMLDivElement>();
  const { height } = props;
  const inner = boxOf(width, height);
  const x = linear(props.x, [inner.left, inner.left + inner.width]);
  const y = linear(props.y, [inner.top + inner.height, inner.top]);
  return (
    <div ref={host} className={styles.frame} style={{ height }}>
      {width > 0 ? (
        <>
          {props.behind?.(inner)}
          <svg
            ref={props.svgRef}
            width={width}
            height={height}
            role={props.interactive ? 'group' : 'img'}
            aria-label={props.label}
          >
            <Axes
              width={width}
              height={height}
              x0={props.x[0]}
              x1={props.x[1]}
              y0={props.y[0]}
              y1={props.y[1]}
              xLabel={props.xLabel}
              yLabel={props.yLabel}
              xTicks={props.xTicks?.join(' ')}
              mirrored={props.mirrored}
            />
            {props.children(x, y)}
          </svg>
        </>
      ) : null}
    </div>
  );
}

interface AxesProps extends Pick<FrameProps, 'height' | 'xLabel' | 'yLabel' | 'mirrored'> {
  width: number;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  /** Places of the x ticks, with blanks between them. */
  xTicks?: string;
}

/** It takes plain values alone: a drag changes none of them, so React does not draw the axes again. */
const Axes = memo(function Axes({ width, height, x0, x1, y0, y1, ...props }: AxesProps) {
  const inner = boxOf(width, height);
  const x = linear([x0, x1], [inner.left, inner.left + inner.width]);
  const y = linear([y0, y1], [inner.top + inner.height, inner.top]);
  const bottom = inner.top + inner.height;
  const xTicks = props.xTicks?.split(' ').map(Number) ?? ticks(x0, x1, Math.max(2, inner.width / 80));
  return (
    <g className={styles.axis}>
      {ticks(y0, y1, Math.max(2, inner.height / 45)).map((value) => (
        <g key={value}>
          <path className={styles.gridLine} d={`M${inner.left} ${y(value)}h${inner.width}`} />
          <text x={inner.left - 8} y={y(value)} dy="0.32em" textAnchor="end">
            {tick(props.mirrored ? Math.abs(value) : value)}
          </text>
        </g>
      ))}
      {xTicks.map((value) => (
        <text key={value} x={x(value)} y={bottom + 16} textAnchor="middle">
          {tick(value)}
        </text>
      ))}
      <path className={styles.baseLine} d={`M${inner.left} ${bottom}h${inner.width}`} />
      <text x={inner.left + inner.width / 2} y={height - 6} textAnchor="middle" className={styles.axisName}>
        {props.xLabel}
      </text>
      <text
        transform={`translate(9 ${inner.top + inner.height / 2}) rotate(-90)`}
        textAnchor="middle"
        className={styles.axisName}
      >
        {props.yLabel}
      </text>
    </g>
  );
});

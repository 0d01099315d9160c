/**
 * The one place that talks to uPlot: several lines with bands on one canvas, a hairline shared with other charts,
 * labels at the line ends, a mark at the chosen moment. It draws; names, tables and explanations are the job of
 * LineFigure. A new chart is made only when the set of lines, the theme or the axis changes: streaming points go
 * through setData.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useCursor } from './cursor.ts';
import { columnsOf, dashOfLine, type Line, type Moment, sameColumns, tick } from './curves/curves.ts';
import { type Palette, readPalette, seriesCount, useThemeVersion } from './palette.ts';
import { alpha, drawEndLabels, labelRoom, placeMoments } from './plotMarks.ts';

export interface PlotProps {
  lines: readonly Line[];
  height: number;
  /** Limits that the y-axis always shows, for example [0, 1]; it grows beyond them if the data do. */
  yInclude?: readonly [number, number];
  /** Name of each line at its end, where the lines are few and the chart is wide. */
  endLabels?: boolean;
  /** Draws a vertical mark here: the moment that the rest of the page shows. */
  moment?: Moment | null;
  /** Called with a place on the x-axis when a person clicks or presses Enter there. */
  onMoment?: (x: number) => void;
  xLabel?: string;
  /** The x-axis runs from 0 to here from the start, so that a growing line does not shift what is drawn. */
  xReach?: number;
  /** Fewer ticks, smaller type. */
  small?: boolean;
}

const perLine = (line: Line) => (line.low ? 3 : 1);

/** How many values a column has. */
function measured(column: ArrayLike<number | null | undefined>): number {
  let count = 0;
  for (let i = 0; i < column.length; i++) if (column[i] != null) count++;
  return count;
}

/** The furthest place that any line has reached. */
const lastX = (lines: readonly Line[]) => Math.max(0, ...lines.map((line) => line.x.at(-1) ?? 0));

/** What forces a new chart rather than new data. */
const shapeOf = (lines: readonly Line[]) =>
  lines.map((line) => `${line.id}:${line.series}:${line.weight}:${line.low ? 1 : 0}:${line.label}`).join('|');

function seriesOf(line: Line, palette: Palette): uPlot.Series[] {
  const colour = palette.series[line.series % seriesCount];
  const main = line.weight === 'main';
  const drawn: uPlot.Series = {
    label: line.label,
    stroke: main ? colour : alpha(colour, line.weight === 'ghost' ? 35 : line.weight === 'run' ? 45 : 80),
    width: main ? 2 : line.weight === 'ghost' ? 2 : 1,
    dash: dashOfLine(line),
    spanGaps: true,
    points: {
      // A line of a few evaluations shows where they are; a long one would only be cluttered.
      show: (u, index) => main && index > 0 && measured(u.data[index]) <= 24,
      size: main ? 6 : 4,
      fill: colour,
      stroke: colour,
    },
  };
  const edge: uPlot.Series = {
    label: '',
    width: 0,
    stroke: 'transparent',
    spanGaps: true,
    points: { show: false },
  };
  return line.low ? [edge, { ...edge }, drawn] : [drawn];
}

function bandsOf(lines: readonly Line[], palette: Palette): uPlot.Band[] {
  const bands: uPlot.Band[] = [];
  let next = 1;
  for (const line of lines) {
    if (line.low) {
      bands.push({ series: [next + 1, next], fill: alpha(palette.series[line.series % seriesCount], 16) });
    }
    next += perLine(line);
  }
  return bands;
}

/** The index nearest to `at` where a column has a value: arms are not measured at the same places. */
function measuredNear(column: ArrayLike<number | null | undefined>, at: number): number {
  for (let away = 0; away < column.length; away++) {
    if (column[at - away] != null) return at - away;
    if (column[at + away] != null) return at + away;
  }
  return at;
}

/** Steps between ticks: 1, 2 or 5 times a power of ten. There is no half of an iteration. */
const steps = (least: number) =>
  Array.from({ length: 13 - least }, (_, at) => [1, 2, 5].map((m) => Number(`${m}e${least + at}`))).flat();
const xSteps = steps(0);
const ySteps = steps(-6);

/** Room for the longest number on the y-axis, so that none loses its sign. */
const axisRoom = (least: number, size: number, texts: readonly string[] | null) =>
  Math.max(least, Math.ceil(10 + 0.62 * size * Math.max(0, ...(texts ?? []).map((text) => text.length))));

/** Limits with a little air; a single value gets a symmetric window. */
function airy(
  low: number | null,
  high: number | null,
  include?: readonly [number, number],
): [number, number] {
  let a = Math.min(low ?? Infinity, include?.[0] ?? Infinity);
  let b = Math.max(high ?? -Infinity, include?.[1] ?? -Infinity);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return [0, 1];
  // What differs by rounding alone is one value, and next to nothing is 0.
  if (b - a < 2e-6) {
    const middle = Math.abs(a) < 1e-5 ? 0 : (a + b) / 2;
    const around = Math.abs(middle) * 0.1 || 1;
    return [middle - around, middle + around];
  }
  const air = (b - a) * 0.06;
  if (a !== include?.[0] && a !== 0) a -= air;
  if (b !== include?.[1]) b += air;
  return [a, b];
}

export function Plot(props: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  /** Moves the marks of the moment to where they belong now. */
  const place = useRef<(u: uPlot) => void>(() => {});
  // Hooks of a living chart read the newest props through this.
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  /** Where the x-axis of what is drawn ends. */
  const reach = useRef(props.xReach);
  const cursor = useCursor();
  const theme = useThemeVersion();
  const shape = shapeOf(props.lines);
  const { height, small = false, endLabels = false, xLabel } = props;

  // biome-ignore lint/correctness/useExhaustiveDependencies: shape and theme stand for what the chart is built from
  useEffect(() => {
    const element = host.current!;
    const palette = readPalette(element);
    const family = getComputedStyle(element).fontFamily;
    const size = small ? 11 : 12;
    const font = `${size}px ${family}`;
    const canvasFont = `600 ${size * devicePixelRatio}px ${family}`;
    const wide = endLabels && element.clientWidth >= 420;
    const { lines } = latest.current;
    const axis: uPlot.Axis = {
      stroke: palette.muted,
      font,
      grid: { stroke: palette.grid, width: 1 },
      ticks: { show: false },
      border: { show: false },
      gap: 4,
    };
    place.current = (self) =>
      placeMoments(self, latest.current.moment ?? null, latest.current.lines, palette);
    let pointing = false;
    const u = new uPlot(
      {
        width: Math.max(80, element.clientWidth),
        height,
        legend: { show: false },
        padding: [8, wide ? labelRoom(lines, `600 ${font}`) : 12, 0, 0],
        cursor: {
          y: false,
          drag: { x: false, y: false },
          points: { size: 7, width: 2, fill: palette.surface },
          dataIdx: (self, index, at) => measuredNear(self.data[index], at),
        },
        scales: {
          x: {
            time: false,
            range: (_, low, high) => {
              const { xReach } = latest.current;
              if (xReach !== undefined) return [0, Math.max(xReach, lastX(latest.current.lines))];
              return low === high ? [low - 0.5, high + 0.5] : [low, high];
            },
          },
          y: { range: (_, low, high) => airy(low, high, latest.current.yInclude) },
        },
        axes: [
          {
            ...axis,
            space: small ? 36 : 70,
            incrs: xSteps,
            gap: 7,
            size: xLabel ? 29 : 25,
            values: (_, splits) => splits.map((value) => tick(value)),
            grid: { show: false },
            ...(xLabel && !small ? { label: xLabel, labelSize: 20, labelFont: font } : {}),
          },
          {
            ...axis,
            space: small ? 22 : 36,
            incrs: ySteps,
            size: (_, texts) => axisRoom(small ? 40 : 46, size, texts),
            values: (_, splits) => splits.map((value) => tick(value)),
          },
        ],
        series: [{}, ...lines.flatMap((line) => seriesOf(line, palette))],
        bands: bandsOf(lines, palette),
        hooks: {
          setCursor: [
            (self) => {
              if (!pointing) return;
              const left = self.cursor.left ?? -1;
              cursor.set(left >= 0 ? self.posToVal(left, 'x') : null);
            },
          ],
          draw: [
            (self) => {
              const { lines: now } = latest.current;
              place.current(self);
              if (wide) drawEndLabels(self, now, palette, canvasFont);
            },
          ],
        },
      },
      columnsOf(lines) as uPlot.AlignedData,
      element,
    );
    chart.current = u;
    reach.current = latest.current.xReach;
    const enter = () => {
      pointing = true;
    };
    const leave = () => {
      pointing = false;
      cursor.set(null);
    };
    const click = () => {
      const left = u.cursor.left ?? -1;
      if (left >= 0) latest.current.onMoment?.(u.posToVal(left, 'x'));
    };
    u.over.addEventListener('mouseenter', enter);
    u.over.addEventListener('mouseleave', leave);
    u.over.addEventListener('click', click);
    const follow = () => {
      if (pointing) return;
      const x = cursor.get();
      u.setCursor({ left: x === null ? -10 : u.valToPos(x, 'x'), top: x === null ? -10 : 0 }, false);
    };
    const unsubscribe = cursor.subscribe(follow);
    const resize = new ResizeObserver(() => {
      if (element.clientWidth > 0) u.setSize({ width: element.clientWidth, height });
    });
    resize.observe(element);
    return () => {
      unsubscribe();
      resize.disconnect();
      u.destroy();
      chart.current = null;
    };
  }, [shape, theme, height, small, endLabels, xLabel, cursor]);

  // Most of what is logged changes more seldom than the arms do: what is drawn already is not drawn again.
  const draw = useRef(() => {
    const u = chart.current;
    const data = columnsOf(latest.current.lines);
    const { xReach } = latest.current;
    if (!u || (xReach === reach.current && sameColumns(u.data, data))) return;
    reach.current = xReach;
    u.setData(data as uPlot.AlignedData);
  });

  // A chart that nobody sees is drawn when it comes into view, not before.
  const visible = useRef(true);
  const stale = useRef(false);
  useEffect(() => {
    const refresh = () => {
      if (!stale.current) return;
      stale.current = false;
      draw.current();
    };
    const observer = new IntersectionObserver(
      (entries) => {
        visible.current = entries[entries.length - 1].isIntersecting;
        if (visible.current) refresh();
      },
      { rootMargin: '200px' },
    );
    observer.observe(host.current!);
    // Paper shows what no screen did.
    addEventListener('beforeprint', refresh);
    return () => {
      observer.disconnect();
      removeEventListener('beforeprint', refresh);
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawing reads the lines and the reach
  useEffect(() => {
    if (visible.current) draw.current();
    else stale.current = true;
  }, [props.lines, props.xReach]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: placing reads the moment
  useEffect(() => {
    if (chart.current) place.current(chart.current);
  }, [props.moment]);

  return <div ref={host} style={{ height, minWidth: 0 }} aria-hidden="true" />;
}

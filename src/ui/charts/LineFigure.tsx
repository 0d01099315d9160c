/**
 * A line chart as a person meets it: name and explanation, the values under the shared cursor, the chart, and its
 * twin table. The chart itself is one stop for the keyboard: arrow keys move the shared cursor from point to point
 * and the values are announced; Enter goes to that moment.
 */
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { usePrinting } from '../print/usePrinting.ts';
import styles from './charts.module.css';
import { useCursor, useCursorX } from './cursor.ts';
import { format, type Line, type Moment, momentAt, nearest, tableOf, unionOfX } from './curves/curves.ts';
import { Explain } from './Explain.tsx';
import { FigureTable } from './FigureTable.tsx';
import { Plot, type PlotProps } from './Plot.tsx';
import { namedPalette, readPalette } from './palette.ts';
import { Swatch } from './Swatch.tsx';
import { lineSvg } from './svg/lineSvg.ts';

export interface LineFigureProps extends Omit<PlotProps, 'xLabel'> {
  title: string;
  what: string;
  formula?: string;
  unit?: string;
  digits: number;
  xLabel: string;
  /** Said under the title and in exports, for example that the reward is synthetic. */
  note?: string;
  /** Shown in place of the chart while no line has a point. */
  empty?: string;
  /** A word above the title that says what family the figure belongs to. */
  kicker?: string;
  /** What lessons call it. */
  part?: string;
  /** In place of the table of the lines' own points. */
  table?: { head: readonly string[]; rows: () => (string | number | null)[][] };
}

/** Name that tells two lines of one chart apart. */
const nameOf = (line: Line) =>
  line.weight === 'thin'
    ? `${line.label} ${line.companion ?? ''}`
    : line.weight === 'ghost'
      ? `${line.label} recorded`
      : line.label;

/** In reading order: companions are drawn below the main lines, so they come after them. */
const mainFirst = (lines: readonly Line[]) => [
  ...lines.filter((line) => line.weight !== 'thin'),
  ...lines.filter((line) => line.weight === 'thin'),
];

function valuesAt(lines: readonly Line[], pointed: number | null, digits: number, moment?: Moment | null) {
  return lines.flatMap((line) => {
    if (line.x.length === 0 || line.weight === 'ghost' || line.weight === 'run') return [];
    const x = pointed ?? momentAt(moment, line);
    const index = x === null ? line.x.length - 1 : nearest(line.x, x);
    const error = line.high ? line.high[index] - line.y[index] : null;
    const after = error === null ? '' : `± ${format(error, digits)}`;
    return [
      {
        line,
        x: line.x[index],
        text: format(line.y[index], digits),
        after: line.said?.[index] ?? after,
      },
    ];
  });
}

/**
 * Values under the pointer, or of the moment that the page shows, or the newest. Alone in re-rendering while the
 * pointer moves.
 */
function Readout(props: {
  lines: readonly Line[];
  digits: number;
  unit: string;
  small: boolean;
  moment?: Moment | null | undefined;
}) {
  const x = useCursorX();
  const values = valuesAt(mainFirst(props.lines), x, props.digits, props.moment);
  return (
    <div className={props.small ? styles.readoutSmall : styles.readout} aria-hidden="true">
      {values.map(({ line, text, after }) => (
        <span key={line.id}>
          <Swatch series={line.series} thin={line.weight === 'thin'} width={props.small ? 16 : 22} />
          {props.small ? null : `${nameOf(line)} `}
          <b>{text}</b>
          {after && !props.small ? ` ${after}` : ''}
        </span>
      ))}
    </div>
  );
}

export function LineFigure(props: LineFigureProps) {
  const { title, lines, digits, unit = '', small = false } = props;
  const figure = useRef<HTMLElement>(null);
  const printing = usePrinting();
  const Heading = small ? 'h4' : 'h3';
  const empty = lines.every((line) => line.x.length === 0);
  const svg = () =>
    lineSvg(lines, { title, note: props.note, xLabel: props.xLabel, palette: readPalette(figure.current!) });
  const ordered = mainFirst(lines);
  const rows = () => {
    const table = tableOf(ordered);
    return table.x.map((x, index) => [x, ...table.columns.map((column) => column[index])]);
  };
  return (
    <figure
      ref={figure}
      className={small ? styles.small : styles.figure}
      aria-label={title}
      data-part={props.part}
    >
      <figcaption className={styles.caption}>
        {props.kicker ? <span className={styles.kicker}>{props.kicker}</span> : null}
        <Heading>{title}</Heading>
        <Explain name={title} what={props.what} formula={props.formula} />
        {unit ? <span className={styles.unit}>{unit}</span> : null}
        {props.note ? <span className={styles.note}>{props.note}</span> : null}
      </figcaption>
      <Readout lines={lines} digits={digits} unit={unit} small={small} moment={props.moment} />
      {empty ? (
        <p className={styles.empty} style={{ height: props.height }}>
          {props.empty ?? 'No points yet.'}
        </p>
      ) : printing ? (
        <div
          className={styles.paper}
          // biome-ignore lint/security/noDangerouslySetInnerHtml: drawn here from numbers; names are escaped
          dangerouslySetInnerHTML={{
            __html: lineSvg(lines, {
              title,
              heading: false,
              xLabel: props.xLabel,
              palette: namedPalette,
              ...(small ? { width: 460, height: 220 } : { width: 900, height: 380 }),
            }),
          }}
        />
      ) : (
        <Walk {...props} />
      )}
      <FigureTable
        title={title}
        head={props.table?.head ?? [props.xLabel, ...ordered.map(nameOf)]}
        rows={props.table?.rows ?? rows}
        show={(value, column) =>
          // Counts stand among the columns of a table of its own.
          column === 0 || (props.table && Number.isInteger(value))
            ? format(value, Number.isInteger(value) ? 0 : 1)
            : format(value, digits)
        }
        svg={svg}
      />
    </figure>
  );
}

/** The chart with its keyboard. */
function Walk(props: LineFigureProps) {
  const { lines, title, xLabel, digits } = props;
  const cursor = useCursor();
  const x = useCursorX();
  const places = useMemo(() => unionOfX(lines), [lines]);
  const at = x === null ? places.length - 1 : nearest(places, x);
  const place = places[at] ?? 0;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageUp: 10, PageDown: -10 }[
      event.key
    ];
    if (event.key === 'Enter') props.onMoment?.(place);
    else if (event.key === 'Escape') cursor.set(null);
    else if (event.key === 'Home') cursor.set(places[0]);
    else if (event.key === 'End') cursor.set(places[places.length - 1]);
    else if (step) cursor.set(places[Math.min(places.length - 1, Math.max(0, at + step))]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const spoken = valuesAt(lines, place, digits)
    .map(({ line, text, after }) => `${nameOf(line)} ${text}${line.said ? ` ${after}` : ''}`)
    .join(', ');
  return (
    <div
      className={styles.walk}
      role="slider"
      tabIndex={0}
      aria-label={`${title}: cursor`}
      aria-valuemin={places[0]}
      aria-valuemax={places[places.length - 1]}
      aria-valuenow={place}
      aria-valuetext={`${xLabel} ${format(place, Number.isInteger(place) ? 0 : 1)}: ${spoken}`}
      onKeyDown={onKeyDown}
      onBlur={() => cursor.set(null)}
    >
      <Plot {...props} />
    </div>
  );
}

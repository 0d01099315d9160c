/**
 * The twin of a figure: its numbers as a table, and the ways to take the figure away. Nothing is computed until a
 * person opens it, so that streaming charts cost nothing here.
 */
import { type ReactNode, useState } from 'react';
import { csv } from '../../io/csv/csvFile.ts';
import { TableHead } from '../parts/TableHead.tsx';
import styles from './charts.module.css';
import { download, fileName, json, pngOf } from './exportFigure.ts';

export interface FigureTableProps {
  title: string;
  head: readonly string[];
  /** Called while the table is open. Numbers stay numbers here; `show` writes them. */
  rows: () => (string | number | null)[][];
  show?: (value: number, column: number) => string;
  /** The figure as a stand-alone SVG document. */
  svg?: () => string;
  children?: ReactNode;
}

/** A longer table than this is cut on screen (never in the file): a page of 100,000 rows would stand still. */
const shown = 400;

export function FigureTable(props: FigureTableProps) {
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState('');
  const name = fileName(props.title);
  const png = async () => {
    try {
      download(`${name}.png`, 'image/png', await pngOf(props.svg!()));
      setFailure('');
    } catch (cause) {
      setFailure(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <details className={styles.twin} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Numbers<span className={styles.hidden}> behind “{props.title}”</span>
      </summary>
      {open ? <Open {...props} name={name} png={png} failure={failure} /> : null}
    </details>
  );
}

function Open(props: FigureTableProps & { name: string; png: () => void; failure: string }) {
  const rows = props.rows();
  const show = props.show ?? String;
  return (
    <div className={styles.twinBody}>
      <div className={styles.twinActions}>
        <button
          type="button"
          onClick={() => download(`${props.name}.csv`, 'text/csv', csv(props.head, props.rows()))}
        >
          CSV
        </button>
        <button
          type="button"
          onClick={() => download(`${props.name}.json`, 'application/json', json(props.head, props.rows()))}
        >
          JSON
        </button>
        {props.svg ? (
          <>
            <button
              type="button"
              onClick={() => download(`${props.name}.svg`, 'image/svg+xml', props.svg!())}
            >
              SVG
            </button>
            <button type="button" onClick={props.png}>
              PNG
            </button>
          </>
        ) : null}
        {props.children}
      </div>
      {props.failure ? <p role="alert">{props.failure}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.twinScroll} tabIndex={0} aria-label={`${props.title}: table`}>
        <table>
          <caption className={styles.hidden}>{props.title}</caption>
          <TableHead names={props.head} />
          <tbody>
            {rows.slice(0, shown).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={props.head[column]}>
                    {cell === null ? '' : typeof cell === 'number' ? show(cell, column) : cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > shown ? (
          <p>
            {shown} of {rows.length.toLocaleString('en-GB')} rows; the CSV has all of them.
          </p>
        ) : null}
      </section>
    </div>
  );
}

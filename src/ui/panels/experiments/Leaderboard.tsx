/** What the runs came to, in the shape of Table 2 of the paper, with an interval for every number. */
import { useMemo } from 'react';
import { csv } from '../../../io/csv/csvFile.ts';
import { unfinishedOf } from '../../../lab/experiments/experimentView.ts';
import {
  cellText,
  columns,
  headOf,
  leaderboard,
  markdown,
  numberTable,
  verdictOf,
  winsText,
} from '../../../lab/experiments/outcome/leaderboard.ts';
import type { ExperimentView } from '../../../lab/state/experimentsState.ts';
import { download, fileName } from '../../charts/exportFigure.ts';
import { seriesCount } from '../../charts/palette.ts';
import { Swatch } from '../../charts/Swatch.tsx';
import { useThrottled } from '../../charts/useThrottled.ts';
import { Icon } from '../../parts/Icon.tsx';
import styles from './board.module.css';
import shared from './experiments.module.css';

/** Least time between two countings of runs that still go on. */
const recountMs = 1000;

export function Leaderboard(props: {
  view: ExperimentView;
  baseline: string;
  onBaseline: (arm: string) => void;
  /** Arms left out of the curves; their rows stay. */
  hidden: ReadonlySet<string>;
  onHide: (arm: string) => void;
}) {
  const { baseline, hidden } = props;
  const view = useThrottled(props.view, { ms: recountMs });
  const board = useMemo(
    () =>
      leaderboard(
        view.runs.filter(({ state }) => state !== 'deleted'),
        baseline,
      ),
    [view.runs, baseline],
  );
  const arms = view.spec.arms.map(({ name }) => name);
  const open = unfinishedOf(view).length;
  const title = `Leaderboard of ${view.name}`;
  return (
    <section className={styles.board} aria-label="Leaderboard">
      <div className={styles.boardHead}>
        <h3>Leaderboard</h3>
        <label>
          Baseline
          <select value={baseline} onChange={(event) => props.onBaseline(event.target.value)}>
            {arms.map((arm) => (
              <option key={arm} value={arm}>
                {arm}
              </option>
            ))}
          </select>
        </label>
        <div className={styles.files} data-screen-only>
          <button
            type="button"
            onClick={() => {
              const { head, rows } = numberTable(board);
              download(`${fileName(title)}.csv`, 'text/csv', csv(head, rows));
            }}
          >
            CSV
          </button>
          <button
            type="button"
            onClick={() =>
              download(`${fileName(title)}.json`, 'application/json', `${JSON.stringify(board, null, 2)}\n`)
            }
          >
            JSON
          </button>
          <button
            type="button"
            onClick={() => download(`${fileName(title)}.md`, 'text/markdown', markdown(view.name, board))}
          >
            Markdown
          </button>
        </div>
      </div>
      {board.sentences.map((line) => (
        <p key={line} className={styles.sentence}>
          {line}
        </p>
      ))}
      {open > 0 ? (
        <p className={shared.quiet}>
          {open} of {view.runs.length} {view.runs.length === 1 ? 'run' : 'runs'} still to finish. What there
          is of them is counted, so these numbers will change.
        </p>
      ) : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.boardScroll} tabIndex={0} aria-label="Leaderboard: table">
        <table>
          <caption>
            ± is half the 95 % interval of the mean over seeds (Student’s t); differences are paired by seed
          </caption>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">seeds</th>
              {columns.map(({ key, label, what }) => (
                <th key={key} scope="col" title={what}>
                  {headOf(board, key, label)}
                </th>
              ))}
              <th scope="col" title="Seeds in which it ends above the baseline.">
                wins
              </th>
            </tr>
          </thead>
          <tbody>
            {board.rows.map((row) => (
              <tr key={row.arm} data-faint={hidden.has(row.arm)}>
                <th scope="row">
                  <span className={styles.method}>
                    <Swatch series={arms.indexOf(row.arm) % seriesCount} width={22} />
                    {row.arm}
                    <button
                      type="button"
                      className={styles.eye}
                      data-screen-only
                      aria-pressed={hidden.has(row.arm)}
                      aria-label={`Leave ${row.arm} out of the curves`}
                      onClick={() => props.onHide(row.arm)}
                    >
                      <Icon name={hidden.has(row.arm) ? 'eyeOff' : 'eye'} size={14} />
                    </button>
                  </span>
                </th>
                <td>{row.seeds.length}</td>
                {columns.map((column) => (
                  <td key={column.key}>
                    {column.key === 'difference' && row.arm === board.reference
                      ? 'baseline'
                      : cellText(column, row[column.key])}
                    {column.key === 'difference' && row.difference ? (
                      <small>{verdictOf(row, board.reference)}</small>
                    ) : null}
                  </td>
                ))}
                <td>{winsText(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

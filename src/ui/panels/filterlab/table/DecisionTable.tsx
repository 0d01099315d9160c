/**
 * The table that decides: every filter on the same responses, with 95 % intervals over prompts, a control for the
 * effect of range, and what the paper printed. It says in words which filters these data do not tell apart.
 */
import { memo, useMemo, useState } from 'react';
import type { Grouping } from '../../../../core/analysis/bins.ts';
import type { FilterReport } from '../../../../core/analysis/compareFilters.ts';
import { betterIsLess } from '../../../../core/analysis/toldApart.ts';
import { apartInWords } from '../../../../lab/rollouts/words/criteriaFindings.ts';
import { findingsOf } from '../../../../lab/rollouts/words/findings.ts';
import { methodOf } from '../../../../rlhf/catalogue/catalogue.ts';
import { format } from '../../../charts/curves/curves.ts';
import { Explain } from '../../../charts/Explain.tsx';
import { download } from '../../../charts/exportFigure.ts';
import { TableHead } from '../../../parts/TableHead.tsx';
import shared from '../filterlab.module.css';
import { type Column, columns, tableCsv } from './decisionColumns.tsx';
import { paperTable1 } from './paper.ts';
import styles from './table.module.css';

export interface DecisionTableProps {
  reports: readonly FilterReport[];
  busy: boolean;
  /** The table waits until everything has been read. */
  reading: boolean;
  failure: string;
  grouping: Grouping;
  onGrouping: (grouping: Grouping) => void;
  /** Id of the edited filter's row, which stands first. */
  edited: string;
}

export const DecisionTable = memo(function DecisionTable(props: DecisionTableProps) {
  const { reports, grouping } = props;
  const [sorting, setSorting] = useState<{ head: string; turned: boolean } | null>(null);
  const sorted = useMemo(() => sortedBy(reports, sorting), [reports, sorting]);
  const chosen = columns.find(({ head }) => head === sorting?.head);
  const sort = (head: string) =>
    setSorting(
      sorting?.head !== head ? { head, turned: false } : sorting.turned ? null : { head, turned: true },
    );
  return (
    <section className={styles.decision} aria-label="Filters compared" data-part="decision-table">
      <header className={shared.row}>
        <h3>Which filter?</h3>
        <span className={shared.hint} role="status">
          {props.failure || (props.reading ? 'computed once all is read' : props.busy ? 'computing …' : '')}
        </span>
        <span className={shared.spring} />
        <GroupingFields grouping={grouping} onGrouping={props.onGrouping} />
        <button
          type="button"
          onClick={() => download('filters.csv', 'text/csv', tableCsv(reports))}
          disabled={reports.length === 0}
        >
          CSV
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={styles.tableScroll} tabIndex={0} aria-label="Filters compared: table">
        <table className={styles.table} aria-busy={props.busy}>
          <thead>
            <tr>
              <th scope="col">filter</th>
              {columns.map((column) => (
                <th
                  key={column.head}
                  scope="col"
                  aria-sort={sorting?.head === column.head ? directionOf(column, sorting.turned) : 'none'}
                >
                  <span className={styles.head}>
                    <button type="button" className={styles.sort} onClick={() => sort(column.head)}>
                      {column.head}
                      {sorting?.head === column.head
                        ? directionOf(column, sorting.turned) === 'ascending'
                          ? ' ↑'
                          : ' ↓'
                        : ''}
                    </button>
                    <Explain name={column.head} what={column.what} />
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((report) => (
              <tr key={report.id} data-edited={report.id === props.edited}>
                <th scope="row">{report.label}</th>
                {columns.map((column) => (
                  <td key={column.head}>{column.cell(report)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Apart reports={reports} by={chosen?.by} />
      <Findings reports={reports} />
      <PaperTable />
    </section>
  );
});

/** The best first, then the other way round. */
const directionOf = ({ by }: Column, turned: boolean): 'ascending' | 'descending' =>
  (by !== undefined && betterIsLess(by)) !== turned ? 'ascending' : 'descending';

/** Filters without a value stand last, whichever way. */
function sortedBy(
  reports: readonly FilterReport[],
  sorting: { head: string; turned: boolean } | null,
): readonly FilterReport[] {
  const column = columns.find(({ head }) => head === sorting?.head);
  if (!column || !sorting) return reports;
  const sign = directionOf(column, sorting.turned) === 'ascending' ? 1 : -1;
  return [...reports].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return sign * (x - y);
  });
}

/** Which filters these data do not tell apart by the criterion that the table is sorted by. */
function Apart({ reports, by }: { reports: readonly FilterReport[]; by: Column['by'] }) {
  const sentence = useMemo(() => by && apartInWords(reports, by), [reports, by]);
  return sentence ? (
    <p className={styles.apart} role="status">
      {sentence}
    </p>
  ) : null;
}

function GroupingFields(props: Pick<DecisionTableProps, 'grouping' | 'onGrouping'>) {
  const { grouping, onGrouping } = props;
  return (
    <>
      <label className={shared.inline}>
        groups
        <select
          value={grouping.groups}
          onChange={(event) => onGrouping({ ...grouping, groups: Number(event.target.value) })}
        >
          {[5, 10, 20, 40, 80].map((groups) => (
            <option key={groups}>{groups}</option>
          ))}
        </select>
      </label>
      <label className={shared.inline}>
        cut
        <select
          value={grouping.mode}
          onChange={(event) => onGrouping({ ...grouping, mode: event.target.value as Grouping['mode'] })}
        >
          <option value="equal-count">equal count</option>
          <option value="equal-width">equal width</option>
        </select>
      </label>
      <label className={shared.inline}>
        <input
          type="checkbox"
          checked={grouping.weighted}
          onChange={(event) => onGrouping({ ...grouping, weighted: event.target.checked })}
        />
        weigh by size
      </label>
    </>
  );
}

/** What these data say and do not say, in words. */
function Findings({ reports }: { reports: readonly FilterReport[] }) {
  const sentences = findingsOf(reports);
  if (sentences.length === 0) return null;
  return (
    <div className={styles.findings}>
      <p>{sentences.join(' ')}</p>
      <p>
        R² is partly a statistic of range: a filter that keeps the extremes stretches the rewards and raises
        R² even when the reward is equally noisy everywhere. The column <i>by range alone</i> shows that
        effect alone. And a higher R² has not meant a better policy in our own runs: the budget and the noise
        of the update count as well.
      </p>
    </div>
  );
}

/** The paper's Table 1, for three policies of one run. */
function PaperTable() {
  return (
    <details className={styles.paper}>
      <summary>The paper’s Table 1</summary>
      <table className={styles.table}>
        <caption>
          R² on samples of three policies (arXiv 2409.06957). How responses were grouped is not stated; the
          model and the task are others than yours.
        </caption>
        <TableHead names={['filter', 'SFT policy', 'middle of RLHF', 'end of RLHF']} />
        <tbody>
          {Object.entries(paperTable1).map(([id, values]) => (
            <tr key={id}>
              <th scope="row">{methodOf('filter', id).label}</th>
              {values.map((value) => (
                <td key={value}>{format(value, 3)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

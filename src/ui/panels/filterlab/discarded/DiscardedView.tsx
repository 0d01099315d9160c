/** The responses that the edited filter does not learn from, each with its reason: to look through and to take away. */
import { useMemo, useState } from 'react';
import { type Discarded, type DiscardReason, discardReasons } from '../../../../core/analysis/discarded.ts';
import { lookedAt, type Rollouts } from '../../../../core/analysis/rollouts.ts';
import { fixed } from '../../../../core/numberText.ts';
import {
  discardedFile,
  type ReadTexts,
  reasonCounts,
  rowsWith,
} from '../../../../lab/rollouts/files/discardedRows.ts';
import { reasonText } from '../../../../lab/rollouts/words/discardText.ts';
import { download } from '../../../charts/exportFigure.ts';
import { TableHead } from '../../../parts/TableHead.tsx';
import shared from '../filterlab.module.css';
import table from '../table/table.module.css';
import styles from './discarded.module.css';

export interface DiscardedViewProps {
  rollouts: Rollouts;
  label: string;
  /** Null while the edited filter has no rows. */
  ask: (() => Promise<Discarded>) | null;
  /** Changes when an answer no longer fits. */
  fits: unknown;
  readTexts: ReadTexts | null;
}

const rowsAtOnce = 12;

export function DiscardedView(props: DiscardedViewProps) {
  const { ask, fits } = props;
  const [answer, setAnswer] = useState<{ found: Discarded; fits: unknown } | null>(null);
  const [state, setState] = useState('');
  const look = async () => {
    if (!ask) return;
    setState('computing …');
    try {
      setAnswer({ found: await ask(), fits });
      setState('');
    } catch (cause) {
      setState(cause instanceof Error ? cause.message : String(cause));
    }
  };
  const isOld = answer !== null && answer.fits !== fits;
  return (
    <details
      className={shared.folded}
      data-part="discarded"
      onToggle={(event) => {
        if (event.currentTarget.open && (answer === null || isOld)) void look();
      }}
    >
      <summary>What is discarded, and why: {props.label}</summary>
      <p className={shared.hint} role="status">
        {state || (isOld ? 'The filter has changed since.' : '')}
      </p>
      {isOld ? (
        <button type="button" onClick={look}>
          Look again
        </button>
      ) : null}
      {answer && answer.found.reason.length === props.rollouts.reward.length ? (
        <Browse {...props} found={answer.found} />
      ) : null}
    </details>
  );
}

function Browse({ rollouts, found, readTexts }: DiscardedViewProps & { found: Discarded }) {
  const [wanted, setWanted] = useState<DiscardReason | null>(null);
  const [at, setAt] = useState(0);
  const [writing, setWriting] = useState('');
  const [texts, setTexts] = useState<{ row: number; prompt: string; response: string } | null>(null);
  const counts = useMemo(() => reasonCounts(found), [found]);
  const rows = useMemo(() => rowsWith(found, wanted), [found, wanted]);
  const looked = lookedAt(rollouts);
  const chosen = rows.length > 0 ? rows[Math.min(at, rows.length - 1)] : null;
  const from = Math.floor(Math.min(at, Math.max(0, rows.length - 1)) / rowsAtOnce) * rowsAtOnce;
  const page = Array.from(rows.subarray(from, from + rowsAtOnce));
  const go = (place: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, place));
    setAt(next);
    void read(rows[next]);
  };
  const read = async (row: number) => {
    const found = await readTexts?.(row, row + 1).catch(() => []);
    setTexts(found?.[0] ? { row, ...found[0] } : null);
  };
  const write = async (format: 'jsonl' | 'csv') => {
    setWriting('writing …');
    try {
      const file = await discardedFile(rollouts, found, rows, format, readTexts);
      download(`discarded.${format}`, 'application/octet-stream', file);
      setWriting('');
    } catch (cause) {
      setWriting(cause instanceof Error ? cause.message : String(cause));
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + rowsAtOnce,
      PageUp: at - rowsAtOnce,
      Home: 0,
      End: rows.length - 1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    go(moves[event.key]);
  };
  const total = found.reason.length;
  const discarded = counts.reduce((sum, { count }) => sum + count, 0);
  if (discarded === 0) return <p className={shared.hint}>Nothing: every response is learned from.</p>;
  return (
    <>
      <div className={shared.row}>
        <label className={`${shared.inline} ${styles.reason}`}>
          reason
          <select
            value={wanted ?? ''}
            onChange={(event) => {
              setWanted(event.target.value === '' ? null : (event.target.value as DiscardReason));
              setAt(0);
              setTexts(null);
            }}
          >
            <option value="">
              any ({discarded.toLocaleString('en-GB')} of {total.toLocaleString('en-GB')})
            </option>
            {counts.map(({ reason, count }) => (
              <option key={reason} value={reason}>
                {reasonText(reason)} ({count.toLocaleString('en-GB')})
              </option>
            ))}
          </select>
        </label>
        <span className={shared.spring} />
        <button type="button" disabled={from === 0} onClick={() => go(from - rowsAtOnce)}>
          Earlier
        </button>
        <span className={shared.hint}>
          {(from + 1).toLocaleString('en-GB')} to {(from + page.length).toLocaleString('en-GB')}
        </span>
        <button
          type="button"
          disabled={from + rowsAtOnce >= rows.length}
          onClick={() => go(from + rowsAtOnce)}
        >
          Later
        </button>
        {(['jsonl', 'csv'] as const).map((format) => (
          <button type="button" key={format} disabled={writing === 'writing …'} onClick={() => write(format)}>
            {format === 'jsonl' ? 'JSONL' : 'CSV'}
          </button>
        ))}
        <span className={shared.hint} role="status">
          {writing}
        </span>
      </div>
      {/* The arrow keys go from row to row. */}
      <section
        className={table.tableScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the list is gone through by keyboard
        tabIndex={0}
        aria-label="Discarded responses: arrow keys go from row to row"
        onKeyDown={onKeyDown}
      >
        <table className={table.table}>
          <TableHead
            names={[
              'row',
              'reason',
              'rank',
              'reward',
              'filter on',
              'true score',
              'advantage before',
              'after',
            ]}
          />
          <tbody>
            {page.map((row, i) => (
              <tr key={row} data-edited={row === chosen} aria-current={row === chosen}>
                <th scope="row">
                  <button type="button" className={styles.row} onClick={() => go(from + i)}>
                    {row.toLocaleString('en-GB')}
                  </button>
                </th>
                <td>{reasonText(discardReasons[found.reason[row]])}</td>
                <td>
                  {found.rank[row]} of {found.size[row]}
                </td>
                <td>{fixed(rollouts.reward[row], 3)}</td>
                <td>{fixed(looked[row], 3)}</td>
                <td>{rollouts.score ? fixed(rollouts.score[row], 2) : '–'}</td>
                <td>{fixed(found.before[row], 2)}</td>
                <td>{fixed(found.after[row], 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {texts && texts.row === chosen ? (
        <dl className={styles.texts} aria-live="polite">
          <dt>Prompt</dt>
          <dd>{texts.prompt || '–'}</dd>
          <dt>Response</dt>
          <dd>{texts.response || '–'}</dd>
        </dl>
      ) : (
        <p className={shared.hint}>{readTexts ? 'Choose a row to read its prompt and response.' : ''}</p>
      )}
    </>
  );
}

/** Discarded rows as a list that a person goes through, and as a file. Pure. */
import { type Discarded, type DiscardReason, discardReasons } from '../../../core/analysis/discarded.ts';
import { lookedAt, type Rollouts } from '../../../core/analysis/rollouts.ts';
import { csv } from '../../../io/csv/csvFile.ts';
import { shortest } from '../../../io/kept/exportRows.ts';

/** How many rows have each reason, the most frequent first; kept rows are left out. */
export function reasonCounts({ reason }: Discarded): { reason: DiscardReason; count: number }[] {
  const counts = new Uint32Array(discardReasons.length);
  for (const code of reason) counts[code]++;
  return discardReasons
    .map((name, code) => ({ reason: name, count: counts[code] }))
    .filter(({ reason: name, count }) => name !== 'kept' && count > 0)
    .sort((a, b) => b.count - a.count);
}

/** Rows that were discarded for a reason, or for any. */
export function rowsWith({ reason }: Discarded, wanted: DiscardReason | null): Int32Array {
  const matches = (code: number) => code !== 0 && (wanted === null || discardReasons[code] === wanted);
  let count = 0;
  for (const code of reason) if (matches(code)) count++;
  const rows = new Int32Array(count);
  let at = 0;
  reason.forEach((code, row) => {
    if (matches(code)) rows[at++] = row;
  });
  return rows;
}

const head = [
  'row',
  'step',
  'prompt',
  'group',
  'reason',
  'rank',
  'of',
  'reward',
  'filter_on',
  'score',
  'advantage_before',
  'advantage_after',
] as const;

/** What is known of a row: cells in the order of `head`. */
function cellsOf(
  rollouts: Rollouts,
  looked: Float32Array,
  found: Discarded,
  row: number,
): (string | number | null)[] {
  const { reward, score, prompt, group, step } = rollouts;
  return [
    row,
    step ? step[row] : null,
    prompt[row],
    group[row],
    discardReasons[found.reason[row]],
    found.rank[row],
    found.size[row],
    shortest(reward[row]),
    shortest(looked[row]),
    score === null || Number.isNaN(score[row]) ? null : shortest(score[row]),
    shortest(found.before[row]),
    shortest(found.after[row]),
  ];
}

const rowsAtOnce = 50_000;

/** The rows as a file; in parts, so that a million of them never are one text. */
export function discardedFile(
  rollouts: Rollouts,
  found: Discarded,
  rows: Int32Array,
  format: 'jsonl' | 'csv',
): Blob {
  const looked = lookedAt(rollouts);
  const parts: Blob[] = [];
  for (let from = 0; from === 0 || from < rows.length; from += rowsAtOnce) {
    const cells = Array.from(rows.subarray(from, from + rowsAtOnce), (row) =>
      cellsOf(rollouts, looked, found, row),
    );
    const text =
      format === 'csv'
        ? csv(head, cells)
        : cells
            .map(
              (values) => `${JSON.stringify(Object.fromEntries(head.map((name, i) => [name, values[i]])))}\n`,
            )
            .join('');
    parts.push(new Blob([format === 'csv' && from > 0 ? text.slice(text.indexOf('\n') + 1) : text]));
  }
  return new Blob(parts);
}

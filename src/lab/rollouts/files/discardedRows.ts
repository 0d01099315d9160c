/** Discarded rows as a list that a person goes through, and as a file. Pure. */
import { type Discarded, type DiscardReason, discardReasons } from '../../../core/analysis/discarded.ts';
import { lookedAt, type Rollouts } from '../../../core/analysis/rollouts.ts';
import { csv } from '../../../io/csv/csvFile.ts';
import { plain, shortest } from '../../../io/kept/exportRows.ts';
import type { Texts } from '../../../io/rows/readRows.ts';

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
  'prompt_text',
  'response',
] as const;

/** What is known of a row: cells in the order of `head`. */
function cellsOf(
  rollouts: Rollouts,
  looked: Float32Array,
  found: Discarded,
  row: number,
  texts: Texts | null,
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
    texts?.prompt ?? null,
    texts?.response ?? null,
  ];
}

/** The texts of the rows `from` to `to` (exclusive). */
export type ReadTexts = (from: number, to: number) => Promise<Texts[]>;

/** Rows of a file whose texts are in memory together. */
const span = 2_000;

/**
 * The rows as a file, made in parts, so that the texts of a million of them are never together.
 * @param rows ascending
 * @param read gives the texts; null where they are not at hand, and the file has none
 */
export async function discardedFile(
  rollouts: Rollouts,
  found: Discarded,
  rows: Int32Array,
  format: 'jsonl' | 'csv',
  read: ReadTexts | null,
): Promise<Blob> {
  const looked = lookedAt(rollouts);
  const parts: Blob[] = [];
  if (format === 'csv') parts.push(new Blob([csv(head, [])]));
  for (let at = 0; at < rows.length; ) {
    const first = rows[at];
    let end = at;
    while (end < rows.length && rows[end] < first + span) end++;
    const texts = read && (await read(first, rows[end - 1] + 1));
    const cells = Array.from(rows.subarray(at, end), (row) =>
      cellsOf(rollouts, looked, found, row, texts?.[row - first] ?? null),
    );
    // The heading stands in the file once.
    parts.push(
      new Blob([
        format === 'csv'
          ? csv(
              head,
              cells.map((row) => row.map(plain)),
            ).slice(csv(head, []).length)
          : jsonLines(cells),
      ]),
    );
    at = end;
  }
  return new Blob(parts);
}

const jsonLines = (rows: ReturnType<typeof cellsOf>[]): string =>
  rows
    .map((cells) => `${JSON.stringify(Object.fromEntries(head.map((name, i) => [name, cells[i]])))}\n`)
    .join('');

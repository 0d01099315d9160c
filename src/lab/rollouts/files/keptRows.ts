/** The kept rows of a run's responses as a file in the format `pfrollout/1`. Pure. */
import { csv } from '../../../io/csv/csvFile.ts';
import type { Texts } from '../../../io/rows/readRows.ts';
import type { Problem } from '../../../tasks/problem.ts';
import type { IterationRecord } from '../../records/record.ts';
import { type RolloutRow, type RunName, rolloutRows } from '../../records/runLines.ts';

/**
 * @param iterations the iterations whose responses, one after the other, `kept` numbers
 * @param kept rows, repeats allowed; uses and `kept` in the file are those of the edited filter, not of the run
 */
export function keptRows(
  run: RunName,
  iterations: readonly IterationRecord[],
  problems: readonly Problem[],
  kept: Int32Array,
  format: 'jsonl' | 'csv',
): string {
  const total = iterations.reduce((sum, { samples }) => sum + samples.reward.length, 0);
  const uses = new Uint32Array(total);
  for (const row of kept) uses[row]++;
  const rows: RolloutRow[] = [];
  let before = 0;
  for (const record of iterations) {
    rolloutRows(run, record, problems, { tokens: false }).forEach((row, i) => {
      if (uses[before + i] > 0) rows.push({ ...row, kept: true, uses: uses[before + i] });
    });
    before += record.samples.reward.length;
  }
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const head = [
    'arm',
    'seed',
    'step',
    'prompt_id',
    'group',
    'sample',
    'prompt',
    'response',
    'reward',
    'score',
    'uses',
    'rank',
  ] as const;
  return csv(
    head,
    rows.map((row) => head.map((key) => row[key])),
  );
}

/** What the rows `from` to `to` (exclusive) of those iterations say. */
export function textsOf(
  run: RunName,
  iterations: readonly IterationRecord[],
  problems: readonly Problem[],
  from: number,
  to: number,
): Texts[] {
  const texts: Texts[] = [];
  let before = 0;
  for (const record of iterations) {
    const { length } = record.samples.reward;
    if (before < to && before + length > from) {
      const rows = rolloutRows(run, record, problems, { tokens: false });
      for (const { prompt = '', response = '' } of rows.slice(Math.max(0, from - before), to - before))
        texts.push({ prompt, response });
    }
    before += length;
  }
  return texts;
}

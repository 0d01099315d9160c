/** The kept rows of a run's responses as a file in the format `pfrollout/1`. Pure. */
import { csv } from '../../../io/csv/csvFile.ts';
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

/** Prompt and response of one row of those iterations; null where there is no such row. */
export function textsOf(
  run: RunName,
  iterations: readonly IterationRecord[],
  problems: readonly Problem[],
  row: number,
): { prompt: string; response: string } | null {
  let before = 0;
  for (const record of iterations) {
    const { length } = record.samples.reward;
    if (row < before + length) {
      const { prompt = '', response = '' } = rolloutRows(run, record, problems, { tokens: false })[
        row - before
      ];
      return { prompt, response };
    }
    before += length;
  }
  return null;
}

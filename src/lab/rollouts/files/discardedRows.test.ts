import { expect, it } from 'vitest';
import { discardedBy } from '../../../core/analysis/discarded.ts';
import type { Rollouts } from '../../../core/analysis/rollouts.ts';
import { parseCsv } from '../../../io/csv/csv.ts';
import { filterNamed, scaleOf } from '../analysis/standardFilters.ts';
import { discardedFile, rowsWith } from './discardedRows.ts';

const groups = 1_500;
const rows = 4 * groups;
const rollouts: Rollouts = {
  reward: Float32Array.from({ length: rows }, (_, row) => (row * 7) % 11),
  score: Float32Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : Number.NaN)),
  group: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 4)),
  prompt: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 4)),
};
const found = discardedBy(filterNamed('bw', scaleOf(rollouts))!, rollouts, 1);
const wanted = rowsWith(found, null);
const asked: [number, number][] = [];
const read = async (from: number, to: number) => {
  asked.push([from, to]);
  return Array.from({ length: to - from }, (_, i) => ({
    prompt: `p ${Math.floor((from + i) / 4)}`,
    response: `=r "${from + i}"`,
  }));
};

it('discarded rows are written with their texts, a few thousand rows of the file at a time', async () => {
  const lines = (await (await discardedFile(rollouts, found, wanted, 'jsonl', read)).text())
    .trim()
    .split('\n');
  expect(lines).toHaveLength(wanted.length);
  lines.forEach((line, i) => {
    const row = wanted[i];
    expect(JSON.parse(line)).toMatchObject({
      row,
      reward: rollouts.reward[row],
      score: row % 3 === 0 ? 1 : null,
      prompt_text: `p ${Math.floor(row / 4)}`,
      response: `=r "${row}"`,
    });
  });
  expect(Math.max(...asked.map(([from, to]) => to - from))).toBeLessThanOrEqual(2_000);
});

it('as CSV there is one heading, and without texts their columns are empty', async () => {
  const withTexts = await (await discardedFile(rollouts, found, wanted, 'csv', read)).text();
  // A spreadsheet must not take a response for a formula.
  expect(withTexts).toContain(`"'=r ""${wanted[0]}"""`);
  const text = await (await discardedFile(rollouts, found, wanted, 'csv', null)).text();
  const lines = text
    .trim()
    .split(/\r?\n/)
    .map((line) => parseCsv(line, ','));
  expect(lines).toHaveLength(wanted.length + 1);
  expect(lines.map(([row]) => row)).toEqual(['row', ...Array.from(wanted, String)]);
  expect(new Set(lines.slice(1).map((cells) => cells.at(-1)))).toEqual(new Set(['']));
  expect(await (await discardedFile(rollouts, found, new Int32Array(0), 'csv', null)).text()).toMatch(
    /^row,/,
  );
});

import { describe, expect, it } from 'vitest';
import { rankGroups, selectRanked } from '../../core/filters/filter.ts';
import { stream } from '../../core/random.ts';
import { importRollouts } from '../importRollouts.ts';
import { readRow } from '../rows/readRows.ts';
import { writeParquet } from '../testing/parquetWriter.ts';
import { exportKept } from './exportKept.ts';
import { csvLine, pfrolloutLine, shortest } from './exportRows.ts';

const verlRow = (prompt: string, output: string, score: number, step: number) =>
  JSON.stringify({ input: prompt, output, score, step, acc: score > 0.3 ? 1 : 0, extra: { note: output } });
const text = [
  verlRow('p', 'first, "quoted"\nline', 0.1, 1),
  'oops',
  verlRow('p', 'second', 0.9, 1),
  verlRow('q', '=formula', 0.4, 1),
  verlRow('p', 'third', 0.5, 1),
  verlRow('q', 'ü', 0.2, 1),
].join('\n');
const csvText = 'prompt_id,rm,passed,completion\na,0.5,1,"x, y"\na,0.25,0,z\nb,1,1,w\n';
const bestWorst = { kind: 'rank', weights: 'best-worst', keep: 2 } as const;
const tieSeed = 7;

async function exported(name: string, blob: Blob, format: 'jsonl' | 'csv') {
  const files = [{ name, blob }];
  const imported = await importRollouts(files);
  const { reward, group } = imported.columns;
  const ranking = rankGroups(reward, group, tieSeed);
  const rows = selectRanked(bestWorst, 'keep', ranking, imported.columns, stream(1, 'kept rows'));
  const out = await exportKept(files, imported, rows, { format, tieSeed });
  return { files, imported, rows, text: await out.text() };
}

describe('kept rows', () => {
  it('keep the name by which their file groups them, beside the text of the prompt', async () => {
    const row = (sample: number) =>
      JSON.stringify({
        prompt_id: 'p 1',
        prompt: 'Negate.',
        response: `${sample}`,
        reward: sample,
        score: 1,
      });
    const { text: lines } = await exported('x.jsonl', new Blob([`${row(0)}\n${row(1)}`]), 'jsonl');
    for (const line of lines.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ prompt_id: 'p 1', prompt: 'Negate.' });
  });

  it('come out as pfrollout/1 with their texts, ranks and whatever else the file knew', async () => {
    const { text: lines } = await exported('x.jsonl', new Blob([text]), 'jsonl');
    const rows = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ response, rank, sample }) => [response, rank, sample])).toEqual([
      ['first, "quoted"\nline', 3, 0],
      ['second', 1, 1],
      ['=formula', 1, 0],
      ['ü', 2, 1],
    ]);
    expect(rows[0]).toEqual({
      format: 'pfrollout/1',
      extra: { note: 'first, "quoted"\nline' },
      step: 1,
      prompt_id: 'p0',
      group: 0,
      sample: 0,
      prompt: 'p',
      response: 'first, "quoted"\nline',
      reward: 0.1,
      score: 0,
      kept: true,
      uses: 1,
      rank: 3,
    });
  });

  it('can be imported again, with the same rewards, scores and groups', async () => {
    for (const format of ['jsonl', 'csv'] as const) {
      for (const [name, blob] of [
        ['x.jsonl', new Blob([text])],
        ['x.csv', new Blob([csvText])],
      ] as const) {
        const { imported, rows, text: out } = await exported(name, blob, format);
        const again = await importRollouts([{ name: `kept.${format}`, blob: new Blob([out]) }]);
        expect(again.files[0].format).toBe('pfrollout/1');
        const kept = (column: ArrayLike<number>) => Array.from(rows, (row) => column[row]);
        expect([...again.columns.reward]).toEqual(kept(imported.columns.reward));
        expect([...again.columns.score!]).toEqual(kept(imported.columns.score!));
        expect([...again.columns.group]).toEqual(kept(imported.columns.group));
      }
    }
  });

  it('come out of parquet as well', async () => {
    const blob = writeParquet([
      { name: 'prompt', values: ['p', 'p', 'p'] },
      { name: 'completion', values: ['a', 'b', 'c'] },
      { name: 'rm', values: [0.5, 0.25, 0.75] },
      { name: 'advantage', values: [0, -1, 1] },
    ]);
    const { text: out, files, imported } = await exported('x.parquet', blob, 'jsonl');
    const responses = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).response);
    expect(responses).toEqual(['b', 'c']);
    expect(await readRow(files, imported, 2)).toMatchObject({ prompt: 'p', response: 'c' });
  });

  it('one row can be read back where it stands', async () => {
    const files = [
      { name: 'x.jsonl', blob: new Blob([text]) },
      { name: 'x.csv', blob: new Blob([csvText]) },
    ];
    const imported = await importRollouts(files);
    expect(await readRow(files, imported, 2)).toMatchObject({ prompt: 'q', response: '=formula' });
    expect(await readRow(files, imported, 5)).toMatchObject({ response: 'x, y', fields: { rm: '0.5' } });
  });
});

describe('lines', () => {
  it('quote what must be quoted, defuse formulas and write no NaN', () => {
    const row = {
      step: 1,
      prompt_id: 'a',
      sample: 0,
      reward: Number.NaN,
      score: null,
      response: '=1+1, "x"',
    };
    expect(csvLine(row, ['prompt_id', 'reward', 'score', 'response', 'missing'])).toBe(
      `a,,,"'=1+1, ""x""",\n`,
    );
    expect(JSON.parse(pfrolloutLine(row))).toMatchObject({ format: 'pfrollout/1', reward: null });
  });

  it('write single-precision numbers as short as they can be', () => {
    expect(shortest(Math.fround(0.1))).toBe(0.1);
    for (const value of [1 / 3, 123456.789, 1e-20, -2.5]) {
      expect(Math.fround(shortest(Math.fround(value)))).toBe(Math.fround(value));
    }
  });
});

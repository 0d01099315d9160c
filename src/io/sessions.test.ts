/** A session of verl's V1 trainer is one response: its text is what all of its outputs wrote, wherever they stand. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { importRollouts } from './importRollouts.ts';
import { exportKept } from './kept/exportKept.ts';
import { readRow, readTexts } from './rows/readRows.ts';
import { caseFile, jsonLines } from './testing/files.ts';
import { writeParquet } from './testing/parquetWriter.ts';

const output = (session: string, number: number, score = number) => ({
  ...{
    input: number === 0 ? 'q' : `q and ${number} answers`,
    output: `${session}.${number}`,
    score,
    step: 1,
  },
  ...{ acc: score > 1 ? 1 : 0, uid: `${session}_${number}`, note: `note ${number}` },
});
const session = (name: string, outputs: number) =>
  Array.from({ length: outputs }, (_, number) => output(name, number));
const lines = async (blob: Blob) =>
  (await blob.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const all = ({ columns }: Awaited<ReturnType<typeof importRollouts>>) =>
  Int32Array.from(columns.reward.keys());

it('is exported with all of its text, the prompt that it began with and the fields of its last output', async () => {
  const files = [await caseFile('sessions.jsonl')];
  const imported = await importRollouts(files);
  const rows = await lines(
    await exportKept(files, imported, Int32Array.of(0, 1, 2), { format: 'jsonl', tieSeed: 1 }),
  );
  expect(rows.map(({ prompt, response, uid }) => [prompt, response, uid])).toEqual([
    ['<user> What is 3 plus 4? <assistant>', 'part 0 of 0', '3f0a-77_0_0'],
    ['<user> What is 3 plus 4? <assistant>', 'part 0 of 1\npart 1 of 1', '3f0a-77_1_1'],
    ['<user> What is 3 plus 4? <assistant>', 'part 0 of 2\npart 1 of 2\npart 2 of 2', '3f0a-77_2_2'],
  ]);
});

it('is the same for the inspector, the sandbox and both kinds of exports, in any order of rows and kind of file', async () => {
  const sizes = { a_0: 1, a_1: 3, b_0: 12, b_1: 2 };
  const given = Object.entries(sizes).flatMap(([name, outputs]) => session(name, outputs));
  const texts = Object.entries(sizes).map(([name, outputs]) =>
    session(name, outputs)
      .map((row) => row.output)
      .join('\n'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(given, { minLength: given.length }),
      fc.boolean(),
      async (rows, isTable) => {
        const columns = Object.keys(given[0]) as (keyof (typeof given)[0])[];
        const blob = writeParquet(columns.map((name) => ({ name, values: rows.map((row) => row[name]) })));
        const files = [isTable ? { name: '1.parquet', blob } : jsonLines(rows)];
        const imported = await importRollouts(files);
        const responses = (await readTexts(files, imported, 0, 4)).map(({ response }) => response);
        expect([...responses].sort()).toEqual(texts);
        expect(
          await Promise.all([0, 1, 2, 3].map(async (row) => (await readRow(files, imported, row))!.response)),
        ).toEqual(responses);
        const exported = await exportKept(files, imported, all(imported), { format: 'jsonl', tieSeed: 1 });
        const back = await lines(exported);
        expect(back.map(({ response }) => response)).toEqual(responses);
        expect(back.map(({ prompt }) => prompt)).toEqual(['q', 'q', 'q', 'q']);
        for (const { response, note } of back) expect(note).toBe(`note ${response.split('.').at(-1)}`);
      },
    ),
    { numRuns: 30 },
  );
});

it('is whole where its outputs lie in two files, and only kept sessions are written', async () => {
  const rows = [...session('a_0', 3), ...session('a_1', 2)];
  const files = [jsonLines(rows.slice(0, 2), 'part_a.jsonl'), jsonLines(rows.slice(2), 'part_b.jsonl')];
  const imported = await importRollouts(files, { files: 'together' });
  expect([...imported.columns.reward]).toEqual([2, 1]);
  const exported = (kept: number[]) =>
    exportKept(files, imported, Int32Array.from(kept), { format: 'jsonl', tieSeed: 1 }).then(lines);
  expect((await exported([0])).map(({ response }) => response)).toEqual(['a_0.0\na_0.1\na_0.2']);
  expect((await exported([1])).map(({ response }) => response)).toEqual(['a_1.0\na_1.1']);
});

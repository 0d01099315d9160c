/** Files that pandas 3.0 with pyarrow 25 wrote, as TRL writes its completions: optional columns, dictionaries, Snappy. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import { readRow } from '../rows/readRows.ts';

const file = (name: string) => ({
  name: `${name}.parquet`,
  blob: new Blob([readFileSync(new URL(`../testing/${name}.parquet`, import.meta.url))]),
});

describe('parquet from pandas', () => {
  it('Snappy, texts as prompts', async () => {
    const files = [file('trl-snappy')];
    const imported = await importRollouts(files);
    const { columns } = imported;
    expect(imported.files[0]).toMatchObject({ format: 'trl', kind: 'parquet', rows: 24 });
    expect(imported.files[0].mapping).toMatchObject({ reward: 'reward_model', score: 'unit_tests' });
    expect([imported.dropped, imported.warnings]).toEqual([[], []]);
    expect([...columns.group]).toEqual(Array.from({ length: 24 }, (_, row) => row >> 2));
    const row = (await readRow(files, imported, 23))!;
    expect(row.prompt).toBe('Double the number 5.');
    expect(row.response).toContain(columns.score![23] === 1 ? 'return 2 * x' : 'return x');
  });

  it('Snappy, conversations as prompts and a score that is missing', async () => {
    const { columns, warnings } = await importRollouts([file('trl-chat-snappy')]);
    expect([...columns.group]).toEqual(Array.from({ length: 24 }, (_, row) => row >> 2));
    expect(columns.score![3]).toBeNaN();
    expect(warnings).toEqual(['The true score is missing in 1 of 24 rows.']);
  });

  it.each(['zstd', 'brotli', 'lz4'])('%s: the same rows', async (codec) => {
    const [other, snappy] = await Promise.all(
      [codec, 'snappy'].map((name) => importRollouts([file(`trl-${name}`)])),
    );
    expect(other.files[0]).toMatchObject({ format: 'trl', rows: 24 });
    expect(other.columns).toEqual(snappy.columns);
  });

  it.each(['zstd', 'brotli', 'lz4'])('%s, damaged: a sentence that names the rows', async (codec) => {
    const bytes = readFileSync(new URL(`../testing/trl-${codec}.parquet`, import.meta.url));
    // Of the second column, whose texts are compressed; the footer stays as it is.
    bytes.fill(0xff, 150, 400);
    const damaged = { name: 'x.parquet', blob: new Blob([bytes]) };
    await expect(importRollouts([damaged])).rejects.toThrow(
      /^This parquet file cannot be read \(rows 1 to 24: /,
    );
  });
});

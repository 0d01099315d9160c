/** The reward of a row: a column by its whole name, or a weighted sum in which null abstains. */
import { describe, expect, it } from 'vitest';
import { ImportError } from './importError.ts';
import { importRollouts } from './importRollouts.ts';
import { inspect, type NamedBlob } from './inspect.ts';
import { caseFile, jsonLines, textFile } from './testing/files.ts';
import { writeParquet } from './testing/parquetWriter.ts';

describe('a reward of several columns', () => {
  const mapped = async (file: NamedBlob, reward: string) => {
    const { roles } = await inspect(file);
    return importRollouts([file], { mappings: [{ ...roles, reward, score: null }] });
  };

  it('is a weighted sum; null abstains', async () => {
    const file = await caseFile('several-rewards.parquet');
    const { columns, dropped } = await mapped(file, 'math_reward + code_reward + 0.5*length_penalty');
    expect(dropped).toEqual([]);
    expect(columns.reward.length).toBe(48);
    const first = [1 - 0.105, -0.105, -0.11, -0.11, 1 - 0.11].map(Math.fround);
    expect([...columns.reward.slice(0, 5)]).toEqual(first);
  });

  it('is missing where every part is, and a row that TRL or ms-swift left out is said to be', async () => {
    const file = jsonLines([
      { prompt: 'p', rm: 1, format: null },
      { prompt: 'p', format: 1 },
      { prompt: 'p', rm: null, format: '' },
      { prompt: 'p', rm: 'high', format: 1 },
      { prompt: 'p', rm: 'NaN', format: 1 },
      { prompt: 'p', rm: '0.25', format: true },
    ]);
    const { columns, dropped } = await mapped(file, 'rm + 0.5*format');
    expect([...columns.reward]).toEqual([1, 0.5, 0.75]);
    expect(dropped.map(({ reason, examples }) => [reason, examples[0].line])).toEqual([
      ['the reward (rm + 0.5*format) is missing', 3],
      ['the reward (rm) is not a number', 4],
      ['the reward (rm + 0.5*format) is NaN or infinite', 5],
    ]);
    const swift = textFile(
      '{"step": ["1", "1", "1"], "prompt": ["p", "p", "p"], "completion": ["a", "b", "c"], "A": [1.0, NaN, NaN], "B": [NaN, 0.5, null]}',
    );
    const left = await mapped(swift, 'A + B');
    expect([...left.columns.reward]).toEqual([1, 0.5]);
    expect(left.dropped).toEqual([
      {
        reason: 'left out by its trainer: every reward is null',
        count: 1,
        examples: [{ file: 0, line: 1 }],
      },
    ]);
    const trlFile = {
      name: 'completions_00001.parquet',
      blob: writeParquet([
        { name: 'prompt', values: ['p', 'p', 'p'] },
        { name: 'completion', values: ['a', 'b', 'c'] },
        { name: 'rm', values: [0.5, Number.NaN, 1.5] },
        { name: 'advantage', values: [1, 2, 3] },
      ]),
    };
    expect((await importRollouts([trlFile])).dropped[0]).toMatchObject({
      ...{ count: 1, reason: 'left out by its trainer: every reward is null' },
    });
  });

  it('of columns that do not exist is refused by name', async () => {
    const file = jsonLines([{ prompt: 'p', rm: 1 }], 'x.jsonl');
    await expect(mapped(file, 'rm + fmt')).rejects.toThrow(
      'x.jsonl: The reward “rm + fmt” cannot be read: no column begins “fmt”; there are prompt, rm.',
    );
    await expect(mapped(file, 'rm +')).rejects.toBeInstanceOf(ImportError);
  });
});

describe('a dot in a name', () => {
  it('is a path only where nothing is called so', async () => {
    const mapped = async (row: object, reward: string, prompt = 'prompt') => {
      const file = jsonLines([{ prompt: 'p', ...row }]);
      const { roles } = await inspect(file);
      const mapping = { ...roles, reward, prompt, score: null };
      return [...(await importRollouts([file], { mappings: [mapping] })).columns.reward];
    };
    expect(await mapped({ 'judge-v2.1': 0.5 }, 'judge-v2.1')).toEqual([0.5]);
    expect(await mapped({ scores: { 'judge-v2.1': 0.5 } }, 'scores.judge-v2.1')).toEqual([0.5]);
    expect(await mapped({ 'a.b': { c: 2 } }, 'a.b.c')).toEqual([2]);
    expect(await mapped({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toEqual([1]);
    expect(await mapped({ a: { b: 2 }, 'a.c': 1 }, 'a.b + a.c')).toEqual([3]);
    const csv = textFile('prompt,judge-v2.1,x.y\np,0.5,1\np,0.25,2\n', 'x.csv');
    const { roles } = await inspect(csv);
    const both = { ...roles, reward: '2*judge-v2.1 + x.y', score: null };
    expect([...(await importRollouts([csv], { mappings: [both] })).columns.reward]).toEqual([2, 2.5]);
    const parquet = {
      name: 'x.parquet',
      blob: writeParquet([
        { name: 'prompt.text', values: ['p', 'q'] },
        { name: 'judge.v2', values: [1, 2] },
        { name: 'judge', values: [3, 4] },
      ]),
    };
    const table = { ...(await inspect(parquet)).roles, prompt: 'prompt.text', score: null };
    for (const [reward, expected] of [
      ['judge.v2', [1, 2]],
      ['judge', [3, 4]],
      ['judge - judge.v2', [2, 2]],
    ] as const)
      expect([
        ...(await importRollouts([parquet], { mappings: [{ ...table, reward }] })).columns.reward,
      ]).toEqual(expected);
  });
});

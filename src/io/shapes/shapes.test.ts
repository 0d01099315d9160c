/** Lines that hold more than one row, or a row in wrappings: every row of them is read, and can be read again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import type { NamedBlob } from '../inspect.ts';
import { exportKept } from '../kept/exportKept.ts';
import { readRow, readRows } from '../rows/readRows.ts';
import { caseFile, jsonLines, textFile } from '../testing/files.ts';
import { shapes } from './shapes.ts';

const read = (file: NamedBlob, chunk?: number) => importRollouts([file], { chunk });
const reasons = async (file: NamedBlob) =>
  (await read(file)).dropped.map(({ reason, examples }) => [reason, examples.map(({ line }) => line)]);

describe('files of trainers', () => {
  it('ms-swift: a table of columns on each line is rows', async () => {
    const { files, columns, dropped } = await read(await caseFile('column-tables.jsonl'));
    expect(files[0]).toMatchObject({ format: 'ms-swift', rows: 48, mapping: { reward: 'MathAccuracy' } });
    expect(dropped).toEqual([]);
    expect([...new Set(columns.step)]).toEqual([5, 10]);
    expect(new Set(columns.group).size).toBe(12);
    expect([...columns.reward.slice(0, 6)]).toEqual([1, 1, 0, 0, 0, 1]);
  });

  it('NeMo-RL: lists of one are values', async () => {
    const file = await caseFile('lists-of-one.jsonl');
    const result = await read(file);
    expect(result.files[0]).toMatchObject({ format: 'nemo-rl', rows: 24, mapping: { reward: 'rewards' } });
    expect([...result.columns.reward.slice(0, 4)]).toEqual([1, 1, 0, 0]);
    expect(new Set(result.columns.prompt).size).toBe(6);
    expect(await readRow([file], result, 2)).toMatchObject({
      prompt: '<user> What is 3 plus 4? <assistant>',
      response: 'The sum is \\boxed{10}.',
      fields: { input_lengths: 6 },
    });
  });

  it('Weights & Biases: a wide table of verl is a row per sample, a plain table a row per row', async () => {
    const wide = await read(await caseFile('val_generations.table.json'));
    expect(wide.files[0]).toMatchObject({ format: 'verl', rows: 12, mapping: { reward: 'score' } });
    expect([...wide.columns.step]).toEqual([...Array(6).fill(0), ...Array(6).fill(5)]);
    expect([...wide.columns.reward]).toEqual([0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1]);
    const plain = {
      columns: ['global_step', 'text', 'reward'],
      data: [[1, 'a', 0.5], [1, 'b', 'NaN'], [2, 'c'], 'x', [2, 'd', -1]],
    };
    const file = jsonLines([plain], 'generated_samples.table.json');
    const mapping = {
      ...{
        reward: 'reward',
        score: null,
        group: { by: 'prompt' as const },
        prompt: 'text',
        response: 'text',
      },
      ...{ step: 'global_step', sample: null, runs: [] },
    };
    const { columns, dropped } = await importRollouts([file], { mappings: [mapping] });
    expect([...columns.reward]).toEqual([0.5, -1]);
    expect(dropped.map(({ reason, examples }) => [reason, examples[0].line])).toEqual([
      ['the reward (reward) is NaN or infinite', 2],
      ['2 values where the table has 3 columns', 3],
      ['not a list of values', 4],
    ]);
  });

  it('verifiers: an episode a line, rows of trainable agents, reward = Σ score × weight', async () => {
    const { files, columns } = await read(await caseFile('traces.jsonl'));
    expect(files[0]).toMatchObject({ format: 'verifiers', rows: 24, mapping: { reward: 'reward' } });
    expect(new Set(columns.group).size).toBe(6);
    const first = [0.2, 1.2, 0.2, 0.2].map(Math.fround);
    expect([...columns.reward.slice(0, 4)]).toEqual(first);
  });

  it('verifiers, in full: groups by id within a step, other agents and failures left out', async () => {
    const trace = (reward: object, more = {}) => ({
      task: { data: { idx: 3, prompt: '2+2?' } },
      agent: { name: 'solver', trainable: true },
      nodes: [
        { message: { role: 'user', content: '2+2?' }, sampled: false },
        { parent: 0, message: { role: 'assistant', content: '4' }, sampled: true },
      ],
      rewards: reward,
      metrics: { acc: 1, turns: 1 },
      ok: true,
      ...more,
    });
    const episode = (group: string, step: number, ...traces: unknown[]) => ({
      ...{ id: 'e', env: { id: 'sums' }, group: { id: group }, ok: true, traces },
      run: { work: { type: 'train', step } },
    });
    const rm = (score: number, weight = 1) => ({ score, weight });
    const file = jsonLines([
      episode('g', 1, trace({ rm: rm(0.5), format: rm(1, 0.5), watch: rm(9, 0), skipped: null })),
      episode('g', 1, trace({ rm: rm(2) }), trace({ rm: rm(7) }, { agent: { trainable: false } })),
      episode('g', 2, trace({ rm: rm(-1, 2) })),
      episode('g', 2, trace({ rm: null }), trace({ rm: rm(1) }, { ok: false }), trace({ rm: 3 }), 'x'),
      episode('g', 2),
    ]);
    const result = await read(file);
    expect([...result.columns.reward]).toEqual([1, 2, -2]);
    expect([...result.columns.group]).toEqual([0, 0, 1]);
    expect([...result.columns.step]).toEqual([1, 1, 2]);
    expect(await readRow([file], result, 0)).toMatchObject({ prompt: '2+2?', response: '4' });
    expect((await reasons(file)).flat()).toEqual(
      expect.arrayContaining([
        'a trace that failed (ok is false)',
        'a trace whose reward rm has no score or weight',
        'an episode without a trace of a trainable agent',
      ]),
    );
  });

  it('a row that only looks like one is a row', async () => {
    const row = { prompt: 'p', response: 'r', reward: 0.5, step: 1 };
    for (const more of [{ traces: [] }, { columns: 3, data: [] }, { content: [['p']] }, { output: ['r'] }])
      expect([...(await read(jsonLines([{ ...row, ...more }]))).columns.reward]).toEqual([0.5]);
  });

  it('one prompt a line with the lists of its responses and rewards', async () => {
    const line = (question: string, ...rewards: number[]) => ({
      ...{ question, answer: '7', completions: rewards.map((r) => `r${r}`), rewards },
      tags: ['a', 'b'],
    });
    const { columns, files } = await read(jsonLines([line('p', 0.5, 1), line('q', -1, 2, 3), line('p', 4)]));
    expect([...columns.reward]).toEqual([0.5, 1, -1, 2, 3, 4]);
    expect([...columns.prompt]).toEqual([0, 0, 1, 1, 1, 0]);
    expect(files[0].mapping.response).toBe('completions');
  });
});

describe('malformed lines cost themselves and name their place', () => {
  const table = (n: number, more = {}) => ({
    step: Array(n).fill('1'),
    prompt: Array(n).fill('p'),
    completion: Array.from({ length: n }, (_, i) => `r${i}`),
    Reward: Array.from({ length: n }, (_, i) => i / 4),
    ...more,
  });

  it('columns of unequal length, and lines of another shape', async () => {
    const file = jsonLines([
      table(3),
      table(3, { Reward: [0, 1] }),
      { prompt: 'p', completion: 'r', Reward: 1, step: 1 },
      table(2, { Reward: [0.5, 'high'] }),
    ]);
    expect([...(await read(file)).columns.reward]).toEqual([0, 0.25, 0.5, 0.5]);
    expect(await reasons(file)).toEqual([
      ['a table with columns of unequal length (completion 3, Reward 2)', [2]],
      ['no table of columns, as the other lines are', [3]],
      ['the reward (Reward) is not a number', [4]],
    ]);
  });

  it('a file of nothing but such lines says what is wrong with the first', async () => {
    await expect(read(jsonLines([table(3, { Reward: [0, 1] })]))).rejects.toThrow(
      'Line 1: a table with columns of unequal length (completion 3, Reward 2).',
    );
    await expect(read(textFile('{"columns": ["prompt", "reward"], "data": []}'))).rejects.toThrow(
      'a table without rows',
    );
    await expect(read(textFile('{"columns": ["reward", "reward"], "data": [[1, 2]]}'))).rejects.toThrow(
      'two columns called reward',
    );
  });

  it('lists of several where one is expected', async () => {
    const slice = (rewards: unknown, content: unknown = [['p', 'r']]) => ({ content, rewards, idx: 1 });
    const file = jsonLines([slice([1]), slice([2]), slice([3]), slice([1, 2]), slice([1], 'p'), slice([])]);
    expect(await reasons(file)).toEqual([
      ['rewards holds 2 values where a list of one is expected', [4]],
      ['content is not one list of texts', [5]],
      ['rewards holds 0 values where a list of one is expected', [6]],
    ]);
  });

  it('whatever stands in a line, its shape gives rows or a reason', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const keys = ['columns', 'data', 'traces', 'content', 'rewards', 'completion', 'reward', 'step'];
    const record = fc.dictionary(fc.constantFrom(...keys), value);
    fc.assert(
      fc.property(record, (fields) => {
        for (const shape of Object.values(shapes)) {
          const rows = shape.rows(fields);
          for (const row of typeof rows === 'string' ? [rows] : rows)
            expect(['string', 'object']).toContain(typeof row);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a row among others of its line', () => {
  it('is found again, wherever chunks and ranges cut', async () => {
    const rows = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(7, 64, 1000), fc.nat(), async (sizes, chunk, cut) => {
        const lines = sizes.map((n, line) => ({
          step: Array(n).fill(line),
          prompt: Array(n).fill('p'),
          completion: Array.from({ length: n }, (_, i) => `${line}.${i}`),
          Reward: Array.from({ length: n }, (_, i) => line + i / 8),
        }));
        if (sizes.every((n) => n === 0) || 2 * sizes.filter((n) => n > 0).length <= sizes.length) return;
        const file = jsonLines(lines);
        const result = await read(file, chunk);
        const expected = lines.flatMap(({ completion }) => completion);
        const total = expected.length;
        expect(result.columns.reward.length).toBe(total);
        const found = Array<string>(total).fill('');
        const middle = cut % (total + 1);
        for (const range of [
          [0, middle],
          [middle, total],
        ] as const)
          await readRows([file], result, range, (row, { fields }) => {
            found[row] = String(fields.completion);
          });
        expect(found).toEqual(expected);
        expect((await readRow([file], result, total - 1))?.response).toBe(expected[total - 1]);
        const kept = await exportKept([file], result, Int32Array.from(expected.keys()), {
          format: 'jsonl',
          tieSeed: 1,
        });
        const written = (await kept.text()).trimEnd().split('\n');
        expect(written.map((line) => JSON.parse(line).response)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

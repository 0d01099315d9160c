import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type ImportedRollouts, type ImportOptions, importRollouts, withScore } from './importRollouts.ts';
import { inspect } from './inspect.ts';
import { writeParquet } from './testing/parquetWriter.ts';

const lines = (...rows: unknown[]) =>
  rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
const file = (content: BlobPart, name = 'rollouts.jsonl') => ({ name, blob: new Blob([content]) });
const read = (content: BlobPart, name?: string, options?: ImportOptions) =>
  importRollouts([file(content, name)], options);
const columns = ({ columns: { reward, score, group, prompt, step } }: ImportedRollouts) => ({
  reward: [...reward].map((r) => Math.round(r * 1000) / 1000),
  score: score && [...score],
  group: [...group],
  prompt: [...prompt],
  step: [...step],
});

describe('trainers', () => {
  const verl = (input: string, score: unknown, step: number, more = {}) => ({
    input,
    output: `answer ${score}`,
    gts: null,
    score,
    step,
    ...more,
  });

  it('verl, legacy: groups by equal input within a step, takes acc for the truth', async () => {
    const result = await read(
      lines(
        verl('p', 0.5, 1, { acc: 1 }),
        verl('q', -0.5, 1, { acc: '0' }),
        verl('p', 0.25, 1, { acc: false }),
        verl('p', 0.75, 2, { acc: '1.0' }),
      ),
    );
    expect(result.files[0].format).toBe('verl');
    expect(columns(result)).toEqual({
      reward: [0.5, -0.5, 0.25, 0.75],
      score: [1, 0, 0, 1],
      group: [0, 1, 0, 2],
      prompt: [0, 1, 0, 0],
      step: [1, 1, 1, 2],
    });
    expect([...result.columns.response!]).toEqual([0, 1, 2, 3]);
  });

  it('verl, legacy, without gts or anything else: the truth is unknown, and it says so', async () => {
    const result = await read(
      lines({ input: 'p', output: 'a', score: 1, step: 1 }, { input: 'p', output: 'b', score: 0, step: 1 }),
    );
    expect(result.columns.score).toBeNull();
    expect(result.warnings[0]).toContain('no true score');
  });

  it('verl V1: groups by uid without its last two parts', async () => {
    const uids = ['a_1_0_0', 'a_1_1_0', 'b_0_0', 'b_1_0'];
    const result = await read(lines(...uids.map((uid, i) => verl('same', i, 3, { uid }))));
    expect(result.files[0].format).toBe('verl-v1');
    expect(columns(result).group).toEqual([0, 0, 1, 1]);
    expect(columns(result).prompt).toEqual([0, 0, 0, 0]);
  });

  it('TRL: a reward column and a test column in one parquet file, gzip or plain', async () => {
    const table = [
      { name: 'step', values: [5, 5, 5, 5] },
      { name: 'prompt', values: ['p', 'p', 'q', 'q'] },
      { name: 'completion', values: ['a', 'b', 'a', 'ü'] },
      { name: 'my-reward-model', values: [0.1, 0.9, 0.4, 0.3] },
      { name: 'unit_tests', values: [0, 1, 1, 0] },
      { name: 'advantage', values: [-1, 1, 1, -1] },
    ];
    for (const blob of [
      writeParquet(table),
      writeParquet(table, { codec: 2, compress: (bytes) => gzipSync(bytes) }),
    ]) {
      const result = await importRollouts([{ name: 'completions_00005.parquet', blob }]);
      expect(result.files[0]).toMatchObject({ format: 'trl', kind: 'parquet', rows: 4 });
      expect(columns(result)).toEqual({
        reward: [0.1, 0.9, 0.4, 0.3],
        score: [0, 1, 1, 0],
        group: [0, 0, 1, 1],
        prompt: [0, 0, 1, 1],
        step: [5, 5, 5, 5],
      });
      expect([...result.columns.response!]).toEqual([0, 1, 0, 2]);
    }
  });

  it('RL Logging Board, OpenRLHF batch, open-instruct and pfrollout/1', async () => {
    const board = await read(lines({ prompt: 'p', response: 'r', reward: 1, step: 2, logprobs: [-1] }));
    expect(board.files[0].format).toBe('rl-logging-board');
    const batch = await read(lines({ input: 'p', output: 'r', reward: '0.5' }));
    expect([batch.files[0].format, columns(batch).reward]).toEqual(['openrlhf-batch', [0.5]]);
    const instruct = await read(
      lines(
        { step: 1, sample_idx: 0, prompt_idx: 7, prompt_tokens: [1, 2], response_tokens: [3], reward: 1 },
        { step: 1, sample_idx: 1, prompt_idx: 7, prompt_tokens: [1, 2], response_tokens: [3], reward: [2] },
        { step: 2, sample_idx: 0, prompt_idx: 1, prompt_tokens: [1, 2], response_tokens: [4], reward: 3 },
      ),
    );
    expect(instruct.files[0].format).toBe('open-instruct');
    expect(columns(instruct)).toMatchObject({ reward: [1, 2, 3], group: [0, 0, 1], prompt: [0, 0, 0] });
    const own = await read(
      lines(
        { format: 'pfrollout/1', step: 1, prompt_id: 'x', sample: 0, reward: 1, score: null },
        { format: 'pfrollout/1', step: 1, prompt_id: 'x', sample: 1, reward: 2, score: 0.5 },
      ),
    );
    expect(columns(own)).toMatchObject({ score: [Number.NaN, 0.5], group: [0, 0] });
    expect(own.warnings[0]).toContain('missing in 1 of 2 rows');
  });

  it('keeps columns of the same name apart, and those without a name', async () => {
    const inspection = await inspect(file('prompt, reward ,reward,,\np,1,2,3,4\n', 'x.csv'));
    expect(inspection.columns.map(({ name, example }) => [name, example])).toEqual([
      ['prompt', 'p'],
      ['reward', '1'],
      ['reward (2)', '2'],
      ['column 4', '3'],
      ['column 5', '4'],
    ]);
    const { columns } = await read('prompt,reward,reward\np,1,2\n', 'x.csv');
    expect([...columns.reward]).toEqual([1]);
  });

  it('CSV with quotes, line breaks and semicolons; columns guessed or mapped by hand', async () => {
    const csv = 'task_id;rm_score;passed;completion\n1;0.5;true;"a;\nb ""c"""\n1;-0.5;false;d\n';
    const result = await read(csv, 'eval.csv');
    expect(result.files[0]).toMatchObject({ format: 'other', kind: 'csv', separator: ';' });
    expect(columns(result)).toMatchObject({ reward: [0.5, -0.5], score: [1, 0], group: [0, 0] });
    const inspection = await inspect(file('who,what,much\na,b,3\n', 'x.csv'));
    expect(inspection.mapping).toBeNull();
    const mapping = {
      reward: 'much',
      score: null,
      group: { by: 'column' as const, column: 'who' },
      prompt: null,
      response: 'what',
      step: null,
      sample: null,
      runs: [],
    };
    const mapped = await read('who,what,much\na,b,3\n', 'x.csv', { mappings: [mapping] });
    expect(columns(mapped).reward).toEqual([3]);
  });

  it('reads several files as one, and nested fields by dotted names', async () => {
    const files = [
      file(lines(verl('p', 1, 1)), '1.jsonl'),
      file(lines(verl('p', 2, 2), verl('p', 3, 2)), '2.jsonl'),
    ];
    const result = await importRollouts(files);
    expect(columns(result)).toMatchObject({ group: [0, 1, 1], prompt: [0, 0, 0] });
    expect([...result.columns.file]).toEqual([0, 1, 1]);
    const nested = await read(lines(verl('p', 1, 1, { extra: { acc: 0.5 } })));
    expect(nested.files[0].mapping.score).toBe('extra.acc');
    expect(columns(nested).score).toEqual([0.5]);
  });
});

describe('chunks', () => {
  it('make no difference, wherever they cut', async () => {
    const text = lines(
      ...Array.from({ length: 40 }, (_, i) => ({
        input: `p${i % 7} ünï €`,
        output: 'x\ny',
        score: i / 8,
        step: 1,
      })),
    );
    const whole = columns(await read(text));
    const csv = `a prompt,reward,response\n${Array.from({ length: 20 }, (_, i) => `p${i % 3},${i / 4},"line\r\nbreak ${i}"`).join('\r\n')}`;
    const wholeCsv = columns(await read(csv, 'x.csv'));
    expect(wholeCsv.reward.length).toBe(20);
    for (const chunk of [1, 2, 3, 7, 64, 1000]) {
      expect(columns(await read(text, 'x.jsonl', { chunk }))).toEqual(whole);
      expect(columns(await read(csv, 'x.csv', { chunk }))).toEqual(wholeCsv);
    }
  });

  it('report progress and partial rows, and stop when cancelled', async () => {
    const text = lines(...Array.from({ length: 100 }, (_, i) => ({ prompt_id: i, reward: i, sample: 0 })));
    const seen: number[] = [];
    const partial: number[] = [];
    await read(text, 'x.jsonl', {
      chunk: 200,
      partialEvery: 0,
      onProgress: ({ bytes, totalBytes }) => seen.push(bytes / totalBytes),
      onPartial: ({ reward }) => partial.push(reward.length),
    });
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(partial.length).toBeGreaterThan(0);
    const stop = new AbortController();
    const cancelled = read(text, 'x.jsonl', {
      chunk: 100,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('another true score changes what is said of the truth and nothing else', async () => {
  const rows = [0, 1, 2, 3].map((i) => ({
    ...{ step: 1, prompt: `p${i < 2 ? 0 : i}`, response: `r${i}`, reward: i / 2, score: i % 2, kept: i > 0 },
    ...{ format: 'pfrollout/1', prompt_id: i < 2 ? 0 : i, sample: i },
  }));
  const file = { name: 'x.jsonl', blob: new Blob([rows.map((row) => `${JSON.stringify(row)}\n`).join('')]) };
  const imported = await importRollouts([file]);
  const scored = withScore(imported, Float32Array.of(1, Number.NaN, 0, 1));
  const left = 'The trainer itself left out 1 of 4 responses.';
  expect(imported.warnings).toContain(left);
  expect(scored.warnings).toContain(left);
  expect(scored.warnings).toContain('The true score is missing in 1 of 4 rows.');
  expect(withScore(scored, Float32Array.of(1, 0, 0, 1)).warnings).toEqual(imported.warnings);
});

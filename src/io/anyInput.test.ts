/** Whatever a file holds: an import ends with columns in which every number can be used, or with a sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImportError } from './importError.ts';
import { type ImportedRollouts, importRollouts } from './importRollouts.ts';
import { writeParquet } from './testing/parquetWriter.ts';

const read = (content: BlobPart, name = 'rollouts.jsonl', chunk?: number): Promise<ImportedRollouts> =>
  importRollouts([{ name, blob: new Blob([content]) }], { chunk });
/** What an import came to, in a form that can be compared; an error that is no ImportError fails the test. */
const outcome = (content: BlobPart, name?: string, chunk?: number) =>
  read(content, name, chunk).catch((thrown: unknown) => {
    if (thrown instanceof ImportError) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  });
const dropped = ({ dropped: reasons }: ImportedRollouts) =>
  reasons.reduce((sum, { count }) => sum + count, 0);

/** Every column is as long as the others, rewards and steps are finite, scores finite or unknown. */
function expectUsable({ columns }: ImportedRollouts): void {
  const { reward, score, group, prompt, step, response, file, offset, length } = columns;
  for (const column of [group, prompt, step, file, offset, length, response ?? group, score ?? reward])
    expect(column.length).toBe(reward.length);
  for (const value of reward) expect(Number.isFinite(value)).toBe(true);
  for (const value of step) expect(Number.isFinite(value)).toBe(true);
  for (const value of score ?? []) expect(Number.isFinite(value) || Number.isNaN(value)).toBe(true);
}

/** What stands in a field of a file that nobody checked. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom('', 'NaN', 'inf', '-0', '1e999', '0x10', '1,5', ' 2 ', 'true', '\u2028', '\udc80', '='),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.constantFrom(0, -0, 1e308, -1e308, 3.5e38, 2 ** 53, 2 ** 31, 5e-324, null, true),
  fc.jsonValue({ maxDepth: 3 }),
);
const names = ['step', 'prompt_id', 'sample', 'prompt', 'response', 'reward', 'score'] as const;
const anyRow = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
const goodRow = (i: number) => ({
  step: 7,
  prompt_id: `good ${i >> 1}`,
  sample: i % 2,
  response: 'r',
  reward: i / 8,
  score: i % 2,
});

describe('whatever stands in a file', () => {
  it('bytes of any kind give columns or a sentence, wherever the chunks end', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.string({
        unit: fc.constantFrom('{', '}', '"', ',', ':', '\n', '\r', 'reward', 'prompt', '1', 'NaN', '\ufeff'),
        maxLength: 80,
      }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('x.jsonl', 'x.csv', 'x'), async (content, name) => {
        const whole = await outcome(content as BlobPart, name);
        if (typeof whole !== 'string') expectUsable(whole);
        expect(await outcome(content as BlobPart, name, 3)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('a row of any values is taken or dropped, and its neighbours stay', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 6 }), async (rows) => {
        const lines = [0, 1, 2].map((i) => goodRow(i));
        const all = [lines[0], lines[1], ...rows, lines[2]];
        const result = await read(all.map((row) => JSON.stringify(row)).join('\n'));
        expectUsable(result);
        expect(result.columns.reward.length + dropped(result)).toBe(all.length);
        expect([...result.columns.reward.slice(0, 2)]).toEqual([0, 1 / 8]);
        expect(result.columns.reward.at(-1)).toBe(2 / 8);
      }),
      { numRuns: 300 },
    );
  });

  it('line ends and a byte order mark change nothing', async () => {
    const lines = [0, 1, 2, 3].map((i) => JSON.stringify(goodRow(i)));
    const table = ['prompt;reward;score', 'a;0.5;1', '"b;b";-1;0', '"c\nc";2;1'];
    for (const [name, text] of [
      ['x.jsonl', lines.join('\n')],
      ['x.csv', table.join('\n')],
    ] as const) {
      const { reward, score, group } = (await read(text, name)).columns;
      expect(reward.length).toBeGreaterThan(2);
      for (const form of [
        `\ufeff${text}`,
        `${text}\n`,
        `${text}\n\n\n`,
        text.replaceAll('\n', '\r\n'),
        `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`,
        `\n\n${text}`,
      ])
        expect((await read(form, name)).columns).toMatchObject({ reward, score, group });
    }
  });
});

describe('numbers that no column can hold', () => {
  const rows = (...fields: object[]) =>
    fields.map((own, i) => JSON.stringify({ ...goodRow(i), ...own })).join('\n');

  it('a score beyond single precision is unknown, not infinite', async () => {
    const result = await read(rows({ score: 1e39 }, { score: -1e300 }, { score: 1 }));
    expect([...result.columns.score!]).toEqual([Number.NaN, Number.NaN, 1]);
    expect(result.warnings.join(' ')).toContain('The true score is missing in 2 of 3 rows');
  });

  it('steps keep their value, whole or not, however large', async () => {
    const steps = [0.25, -1, 2 ** 31, 1_763_740_800_000, 1e300];
    const result = await read(rows(...steps.map((step) => ({ step }))));
    expect([...result.columns.step]).toEqual(steps);
    expect(new Set(result.columns.group).size).toBe(5);
  });

  it('values nested thousands deep cost their row', async () => {
    const deep = (open: string, close: string) => open.repeat(50_000) + close.repeat(50_000);
    const line = (field: string, text: string) =>
      JSON.stringify({ ...goodRow(5), [field]: 'HERE' }).replace('"HERE"', text);
    const lists = deep('[', ']');
    const objects = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    for (const field of ['reward', 'score', 'step', 'prompt_id', 'sample', 'response', 'other']) {
      for (const text of [lists, objects]) {
        const result = await read(
          [rows({}, {}), line(field, text), rows({}, {}, {}).split('\n')[2]].join('\n'),
        );
        expectUsable(result);
        expect(result.columns.reward.length, field).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

describe('ids', () => {
  const lines = (...fields: object[]) => fields.map((row) => JSON.stringify(row)).join('\n');
  const base = { step: 1, prompt_id: 'a', response: 'r' };

  it('rows without a number of their own are not taken for one row', async () => {
    const result = await read(
      lines(
        { ...base, sample: 0, reward: 1 },
        { ...base, reward: 2 },
        { ...base, sample: null, reward: 3 },
        { ...base, sample: 0, reward: 4 },
      ),
    );
    expect([...result.columns.reward]).toEqual([1, 2, 3]);
    expect(dropped(result)).toBe(1);
  });

  it('names of JavaScript’s own are absent where a row lacks them', async () => {
    const result = await importRollouts(
      [{ name: 'x.jsonl', blob: new Blob([lines({ p: 'a', reward: 1 }, { p: 'b', reward: 2 })]) }],
      {
        mappings: [
          {
            reward: 'reward',
            score: 'valueOf',
            group: { by: 'column', column: 'p' },
            prompt: 'p',
            response: 'constructor',
            step: null,
            sample: 'toString',
            runs: [],
          },
        ],
      },
    );
    expect([...result.columns.reward]).toEqual([1, 2]);
    expect(result.columns.score).toBeNull();
  });
});

describe('files without rows, and text in other encodings', () => {
  const wide = (text: string, little: boolean) =>
    Uint8Array.from(
      [...text].flatMap((char) => (little ? [char.charCodeAt(0), 0] : [0, char.charCodeAt(0)])),
    );
  const mark = (bytes: Uint8Array, ...first: number[]) => Uint8Array.from([...first, ...bytes]);
  const row = '{"prompt": "a", "reward": 1}\r\n';
  it.each<[string, BlobPart, string, string]>([
    ['a header alone', 'prompt,reward', 'x.csv', 'shape'],
    ['a header of Windows', '\ufeffprompt;reward\r\n\r\n', 'x.csv', 'shape'],
    ['line ends of old', 'prompt,reward\ra,1\rb,2', 'x.csv', 'shape'],
    ['a list of nothing', '[]', 'x.json', 'shape'],
    ['an object of nothing', '{}', 'x.jsonl', 'columns'],
    ['UTF-16, high byte first', mark(wide(row, false), 0xfe, 0xff), 'x.jsonl', 'encoding'],
    ['UTF-16 without a mark', wide(row, true), 'x.jsonl', 'encoding'],
    ['UTF-16 without a mark, high byte first', wide('prompt,reward\na,1', false), 'x.csv', 'encoding'],
    ['zeros', new Uint8Array(64), 'x.jsonl', 'binary'],
  ])('%s', async (_, content, name, code) => {
    await expect(read(content, name)).rejects.toMatchObject({ name: 'ImportError', code });
  });

  it('parquet without a row', async () => {
    const blob = writeParquet([
      { name: 'reward', values: [] },
      { name: 'prompt', values: [] },
    ]);
    await expect(importRollouts([{ name: 'x.parquet', blob }])).rejects.toBeInstanceOf(ImportError);
  });
});

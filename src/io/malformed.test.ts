import { describe, expect, it } from 'vitest';
import { type ImportedRollouts, type ImportOptions, importRollouts } from './importRollouts.ts';
import { inspect } from './inspect.ts';
import { writeParquet } from './testing/parquetWriter.ts';

const good = (i: number) =>
  JSON.stringify({ input: `p${i % 2}`, output: `r${i}`, score: i / 4, step: 1, acc: i % 2 });
const around = (...bad: string[]) => [good(0), ...bad, good(1)].join('\n');
const read = (
  content: BlobPart,
  name = 'rollouts.jsonl',
  options: ImportOptions = {},
): Promise<ImportedRollouts> => importRollouts([{ name, blob: new Blob([content]) }], options);
const bytes = (...values: number[]) => Uint8Array.from(values);
const utf16 = (text: string) => bytes(0xff, 0xfe, ...[...text].flatMap((char) => [char.charCodeAt(0), 0]));
const row = (fields: object) => JSON.stringify({ input: 'p', output: 'r', score: 1, step: 1, ...fields });

describe('files that cannot be read at all say why', () => {
  const cases: [string, BlobPart, string, string, string][] = [
    ['an empty file', '', 'x.jsonl', 'empty', 'x.jsonl is empty'],
    ['nothing but blank lines', '\n \n\t\n', 'x.jsonl', 'empty', 'is empty'],
    ['a byte order mark alone', '\ufeff', 'x.jsonl', 'empty', 'is empty'],
    [
      'a picture',
      bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13),
      'x.jsonl',
      'binary',
      'is a picture (PNG)',
    ],
    ['gzip', bytes(0x1f, 0x8b, 8, 0, 0), 'x.jsonl.gz', 'compressed', 'Unpack it first'],
    ['zip', bytes(0x50, 0x4b, 3, 4, 0), 'x.zip', 'compressed', 'Unpack it first'],
    ['zstd', bytes(0x28, 0xb5, 0x2f, 0xfd, 0), 'x.zst', 'compressed', 'Unpack it first'],
    ['UTF-16', utf16('{"reward": 1}'), 'x.jsonl', 'encoding', 'Save it as UTF-8'],
    ['one JSON array', '[{"reward": 1}]', 'x.json', 'shape', 'one object per line'],
    ['a pretty-printed JSON array', '[\n  {\n    "reward": 1\n  }\n]', 'x.json', 'shape', 'jq -c'],
    ['pretty-printed JSON objects', '{\n  "reward": 1\n}', 'x.jsonl', 'shape', 'no row that can be read'],
    ['prose', 'Once upon a time there was a reward model.', 'x.txt', 'shape', 'no row that can be read'],
    ['a web page', '<!doctype html><title>404</title>', 'x.jsonl', 'shape', 'is a web page'],
    ['numbers, one per line', '1\n2\n3', 'x.jsonl', 'shape', 'no row that can be read'],
    ['a CSV header without rows', 'prompt,reward\n', 'x.csv', 'shape', 'no row that can be read'],
    ['objects without a reward', '{"a": "x", "b": "y"}', 'x.jsonl', 'columns', 'Its columns are a, b'],
    [
      'a reward and nothing to group by',
      '{"reward": 1, "b": "y"}',
      'x.jsonl',
      'columns',
      'tells prompts apart',
    ],
    ['parquet, cut off', 'PAR1 and then nothing', 'x.parquet', 'parquet', 'cannot be read'],
    [
      'parquet, footer damaged',
      'PAR1xxxxxxxxxxxxxxxx\xff\xff\xff\x0fPAR1',
      'x.parquet',
      'parquet',
      'incomplete',
    ],
  ];
  it.each(cases)('%s', async (_, content, name, code, message) => {
    await expect(read(content, name)).rejects.toMatchObject({
      name: 'ImportError',
      code,
      message: expect.stringContaining(message),
    });
  });

  it('parquet with a compression that is not at hand', async () => {
    const blob = writeParquet([{ name: 'reward', values: [1, 2] }], { codec: 3 });
    await expect(importRollouts([{ name: 'x.parquet', blob }])).rejects.toThrow(
      /snappy, zstd or no compression/,
    );
  });

  it('a parquet file cut off in the middle', async () => {
    const whole = writeParquet([{ name: 'reward', values: [1, 2] }]);
    await expect(
      importRollouts([{ name: 'x.parquet', blob: whole.slice(0, whole.size - 9) }]),
    ).rejects.toMatchObject({
      code: 'parquet',
    });
  });
});

describe('bad rows are dropped with a reason and a line, and good neighbours stay', () => {
  const cases: [string, string, string][] = [
    ['half a line', '{"input": "p", "outp', 'without its end'],
    ['a bare word', 'oops', 'not a JSON object'],
    ['single quotes', "{'input': 'p'}", 'not valid JSON'],
    ['two objects on a line', `${good(2)}${good(3)}`, 'not valid JSON'],
    ['a list', '[1, 2]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['a string', '"text"', 'not a JSON object'],
    [
      'a row of another format',
      '{"prompt": "p", "response": "r", "reward": 1}',
      'the reward (score) is missing',
    ],
    ['no reward', row({ score: null }), 'the reward (score) is missing'],
    ['an empty reward', row({ score: '' }), 'the reward (score) is missing'],
    ['a reward of text', row({ score: 'high' }), 'the reward (score) is not a number'],
    ['a reward of two numbers', row({ score: [1, 2] }), 'the reward (score) is not a number'],
    ['a reward that is an object', row({ score: { value: 1 } }), 'the reward (score) is not a number'],
    ['Python’s NaN', '{"input": "p", "output": "NaN, not", "score": NaN, "step": 1}', 'NaN or infinite'],
    ['Python’s Infinity', '{"input": "p", "output": "r", "score": -Infinity, "step": 1}', 'NaN or infinite'],
    ['"nan" as text', row({ score: 'nan' }), 'NaN or infinite'],
    ['a reward beyond single precision', row({ score: 1e39 }), 'NaN or infinite'],
    ['a step of text', row({ step: 'last' }), 'the step (step) is not a number'],
    ['no step', row({ step: null }), 'the step (step) is not a number'],
    ['no prompt', row({ input: null }), 'the group (input) is missing'],
    ['an empty prompt', row({ input: '' }), 'the group (input) is missing'],
    ['NUL bytes', '\0\0\0\0', 'not a JSON object'],
    ['a surrogate without its partner', '{"inp\udc80ut": 1', 'without its end'],
  ];
  it.each(cases)('%s', async (_, bad, reason) => {
    // Far enough from the start that NUL bytes are damage and not a binary file.
    const padding = Array.from({ length: 120 }, (_, i) => good(i));
    const result = await read([...padding, around(bad)].join('\n'));
    expect(result.columns.reward.length).toBe(122);
    expect(result.dropped).toEqual([
      { reason: expect.stringContaining(reason), count: 1, examples: [{ file: 0, line: 122 }] },
    ]);
  });

  it('a last line cut off', async () => {
    const result = await read(`${good(0)}\n${good(1).slice(0, 20)}`);
    expect(result.dropped[0].reason).toContain('it may be cut off');
    expect(result.columns.reward.length).toBe(1);
  });

  it('a line of 40 MB, read in bounded memory', async () => {
    const huge = `{"input": "${'x'.repeat(40 * 2 ** 20)}"}`;
    const result = await read(around(huge));
    expect(result.dropped).toEqual([
      { reason: 'longer than 32 MB', count: 1, examples: [{ file: 0, line: 2 }] },
    ]);
    expect(result.columns.reward.length).toBe(2);
  });

  it('rows with the same id twice: the first stays', async () => {
    const own = (sample: number, reward: number) =>
      JSON.stringify({ step: 1, prompt_id: 'a', sample, reward });
    const result = await read([own(0, 1), own(1, 2), own(0, 3)].join('\n'));
    expect([...result.columns.reward]).toEqual([1, 2]);
    expect(result.dropped[0]).toMatchObject({ count: 1, examples: [{ file: 0, line: 3 }] });
  });

  it('CSV rows with too few and too many fields, and a quote that never closes', async () => {
    const result = await read('prompt,reward\np,1\np\np,2,3\np,4\nq,"5\nr,6\n', 'x.csv');
    expect([...result.columns.reward]).toEqual([1, 4]);
    expect(result.dropped.map(({ reason }) => reason).sort()).toEqual([
      '1 fields where the header has 2',
      '3 fields where the header has 2',
      'the reward (reward) is not a number',
    ]);
  });

  it('a hundred thousand bad rows are counted, and only the first few are listed', async () => {
    const result = await read(`${good(0)}\n${'oops\n'.repeat(100_000)}`);
    expect(result.dropped[0].count).toBe(100_000);
    expect(result.dropped[0].examples.length).toBe(20);
    expect(result.dropped[0].examples[0].line).toBe(2);
  });

  it('every row is bad: no crash, no rows, a reason', async () => {
    const result = await read([row({ score: 'a' }), row({ score: 'b' })].join('\n'), 'x.jsonl', {
      mappings: [
        {
          reward: 'score',
          score: null,
          group: { by: 'prompt' },
          prompt: 'input',
          response: null,
          step: null,
          sample: null,
          runs: [],
        },
      ],
    });
    expect(result.columns.reward.length).toBe(0);
    expect(result.warnings).toEqual(['No row could be read.']);
  });
});

describe('odd but good', () => {
  it('Windows line ends, a byte order mark and blank lines', async () => {
    const result = await read(`\ufeff${good(0)}\r\n\r\n${good(1)}\r\n`);
    expect(result.columns.reward.length).toBe(2);
    expect(result.dropped).toEqual([]);
  });

  it('groups of one, two-valued rewards and scores outside [0, 1] are warned of', async () => {
    const rows = [0, 1, 2].map((i) => row({ input: `p${i}`, score: i % 2, acc: 2 * i }));
    const file = { name: 'rollouts.jsonl', blob: new Blob([rows.join('\n')]) };
    expect((await importRollouts([file])).warnings[0]).toBe(
      'acc lies outside [0, 1] and is not taken for the true score.',
    );
    const { mapping } = await inspect(file);
    const { warnings } = await importRollouts([file], { mappings: [{ ...mapping!, score: 'acc' }] });
    expect(warnings.join(' ')).toContain('3 of 3 groups hold one response');
    expect(warnings.join(' ')).toContain('at most two values');
    expect(warnings.join(' ')).toContain('outside [0, 1] in 2 of 3 rows');
  });

  it('files of two trainers at once', async () => {
    const files = [
      { name: 'a.jsonl', blob: new Blob([good(0)]) },
      { name: 'b.jsonl', blob: new Blob([JSON.stringify({ input: 'p', output: 'r', reward: 1 })]) },
    ];
    const { files: read, warnings } = await importRollouts(files);
    expect(read.map(({ format }) => format)).toEqual(['verl', 'openrlhf-batch']);
    expect(warnings.join(' ')).toContain('different trainers');
  });

  it('keys named like JavaScript’s own', async () => {
    const result = await read(row({ __proto__: 1, constructor: 'x', toString: 3 }));
    expect(result.columns.reward.length).toBe(1);
  });
});

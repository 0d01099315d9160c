import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import { exportKept } from '../kept/exportKept.ts';
import { caseFile, textFile } from '../testing/files.ts';

const read = (text: string, name = 'x.csv') => importRollouts([textFile(text, name)]);
const rewards = async (text: string) => [...(await read(text)).columns.reward];

describe('decimal commas', () => {
  it('of the kept case: 0,5 is a half', async () => {
    const file = await caseFile('decimal-comma.csv');
    const { files, columns, dropped } = await importRollouts([file]);
    expect(files[0].mapping).toMatchObject({ reward: 'reward', score: 'score' });
    expect([...columns.reward.slice(0, 4)]).toEqual([0.0308, 0.8504, 0.7145, 0.3974].map(Math.fround));
    expect([...columns.score!.slice(0, 4)]).toEqual([1, 1, 1, 0]);
    expect(dropped).toMatchObject([{ reason: 'the reward (reward) is missing', count: 12 }]);
  });

  it('with thousands, exponents, tabs, and quoted between commas', async () => {
    expect(await rewards('prompt;reward\np;-0,5\np;1.234,5\np;12\np;,25\np;1,5e-2\n')).toEqual(
      [-0.5, 1234.5, 12, 0.25, 0.015].map(Math.fround),
    );
    expect(await rewards('prompt\treward\np\t0,5\np\t2,25\n')).toEqual([0.5, 2.25]);
    expect(await rewards('prompt,reward\np,"0,5"\np,"1,234"\n')).toEqual([0.5, 1.234].map(Math.fround));
  });

  it('stay where they are no decimals: in texts and answers', async () => {
    const text = 'prompt;response;answer;reward\np;3,5;1,25;0,5\np;1,234;7,5;1,5\n';
    const result = await read(text);
    const kept = await exportKept([textFile(text, 'x.csv')], result, Int32Array.of(0, 1), {
      format: 'jsonl',
      tieSeed: 1,
    });
    const rows = (await kept.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ response, answer, reward }) => [response, answer, reward])).toEqual([
      ['3,5', '1,25', 0.5],
      ['1,234', '7,5', 1.5],
    ]);
  });

  it('that may separate thousands are asked about, by column', async () => {
    await expect(read('prompt;reward\np;1,234\np;2,500\n')).rejects.toThrow(
      'In x.csv, column reward, 1,234 is either 1.234 or 1234. Write numbers with a point for the decimals and nothing between thousands.',
    );
    // Another column tells.
    expect(await rewards('prompt;reward;kl\np;1,234;0,1\np;2,500;0,2\n')).toEqual(
      [1.234, 2.5].map(Math.fround),
    );
  });

  it('among which a point stands are dropped, not guessed', async () => {
    const { columns, dropped } = await read('prompt;reward\np;0,5\np;1.234\np;0.25\np;1,5\n');
    expect([...columns.reward]).toEqual([0.5, 0.25, 1.5]);
    expect(dropped).toMatchObject([
      { reason: 'the reward (reward) is not a number', examples: [{ line: 3 }] },
    ]);
  });

  it('between commas without quotes are fields too many, and the file says so', async () => {
    await expect(read('prompt,reward\np,0,5\nq,1,5\n')).rejects.toThrow(
      'Line 2: 3 fields where the header has 2.',
    );
  });

  it('mean what points mean', async () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x.toFixed(4));
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 12 }), async (values) => {
        const csv = (all: readonly string[]) => `prompt;reward\n${all.map((one) => `p;${one}\n`).join('')}`;
        const commas = values.map((one) => one.replace('.', ','));
        expect(await rewards(csv(commas))).toEqual(await rewards(csv(values)));
      }),
      { numRuns: 60 },
    );
  });
});

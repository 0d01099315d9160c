/** What holds for groups whatever the rows, and what malformed rows cost: themselves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImportedRollouts, importRollouts } from '../importRollouts.ts';
import { inspect } from '../inspect.ts';
import { jsonLines, textFile } from '../testing/files.ts';
import type { Grouping } from './grouping.ts';

/** Which responses are together, in no order of their own. */
const sets = ({ columns: { group, reward } }: ImportedRollouts) => {
  const members = new Map<number, number[]>();
  group.forEach((name, row) => {
    members.set(name, [...(members.get(name) ?? []), reward[row]]);
  });
  return [...members.values()].map((rewards) => rewards.sort((a, b) => a - b).join()).sort();
};

const regular = fc
  .record({ prompts: fc.integer({ min: 2, max: 12 }), size: fc.integer({ min: 2, max: 6 }) })
  .map(({ prompts, size }) =>
    Array.from({ length: prompts * size }, (_, i) => ({
      input: `q${Math.floor(i / size)}`,
      output: 'a',
      reward: i,
    })),
  );

describe('laws', () => {
  it('cutting a file into shards changes no group, or there is a question', async () => {
    await fc.assert(
      fc.asyncProperty(regular, fc.array(fc.nat(), { maxLength: 3 }), async (rows, cuts) => {
        const whole = await importRollouts([jsonLines(rows)]);
        const at = [...new Set([0, ...cuts.map((cut) => cut % rows.length), rows.length])].sort(
          (a, b) => a - b,
        );
        const shards = at.slice(1).map((end, i) => jsonLines(rows.slice(at[i], end), `part-${i}.jsonl`));
        const parts = await importRollouts(shards);
        if (parts.questions.length === 0) expect(sets(parts)).toEqual(sets(whole));
        const told = await importRollouts(shards, { files: 'together' });
        expect(sets(told)).toEqual(sets(whole));
      }),
      { numRuns: 80 },
    );
  });

  it('the order of rows and of files changes no group that goes by columns', async () => {
    const step = fc.integer({ min: 1, max: 3 });
    const steps = fc.tuple(regular, fc.array(step, { minLength: 72, maxLength: 72 }));
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat()), async ([rows, of], keys) => {
        const stepped = rows.map((row, i) => ({ ...row, step: of[i] }));
        const shuffled = stepped
          .map((row) => ({ row, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        const half = shuffled.length >> 1;
        const files = [
          jsonLines(shuffled.slice(half), 'b.jsonl'),
          jsonLines(shuffled.slice(0, half), 'a.jsonl'),
        ];
        const mixed = await importRollouts(files, { files: 'together' });
        expect(sets(mixed)).toEqual(sets(await importRollouts([jsonLines(stepped)])));
      }),
      { numRuns: 60 },
    );
  });

  it('groups are numbered without gaps, however they are told apart', async () => {
    const groupings: Grouping[] = [
      { by: 'prompt' },
      { by: 'neighbours' },
      { by: 'count', rows: 3 },
      { by: 'column', column: 'output' },
      { by: 'verl-uid', column: 'uid' },
    ];
    const rowsOf = fc.array(
      fc.record({
        input: fc.constantFrom('p', 'q', '', null, 7),
        output: fc.constantFrom('a', 'b', null, { c: 1 }, [1]),
        reward: fc.constantFrom(1, 2, null, 'x'),
        uid: fc.constantFrom('a_0_0', 'a_0_1', 'a_1_0', 'a', '', null, '_0_0', 3),
      }),
      { minLength: 1, maxLength: 30 },
    );
    const rowsFirst = { input: 'p', output: 'a', reward: 1, uid: 'a_0_0' };
    await fc.assert(
      fc.asyncProperty(rowsOf, fc.constantFrom(...groupings), fc.boolean(), async (rows, group, twice) => {
        const file = jsonLines([rowsFirst, ...rows]);
        const files = twice ? [file, file] : [file];
        const mapping = { reward: 'reward', score: null, group, prompt: 'input', response: null, step: null };
        const mappings = files.map(() => ({ ...mapping, runs: [], sample: null }));
        const { columns } = await importRollouts(files, { mappings });
        const names = new Set(columns.group);
        expect(Math.max(...names)).toBe(names.size - 1);
        expect(columns.prompt.length).toBe(columns.group.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('malformed rows', () => {
  const row = (more: object) =>
    JSON.stringify({ input: 'p', output: 'a', score: 1, step: 1, gts: null, ...more });

  it('without a uid, or with one that is no text, cost themselves', async () => {
    const lines = ['a_0_0', 'a_1_0', null, '', 'a_2_0'].map((uid, i) => row({ uid, score: i }));
    const result = await importRollouts([textFile(lines.join('\n'))]);
    expect(sets(result)).toEqual(['0,1,4']);
    expect(result.dropped).toMatchObject([{ count: 2, reason: 'the group (uid) is missing' }]);
  });

  it('between rows of one prompt do not part them', async () => {
    const lines = [0, 1, 2, 3].map((score) => row({ score }));
    lines.splice(2, 0, '{"input": "p", ', 'Saved', row({ score: 'high' }));
    const file = textFile(lines.join('\n'));
    const [mapping] = [(await inspect(file)).mapping!];
    const result = await importRollouts([file], { mappings: [{ ...mapping, group: { by: 'neighbours' } }] });
    expect(sets(result)).toEqual(['0,1,2,3']);
    expect(result.dropped.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('without a step, run or group', async () => {
    const own = (more: object) =>
      JSON.stringify({ prompt_id: 'p', sample: 0, reward: 1, step: 1, arm: 'BW', group: 0, ...more });
    const lines = [
      own({}),
      own({ sample: 1, reward: 2 }),
      own({ sample: 2, step: 'last' }),
      own({ sample: 3, group: null }),
      own({ sample: 4, arm: null, reward: 5 }),
    ];
    const result = await importRollouts([textFile(lines.join('\n'))]);
    // Whoever has no arm is of no arm that is known.
    expect(sets(result)).toEqual(['1,2', '5']);
    expect(result.dropped.map(({ reason }) => reason).sort()).toEqual([
      'the group (group) is missing',
      'the step (step) is not a number',
    ]);
  });
});

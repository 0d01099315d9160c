import { describe, expect, it } from 'vitest';
import { importRollouts } from '../importRollouts.ts';
import { readRows } from '../rows/readRows.ts';
import { ProblemMatcher } from './matchProblems.ts';

const problems = [
  { id: 'HumanEval_0_close', prompt: '// Are two numbers close?\nfunction close(xs) {\n' },
  { id: 'HumanEval_1_parens', prompt: '//Split the groups.\n// One more line.\nfunction parens(s) {\n' },
  { id: 'twin a', prompt: 'the same' },
  { id: 'twin b', prompt: 'the same' },
  { id: 'no prompt', prompt: '' },
];

/** Reads rows with a reward as a file, and matches them. */
async function match(rows: object[]) {
  const lines = rows.map((row) => JSON.stringify({ reward: 1, sample: 0, ...row }));
  const files = [{ name: 'rows.jsonl', blob: new Blob([lines.join('\n')]) }];
  const imported = await importRollouts(files);
  expect(imported.columns.reward.length).toBe(rows.length);
  const matcher = new ProblemMatcher(problems, rows.length);
  await readRows(files, imported, [0, rows.length], (row, { fields, mapping }) =>
    matcher.add(row, fields, mapping),
  );
  const { problem, ...rest } = matcher.result();
  return { problem: [...problem], ...rest };
}

describe('matching rows to problems', () => {
  it('goes by name, whatever the prompt says', async () => {
    const found = await match([
      { prompt_id: 'no prompt', prompt: 'rephrased' },
      { prompt_id: 'twin b', prompt: 'the same' },
      { prompt_id: 7, task_id: 'HumanEval_1_parens', prompt: '' },
    ]);
    expect(found).toEqual({ problem: [4, 3, 1], matched: 3, unmatched: [], unmatchedPrompts: 0 });
  });

  it('goes by equal text where no name is known, but for white space around it', async () => {
    const found = await match([
      { prompt_id: 'p0', prompt: '\n// Are two numbers close?\r\nfunction close(xs) {' },
      { prompt_id: 'p1', prompt: '//Split the groups.\nOne more line.\nfunction parens(s) {\n' },
      { prompt_id: 'p2', prompt: '// Are two numbers close? \nfunction close(xs) {' },
    ]);
    expect(found.problem).toEqual([0, 1, -1]);
  });

  it('does not guess between two problems with one prompt', async () => {
    expect((await match([{ prompt_id: 'p', prompt: 'the same' }])).problem).toEqual([-1]);
  });

  it('says what was not matched, each prompt once', async () => {
    const others = Array.from({ length: 20 }, (_, i) => ({ prompt_id: `other ${i}`, prompt: 'x' }));
    const found = await match([{ prompt_id: 'other 0', sample: 1, prompt: 'x' }, ...others]);
    expect(found).toMatchObject({ matched: 0, unmatchedPrompts: 20 });
    expect(found.unmatched).toHaveLength(12);
    expect(found.unmatched[0]).toEqual({ name: 'other 0', rows: 2 });
  });
});

describe('rows read again', () => {
  it('gives each row its own record, over dropped rows and from CSV', async () => {
    const files = [
      {
        name: 'a.jsonl',
        blob: new Blob(['{"prompt_id":1,"reward":1,"t":"ä"}\nnoise\n{"prompt_id":1,"reward":2,"t":"b"}']),
      },
      { name: 'b.csv', blob: new Blob(['prompt_id,reward,t\n1,3,"c\nd"\n1,nonsense,e\n1,4,f\n']) },
    ];
    const imported = await importRollouts(files);
    const seen: unknown[] = [];
    await readRows(files, imported, [1, 4], (row, { fields }) => seen.push([row, fields.t]));
    expect(seen).toEqual([
      [1, 'b'],
      [2, 'c\nd'],
      [3, 'f'],
    ]);
  });
});

/** Many files at once: those of one shape are one form, and strangers are named. */
import { describe, expect, it } from 'vitest';
import { inspect, type NamedBlob } from '../inspect.ts';
import { caseFile, jsonLines, textFile } from '../testing/files.ts';
import { writeParquet } from '../testing/parquetWriter.ts';
import { filesInWords, formsOf } from './forms.ts';

const look = async (...files: NamedBlob[]) => formsOf(await Promise.all(files.map(inspect)));
const rows = (more: object = {}, count = 8) =>
  Array.from({ length: count }, (_, i) => ({
    input: `q${i >> 2}`,
    output: `a${i}`,
    score: i / 8,
    step: 1,
    ...more,
  }));

describe('files of one shape', () => {
  it('are one form: sixty tables of a run', async () => {
    const table = (step: number): NamedBlob => ({
      name: `completions_${String(step).padStart(5, '0')}.parquet`,
      blob: writeParquet([
        { name: 'step', values: [step, step] },
        { name: 'prompt', values: ['p', 'p'] },
        { name: 'completion', values: ['a', 'b'] },
        { name: 'rm', values: [step / 8, 0.5] },
        { name: 'advantage', values: [1, -1] },
      ]),
    });
    const forms = await look(...Array.from({ length: 60 }, (_, i) => table(i + 1)));
    expect(forms).toHaveLength(1);
    expect(forms[0].files).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(forms[0].inspection).toMatchObject({ format: 'trl', mapping: { reward: 'rm', step: 'step' } });
  });

  it('are one form where a column is missing in some', async () => {
    const [form, ...others] = await look(
      jsonLines(rows(), '1.jsonl'),
      jsonLines(rows({ acc: 1 }), '2.jsonl'),
      jsonLines(rows({ acc: 0 }), '3.jsonl'),
    );
    expect(others).toEqual([]);
    expect(form).toMatchObject({ files: [0, 1, 2], inspection: { mapping: { score: 'acc' } } });
  });

  it('that are guessed differently are judged together', async () => {
    // By itself the second file has a group column that differs in each row.
    const [form, ...others] = await look(
      jsonLines(rows({ uid: 'u', reward: 1, score: undefined, step: undefined })),
      jsonLines(
        rows({ reward: 1, score: undefined, step: undefined }).map((row, i) => ({ ...row, uid: `u${i}` })),
      ),
    );
    expect(others).toEqual([]);
    expect(form.files).toEqual([0, 1]);
  });

  it('are told apart by kind and by columns', async () => {
    const forms = await look(
      jsonLines(rows(), '1.jsonl'),
      textFile('prompt,reward\na,1\na,2', 'x.csv'),
      textFile('prompt;reward\na;1\na;2', 'y.csv'),
      jsonLines([{ prompt: 'p', response: 'r', reward: 1, step: 1 }], 'board.jsonl'),
      jsonLines(rows(), '2.jsonl'),
    );
    expect(forms.map(({ files }) => files)).toEqual([[0, 4], [1], [2], [3]]);
    expect(forms.every(({ strange }) => strange === null)).toBe(true);
  });

  it('take the step from their names only where each name says one', async () => {
    const stepless = rows({ step: undefined, reward: 1, score: undefined });
    const [both] = await look(jsonLines(stepless, 'iter_1.jsonl'), jsonLines(stepless, 'iter_2.jsonl'));
    expect(both.inspection.mapping?.step).not.toBeNull();
    const [one] = await look(jsonLines(stepless, 'iter_1.jsonl'), jsonLines(stepless, 'last.jsonl'));
    expect(one.inspection.mapping?.step).toBeNull();
  });
});

describe('a stranger among files', () => {
  it('is named with what it has, and the others are read', async () => {
    const files = ['run7_metadata.jsonl', 'run7_rollouts_000000.jsonl'];
    const forms = await look(...(await Promise.all(files.map((name) => caseFile(`stranger/${name}`)))));
    expect(forms.map(({ inspection, strange }) => [inspection.name, strange])).toEqual([
      [files[0], 'no column looks like a reward; it has run_name, git_commit, model_name, timestamp'],
      [files[1], null],
    ]);
  });

  it.each([
    ['metrics', [{ step: 1, data: { loss: 0.5, kl: 1 } }], 'no column looks like a reward'],
    ['a summary', [{ reward_mean: 0.5, episodes: 100 }], 'no column tells prompts apart'],
    ['settings', [{ lr: 1e-6, batch: 128, name: 'x' }], 'no column looks like a reward'],
    ['many columns', [Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}`, i]))], 'c7 …'],
  ])('%s', async (_, lines, why) => {
    const [own, stranger] = await look(jsonLines(rows()), jsonLines(lines, 'other.jsonl'));
    expect([own.strange, stranger.strange]).toEqual([null, expect.stringContaining(why)]);
  });

  it('is none where no file is known: a person maps them all', async () => {
    const forms = await look(textFile('who,what\na,1', 'a.csv'), textFile('x;y\na;1', 'b.csv'));
    expect(forms.map(({ strange }) => strange)).toEqual([null, null]);
  });
});

it('names few files, and the ends of many', () => {
  expect(filesInWords(['a', 'b'])).toBe('a, b');
  expect(filesInWords(Array.from({ length: 1200 }, (_, i) => `${i}.jsonl`))).toBe(
    '1,200 files, 0.jsonl to 1199.jsonl',
  );
});

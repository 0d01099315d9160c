import { expect, it } from 'vitest';
import { jsonLines, textFile } from '../testing/files.ts';
import { shortNames } from './fileNames.ts';
import { lookAt } from './lookAt.ts';

const rows = (reward: number) => [{ prompt: 'p', response: 'r', reward, step: 1 }];

it('a file that is there twice is read once, and broken ones do not hide the good', async () => {
  const { forms, failures } = await lookAt([
    textFile('', 'empty.jsonl'),
    jsonLines(rows(1), 'a.jsonl'),
    jsonLines(rows(2), 'same size.jsonl'),
    jsonLines(rows(1), 'a (1).jsonl'),
  ]);
  expect(forms.map(({ files }) => files)).toEqual([[1, 2]]);
  expect(failures.map(({ cause }) => (cause as Error).message)).toEqual([
    'empty.jsonl is empty.',
    'a (1).jsonl holds the same bytes as a.jsonl. One of them is read.',
  ]);
});

it('the same responses at two steps are no copy', async () => {
  const { forms, failures } = await lookAt([1, 2].map((step) => jsonLines(rows(1), `step_${step}.jsonl`)));
  expect([forms[0].files, failures]).toEqual([[0, 1], []]);
});

it('files are called by their names, with folders where two have one name', () => {
  expect(shortNames(['x/a.jsonl', 'x/b.jsonl', 'y/b.jsonl'])).toEqual(['a.jsonl', 'x/b.jsonl', 'y/b.jsonl']);
  expect(shortNames(['/1/all.jsonl', '/2/all.jsonl', 'c'])).toEqual(['1/all.jsonl', '2/all.jsonl', 'c']);
});

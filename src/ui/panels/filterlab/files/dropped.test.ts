import { expect, it } from 'vitest';
import { droppedFiles, namedFiles } from './dropped.ts';

/** A file or a folder as a browser gives them, a folder's entries one at a time. */
const fileEntry = (path: string) => ({
  name: path.split('/').at(-1)!,
  fullPath: `/${path}`,
  isFile: true,
  isDirectory: false,
  file: (take: (file: File) => void) => take(new File([path], path.split('/').at(-1)!)),
});
const folderEntry = (path: string, ...below: object[]) => ({
  name: path.split('/').at(-1)!,
  fullPath: `/${path}`,
  isFile: false,
  isDirectory: true,
  createReader: () => {
    let next = 0;
    return { readEntries: (take: (some: object[]) => void) => take(below.slice(next, ++next)) };
  },
});
const transfer = (...entries: { isFile: boolean; file?: (take: (file: File) => void) => void }[]) => {
  const files: File[] = [];
  for (const entry of entries) entry.file?.((file) => files.push(file));
  return {
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
    files,
  } as unknown as DataTransfer;
};

it('folders are walked, hidden files left where they are, numbers in order', async () => {
  const files = await droppedFiles(
    transfer(
      folderEntry(
        'run',
        folderEntry('run/step_10', fileEntry('run/step_10/all.jsonl')),
        folderEntry('run/step_9', fileEntry('run/step_9/all.jsonl'), fileEntry('run/step_9/.DS_Store')),
      ),
      fileEntry('other.csv'),
    ),
  );
  expect(files.map(({ name, path }) => [name, path])).toEqual([
    ['other.csv', 'other.csv'],
    ['run/step_9/all.jsonl', 'run/step_9/all.jsonl'],
    ['run/step_10/all.jsonl', 'run/step_10/all.jsonl'],
  ]);
  expect(await files[1].blob.text()).toBe('run/step_9/all.jsonl');
});

it('files without folders keep their names, in the order of their numbers', async () => {
  const dropped = await droppedFiles(transfer(fileEntry('iter_10.jsonl'), fileEntry('iter_2.jsonl')));
  expect(dropped.map(({ name }) => name)).toEqual(['iter_2.jsonl', 'iter_10.jsonl']);
  expect(namedFiles([])).toEqual([]);
});

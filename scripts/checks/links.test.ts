/** Links between the documents, and from them into the source, lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Relative link targets of a document, without their fragments. */
const targets = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1].split('#')[0])
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

it('finds links of every kind that documents use', () => {
  expect(targets('[a](b.md#c) ![d](e.png) [f](https://x.y) [g](#h)')).toEqual(['b.md', 'e.png']);
});

it.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const broken = targets(text).filter((target) => !existsSync(join(root, dirname(document), target)));
  expect(broken).toEqual([]);
});

it('every command that the documents name exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const named = documents.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(/npm run ([\w-]+)/g)].map((match) => match[1]),
  );
  expect(named.length).toBeGreaterThan(0);
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { OrderedLog } from './orderedLog.ts';

const folder = mkdtempSync(join(tmpdir(), 'ordered-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'log.jsonl');
const read = () => readFileSync(path, 'utf8');

it('has everything on disk as soon as it is appended', () => {
  const log = new OrderedLog(path);
  log.append(2, 'two\n');
  log.append(1, 'one é\n');
  expect(read()).toBe('two\none é\n');
  log.finish();
  expect(read()).toBe('one é\ntwo\n');
  expect(readdirSync(folder)).toEqual(['log.jsonl']);
});

it('gives the same file for any order of arrival', () => {
  const texts = fc.uniqueArray(fc.nat(50));
  fc.assert(
    fc.property(texts, (orders) => {
      const log = new OrderedLog(path);
      for (const order of orders) log.append(order, `${order}\n`);
      log.finish();
      expect(read()).toBe(
        [...orders]
          .sort((a, b) => a - b)
          .map((order) => `${order}\n`)
          .join(''),
      );
    }),
    { numRuns: 50 },
  );
});

it('replaces what comes again and forgets what was taken back', () => {
  const log = new OrderedLog(path);
  for (const order of [1, 2, 3, 10]) log.append(order, `first ${order}\n`);
  log.forget(2, 10);
  log.append(2, 'second 2\n');
  log.finish();
  expect(read()).toBe('first 1\nsecond 2\nfirst 10\n');
});

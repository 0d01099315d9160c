import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StudyPlan } from '../../src/lab/studies/studyFiles.ts';
import { someRun } from '../../src/lab/studies/testing/someStudy.ts';
import { StudyFolder } from './studyFolder.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'study-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const plan = (ids: readonly string[], code = 'code'): StudyPlan => ({
  format: 'filtrate-plan/1',
  code,
  spec: {},
  runs: ids.map((id) => ({ id, cell: 'learned', arm: 'BW', seed: 1 })),
});

it('keeps what a run goes on from until the run is finished, and leaves whole files alone', () => {
  const folder = new StudyFolder(path, plan(['a', 'b']));
  expect(folder.readCutOff('a')).toBeNull();
  folder.saveCutOff('a', Uint8Array.of(1, 2));
  folder.saveCutOff('a', Uint8Array.of(3, 4));
  expect([...new StudyFolder(path, plan(['a', 'b'])).readCutOff('a')!]).toEqual([3, 4]);
  folder.finish({ ...someRun({ cell: 'learned', arm: 'BW', seed: 1 }), id: 'a' });
  expect(folder.has('a')).toBe(true);
  expect(folder.has('b')).toBe(false);
  folder.saveCutOff('a', Uint8Array.of(5));
  expect(folder.readCutOff('a')).toBeNull();
  expect(readdirSync(path, { recursive: true }).sort()).toEqual([
    'cut-off',
    'plan.json',
    'runs',
    'runs/a.json',
  ]);
});

it('lets a study grow, and refuses one that changed, each with its own message', () => {
  new StudyFolder(path, plan(['a', 'b']));
  new StudyFolder(path, plan(['a', 'b', 'c']));
  expect(() => new StudyFolder(path, plan(['a', 'b']))).toThrow(
    /another spec: 1 of its 3 runs .* learned: BW, seed 1/,
  );
  expect(() => new StudyFolder(path, plan(['a', 'b', 'c'], 'newer'))).toThrow(
    'begun with other code (code; this is newer)',
  );
});

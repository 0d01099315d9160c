import { expect, it } from 'vitest';
import { defaultSettings } from '../settings.ts';
import type { StoredRun } from './runStore.ts';
import { adviseSpace, bytesText } from './space.ts';

const run = (id: string, change: Partial<StoredRun>): StoredRun => ({
  id,
  name: id,
  note: '',
  session: 's',
  experiment: null,
  color: 0,
  settings: defaultSettings(),
  seed: 1,
  worldSeed: 1,
  backend: null,
  iteration: 1,
  firstPass: null,
  lastPass: null,
  finished: false,
  archived: false,
  created: 0,
  updated: 0,
  bytes: 10,
  fixedBytes: 5,
  ...change,
});
const space = (used: number, quota: number) => ({ used, quota, persisted: false });
const giga = 2 ** 30;

it('names archived runs first, then finished ones, the oldest first, and never one that is not done', () => {
  const runs = [
    run('going', { updated: 1 }),
    run('new', { finished: true, updated: 9 }),
    run('old', { finished: true, updated: 2 }),
    run('shelved', { archived: true, updated: 5 }),
  ];
  const { droppable, frees } = adviseSpace(space(giga, 10 * giga), runs);
  expect(droppable.map((each) => each.id)).toEqual(['shelved', 'old', 'new']);
  expect(frees).toBe(45);
});

it('warns before the room is used up, and not of a small quota that is empty', () => {
  expect(adviseSpace(space(giga, 10 * giga), []).level).toBe('fine');
  expect(adviseSpace(space(8.8 * giga, 10 * giga), []).level).toBe('tight');
  expect(adviseSpace(space(9.9999 * giga, 10 * giga), []).level).toBe('full');
  expect(adviseSpace(space(1e6, 50e6), []).level).toBe('fine');
  expect(adviseSpace(space(30e6, 50e6), []).level).toBe('tight');
});

it('writes sizes as people read them', () => {
  expect([0, 999, 1500, 999_600, 12_345_678, 3.2e9].map(bytesText)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.5 kB',
    '1.0 MB',
    '12 MB',
    '3.2 GB',
  ]);
});

import { expect, it } from 'vitest';
import type { StoredRun } from './runStore.ts';
import { bytesText, freedBy, needed, planRoom, spaceLevel } from './space.ts';
import { sampleRun } from './testing/sampleRun.ts';

const run = (id: string, change: Partial<StoredRun>): StoredRun =>
  sampleRun({ id, updated: 0, bytes: 10, fixedBytes: 5, ...change });
const space = (used: number, quota: number) => ({ used, quota, persisted: false });
const giga = 2 ** 30;

const runs = [
  run('going', { updated: 1 }),
  run('shelved', { archived: true, updated: 0 }),
  run('new', { finished: true, updated: 9 }),
  run('old', { finished: true, updated: 2 }),
  run('done and shelved', { finished: true, archived: true, updated: 5 }),
  run('stripped', { finished: true, bytes: 0, fixedBytes: 0 }),
];
const plan = (need: number) => planRoom(runs, need).map((item) => `${item.what} of ${item.run.id}`);

it('gives up samples before weights, archived runs before others, the oldest first, and nothing of a run that can go on', () => {
  expect(plan(Infinity)).toEqual([
    'samples of done and shelved',
    'samples of old',
    'samples of new',
    'weights of done and shelved',
    'weights of old',
    'weights of new',
  ]);
  expect(freedBy(planRoom(runs, Infinity))).toBe(45);
});

it('gives up no more than is asked for', () => {
  expect(plan(0)).toEqual([]);
  expect(plan(1)).toEqual(['samples of done and shelved']);
  expect(plan(10)).toEqual(['samples of done and shelved']);
  expect(plan(31)).toHaveLength(4);
});

it('warns before the room is used up, and not of a small quota that is empty', () => {
  expect(spaceLevel(space(giga, 10 * giga))).toBe('fine');
  expect(spaceLevel(space(8.8 * giga, 10 * giga))).toBe('tight');
  expect(spaceLevel(space(9.9999 * giga, 10 * giga))).toBe('full');
  expect(spaceLevel(space(1e6, 50e6))).toBe('fine');
  expect(spaceLevel(space(30e6, 50e6))).toBe('tight');
});

it('asks for as much room as ends the warning, and no more', () => {
  for (const [used, quota] of [
    [9.5 * giga, 10 * giga],
    [30e6, 50e6],
    [180e6, 200e6],
    [2e9, 2e9],
  ]) {
    const need = needed(space(used, quota));
    expect(spaceLevel(space(used - need, quota))).toBe('fine');
    expect(spaceLevel(space(used - need + 2 ** 10, quota))).not.toBe('fine');
  }
  expect(needed(space(giga, 10 * giga))).toBe(0);
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

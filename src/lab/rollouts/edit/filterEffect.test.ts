import { expect, test } from 'vitest';
import { rankGroups, select } from '../../../core/filters/filter.ts';
import { stream } from '../../../core/random.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import { choose, editedFrom, filterOfEdit } from './filterEdit.ts';
import { effectOf } from './filterEffect.ts';

const start = editedFrom(settingsWith({ method: 'bw' }));

function madeBatch(groups: number, size: number) {
  const rng = stream(3, groups, size);
  const rows = groups * size;
  const reward = Float32Array.from({ length: rows }, () => rng.uniform() * 2 - 1);
  const score = Float32Array.from({ length: rows }, () => (rng.uniform() < 0.4 ? 1 : 0));
  const group = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size));
  return { reward, looked: reward, through: null, score, group, ranking: rankGroups(reward, group, 1) };
}

test('PPO-M keeps every response, whatever the group', () => {
  const batch = { ...madeBatch(6, 20), lengths: null };
  const effect = effectOf(batch, filterOfEdit(choose(start, 'ppo-m')), 'keep', { weights: null, keep: 2 });
  expect(effect.kept).toBe(120);
});

test('the effect of BW on groups of five is two rows in five, exactly', () => {
  const batch = madeBatch(40, 5);
  const effect = effectOf({ ...batch, lengths: null }, filterOfEdit(start), 'keep');
  expect(effect.kept).toBeCloseTo(80);
  expect(effect.saved).toBeCloseTo(0.6);
  const rows = select(filterOfEdit(start), 'keep', batch, stream(1));
  expect(effect.passKept).toBeCloseTo(rows.reduce((n, row) => n + batch.score[row], 0) / rows.length);
});

test('weights of a custom function keep k of a group, certain where there is no choice', () => {
  const batch = madeBatch(2, 3);
  const weights = Float32Array.from([1, 0, 1, 0, 0, 0]);
  const { uses } = effectOf({ ...batch, lengths: null }, { kind: 'custom', source: 'x' }, 'keep', {
    weights,
    keep: 2,
  });
  expect([...uses]).toEqual([1, 0, 1, 0, 0, 0]);
});

test('unknown scores count neither as passing nor as failing', () => {
  const batch = madeBatch(1, 4);
  batch.score.set([1, Number.NaN, 0, Number.NaN]);
  const all = filterOfEdit(choose({ ...start, responses: 4 }, 'ppo-m'));
  expect(effectOf({ ...batch, lengths: null }, all, 'keep')).toMatchObject({ passAll: 0.5, passKept: 0.5 });
  expect(effectOf({ ...batch, score: null, lengths: null }, all, 'keep').passKept).toBeNull();
});

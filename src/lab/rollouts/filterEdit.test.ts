import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankGroups, select } from '../../core/filter.ts';
import { stream } from '../../core/random.ts';
import { keptBars, planBars } from '../../ui/filterlab/figures/histogramBars.ts';
import { defaultSettings } from '../settings/settings.ts';
import {
  barsOf,
  choose,
  clampForArm,
  commonestSize,
  editedFrom,
  effectOf,
  filterOfEdit,
  setThreshold,
  setWeight,
  weightsOf,
} from './filterEdit.ts';

const start = editedFrom({ ...defaultSettings(), method: 'bw' });

function madeBatch(groups: number, size: number) {
  const rng = stream(3, groups, size);
  const rows = groups * size;
  const reward = Float32Array.from({ length: rows }, () => rng.uniform() * 2 - 1);
  const score = Float32Array.from({ length: rows }, () => (rng.uniform() < 0.4 ? 1 : 0));
  const group = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size));
  return { reward, score, group, ranking: rankGroups(reward, group, 1) };
}

test('dragging a bar starts from the weights that were there', () => {
  const edit = setWeight(start, 5, 1, 0.25);
  expect(edit.method).toBe('custom');
  expect(edit.keep).toBe(2);
  expect(barsOf(edit, 5)).toEqual([0.5, 0.25, 0, 0, 0.5]);
  expect(weightsOf(edit, 5)).toEqual([0.4, 0.2, 0, 0, 0.4]);
});

test('a bar stays between 0 and 1 wherever the pointer goes', () => {
  fc.assert(
    fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.nat(4), (weight, rank) => {
      const bar = barsOf(setWeight(start, 5, rank, weight), 5)![rank];
      expect(bar).toBeGreaterThanOrEqual(0);
      expect(bar).toBeLessThanOrEqual(1);
    }),
  );
});

test('thresholds never cross', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.double({ min: -1, max: 1, noNaN: true }))), (moves) => {
      let edit = start;
      for (const [high, value] of moves) edit = setThreshold(edit, high ? 'high' : 'low', value);
      expect(edit.thresholdLow).toBeLessThanOrEqual(edit.thresholdHigh);
    }),
  );
});

test('PPO-M keeps every response, whatever the group', () => {
  const batch = { ...madeBatch(6, 20), lengths: null };
  const effect = effectOf(batch, filterOfEdit(choose(start, 'ppo-m')), 'keep', { weights: null, keep: 2 });
  expect(effect.kept).toBe(120);
});

test('N of a file is the size that most of its groups have', () => {
  const ofGroups = (...sizes: number[]) => {
    const group = Int32Array.from(sizes.flatMap((size, g) => new Array<number>(size).fill(g)));
    return commonestSize(rankGroups(new Float32Array(group.length), group, 1));
  };
  expect(ofGroups(8, 8, 7, 8, 3)).toBe(8);
  expect(ofGroups(1, 32)).toBe(32);
  expect(ofGroups()).toBe(1);
});

test('methods bring the k that their names say', () => {
  expect(choose(start, 'bon').keep).toBe(1);
  expect(choose({ ...start, responses: 7 }, 'ppo-m').keep).toBe(7);
  expect(choose({ ...start, customFilter: 'function filter() {}' }, 'br').customFilter).toBe('');
});

test('an arm gets values within its ranges, and is told what changed', () => {
  const { edit, clamped } = clampForArm({ ...start, thresholdHigh: 7.5 });
  expect(edit.thresholdHigh).toBe(1);
  expect(clamped).toEqual(['Upper threshold 7.5 → 1']);
  expect(clampForArm(start)).toEqual({ edit: start, clamped: [] });
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

test('the bars of the histogram hold every response once, and never more kept than there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 30 }), (groups, bins) => {
      const { reward, score } = madeBatch(groups, 5);
      const plan = planBars(reward, score, bins);
      const total = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
      expect(total(plan.pass) + total(plan.fail)).toBe(reward.length);
      const bars = keptBars(plan, new Float64Array(reward.length).fill(2.5));
      expect(bars.passKept).toEqual(plan.pass);
      expect(bars.failKept).toEqual(plan.fail);
    }),
  );
});

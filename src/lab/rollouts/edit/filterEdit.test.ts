import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankGroups } from '../../../core/filters/filter.ts';
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import {
  barsOf,
  choose,
  clampForArm,
  commonestSize,
  editedFrom,
  filterOfEdit,
  setThreshold,
  setWeight,
  weightsOf,
  withKnob,
} from './filterEdit.ts';

const start = editedFrom(settingsWith({ method: 'bw' }));

test('dragging a bar starts from the weights that were there', () => {
  const edit = setWeight(start, 5, 1, 0.25);
  expect(edit.method).toBe('custom');
  expect(edit.knobs.keep).toBe(2);
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
      expect(edit.knobs.thresholdLow).toBeLessThanOrEqual(edit.knobs.thresholdHigh as number);
    }),
  );
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
  expect(filterOfEdit(choose(start, 'bon'))).toMatchObject({ weights: 'best', keep: 1 });
  expect(choose(withKnob(start, 'keep', 4), 'br').knobs.keep).toBe(2);
  expect(choose(withKnob(start, 'customFilter', 'function filter() {}'), 'br').knobs.customFilter).toBe('');
});

test('an arm gets values within its ranges, and is told what changed', () => {
  const { edit, clamped } = clampForArm(withKnob(choose(start, 'top'), 'thresholdHigh', 7.5));
  expect(edit.knobs.thresholdHigh).toBe(1);
  expect(clamped).toEqual(['Upper threshold 7.5 → 1']);
  expect(clampForArm(start)).toEqual({ edit: start, clamped: [] });
});

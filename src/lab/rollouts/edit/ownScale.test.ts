import { expect, it } from 'vitest';
import type { Rollouts } from '../../../core/analysis/rollouts.ts';
import { defaultSettings } from '../../../rlhf/catalogue/catalogue.ts';
import { scaleOf, standardFilters } from '../analysis/standardFilters.ts';
import { choose, editedFrom, filterOfEdit, withKnob } from './filterEdit.ts';
import { offScale, onScale, withoutScale } from './ownScale.ts';

const rollouts: Rollouts = {
  reward: Float32Array.of(0, 1, 3, 9, 4, 10, 2, 8),
  score: null,
  group: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
  prompt: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1),
};
const scale = scaleOf(rollouts);
const fresh = withoutScale(editedFrom(defaultSettings()));

it('a filter that nobody has touched is the one of the table', () => {
  const table = standardFilters(rollouts);
  for (const id of ['positives', 'negatives', 'top', 'top-bott']) {
    const shown = filterOfEdit(choose(onScale(fresh, scale), id));
    expect(shown).toEqual(table.find((named) => named.id === id)?.filter);
  }
});

it('what somebody sets stays, and the rest follows what the filters look at', () => {
  const set = withKnob(onScale(fresh, scale), 'thresholdHigh', 5);
  const other = { ...scale, thresholdHigh: 0.9, thresholdLow: 0.1, passAt: 1 };
  const { knobs } = onScale(offScale(set, scale), other);
  expect(knobs).toMatchObject({ thresholdHigh: 5, thresholdLow: 0.1, passAt: 1 });
});

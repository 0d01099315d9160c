import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '../../../../core/random.ts';
import { keptBars, planBars } from './histogramBars.ts';

test('the bars of the histogram hold every response once, and never more kept than there are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 30 }), (groups, bins) => {
      const rng = stream(3, groups);
      const reward = Float32Array.from({ length: groups * 5 }, () => rng.uniform() * 2 - 1);
      const score = Float32Array.from(reward, () => (rng.uniform() < 0.4 ? 1 : 0));
      const plan = planBars(reward, score, bins);
      const total = (counts: Float64Array) => counts.reduce((a, b) => a + b, 0);
      expect(total(plan.pass) + total(plan.fail)).toBe(reward.length);
      const bars = keptBars(plan, new Float64Array(reward.length).fill(2.5));
      expect(bars.passKept).toEqual(plan.pass);
      expect(bars.failKept).toEqual(plan.fail);
    }),
  );
});

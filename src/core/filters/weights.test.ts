import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusion, type RankPreset, rankWeights } from './weights.ts';

const presets: RankPreset[] = ['uniform', 'best', 'best-random', 'best-worst', 'worst-random'];
const weights = fc.oneof(
  fc.constantFrom(...presets),
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }),
);

describe('inclusion', () => {
  it('sums to k or to the number of positive weights, stays in [0, 1] and keeps the order of the weights', () => {
    const columns = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(columns, fc.integer({ min: 1, max: 14 }), (w, k) => {
        const p = inclusion(w, k);
        const positive = w.filter((x) => x > 0).length;
        expect(p.reduce((a, b) => a + b, 0)).toBeCloseTo(Math.min(k, positive), 9);
        p.forEach((x, i) => {
          expect(x >= 0 && x <= 1).toBe(true);
          w.forEach((other, j) => {
            if (w[i] < other) expect(x).toBeLessThanOrEqual(p[j]);
          });
        });
      }),
    );
  });

  it('shares what exceeds certainty in proportion', () => {
    expect([...inclusion([0.8, 0.1, 0.05, 0.05], 2)].map((x) => +x.toFixed(9))).toEqual([1, 0.5, 0.25, 0.25]);
  });
});

describe('rank weights', () => {
  it('sum to 1, or to 0 where an edited list leaves nothing', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 20 }), (w, n) => {
        const sum = rankWeights(w, n).reduce((a, b) => a + b, 0);
        expect(sum === 0 || Math.abs(sum - 1) < 1e-12).toBe(true);
        if (typeof w === 'string') expect(sum).toBeCloseTo(1, 12);
      }),
    );
  });

  it('stretch with both ends fixed', () => {
    expect([...rankWeights([0.5, 0, 0, 0, 0.5], 2)]).toEqual([0.5, 0.5]);
    expect([...rankWeights([1, 0], 3)]).toEqual([2 / 3, 1 / 3, 0]);
    expect([...rankWeights([0, 0, 1], 1)]).toEqual([1]);
    expect([...rankWeights([0, 1, 0], 2)]).toEqual([0, 0]);
  });

  it('refuse what is no weight, naming the rank', () => {
    expect(() => rankWeights([1, -1], 2)).toThrow('rank 2');
    expect(() => rankWeights([Number.NaN], 2)).toThrow('rank 1');
    expect(() => rankWeights([], 2)).toThrow(RangeError);
  });
});

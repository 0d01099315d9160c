import { expect, it } from 'vitest';
import { stream } from '../random.ts';
import { mean, standardError } from './stats.ts';
import { halfWidth95, tellingOf, toldApart } from './studentT.ts';

it('covers the true mean of normal values in 95 of 100 samples, however few they are', () => {
  const rng = stream(1, 'coverage');
  for (const count of [2, 3, 5, 12]) {
    let covered = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const values = Array.from({ length: count }, () => 3 + rng.normal());
      if (Math.abs(mean(values) - 3) <= halfWidth95(standardError(values), count)!) covered++;
    }
    expect(Math.abs(covered / trials - 0.95)).toBeLessThan(0.015);
  }
});

it('knows no interval for a single value, and tells nothing apart from it', () => {
  expect(halfWidth95(null, 1)).toBeNull();
  expect(toldApart({ mean: 9, standardError: null, count: 1 })).toBe(false);
});

it('does not tell two and a half standard errors of three seeds from chance, but those of twenty', () => {
  expect(toldApart({ mean: 2.5, standardError: 1, count: 3 })).toBe(false);
  expect(toldApart({ mean: -2.5, standardError: 1, count: 20 })).toBe(true);
});

it('tells nothing from two values, nor from values without a spread', () => {
  const of = (...values: number[]) =>
    tellingOf({ mean: mean(values), standardError: standardError(values), count: values.length });
  expect(of(0.1, 0.1)).toBe('few');
  expect(of(0.1, 0.1001)).toBe('few');
  expect(of(0.1, 0.1, 0.1)).toBe('no spread');
  // 0.3 − 0.2 and 0.2 − 0.1 are the same difference to all but the last bit.
  expect(of(0.3 - 0.2, 0.2 - 0.1, 0.1)).toBe('no spread');
  expect(of(0, 0, 0)).toBe('level');
  expect(of(-0.1, -0.101, -0.102)).toBe('below');
});

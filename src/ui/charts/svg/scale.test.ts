import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extent, linear, ticks } from './scale.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('a scale maps its ends to its ends and inverts', () => {
  fc.assert(
    fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, t) => {
      fc.pre(Math.abs(a - b) > 1e-3);
      const scale = linear([a, b], [0, 400]);
      expect(scale(a)).toBeCloseTo(0, 6);
      expect(scale(b)).toBeCloseTo(400, 6);
      const value = a + (b - a) * t;
      expect(Math.abs(scale.invert(scale(value)) - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
    }),
  );
});

test('ticks are evenly spaced, within the range, and near the number asked for', () => {
  fc.assert(
    fc.property(
      number,
      fc.double({ min: 1e-4, max: 1e5, noNaN: true }),
      fc.integer({ min: 2, max: 12 }),
      (low, span, count) => {
        const places = ticks(low, low + span, count);
        const slack = span * 1e-6;
        for (const place of places) {
          expect(place).toBeGreaterThanOrEqual(low - slack);
          expect(place).toBeLessThanOrEqual(low + span + slack);
        }
        expect(places.length).toBeGreaterThanOrEqual(Math.floor(count / 2.5) - 1);
        expect(places.length).toBeLessThanOrEqual(count + 1);
      },
    ),
  );
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test('the extent passes over what is not finite', () => {
  expect(extent([3, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
  expect(extent([])).toBeNull();
});

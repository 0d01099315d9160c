import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { counted, fixed, grouped, percent, plusMinus, power, short, thousands } from './numberText.ts';

test.each<[number | null | undefined, number, string]>([
  [0.594, 0, '59\u00a0%'],
  [0.594, 1, '59.4\u00a0%'],
  [-0.012, 1, '−1.2\u00a0%'],
  [-1e-17, 1, '0.0\u00a0%'],
  [1, 0, '100\u00a0%'],
  [null, 1, '–'],
  [undefined, 0, '–'],
  [Number.NaN, 0, '–'],
])('the share %s with %s digits is %s', (share, digits, text) => {
  expect(percent(share, digits)).toBe(text);
});

test.each<[number | null | undefined, number, string]>([
  [0.6249, 2, '0.62'],
  [-1.2, 2, '−1.20'],
  [-0.001, 2, '0.00'],
  [-3.6, 0, '−4'],
  [undefined, 2, '–'],
  [null, 1, '–'],
  [Number.POSITIVE_INFINITY, 1, '–'],
])('%s with %s digits is %s', (value, digits, text) => {
  expect(fixed(value, digits)).toBe(text);
});

test('numbers that round to zero have no sign', () => {
  for (const zero of [0, -0, -1e-9, -0.0049]) expect(fixed(zero, 2)).toBe('0.00');
  expect(fixed(-0.005, 1)).toBe('0.0');
  expect(grouped(-0.4)).toBe('0');
  expect(short(-0)).toBe('0');
});

test('thousands, digits and powers', () => {
  const counts = [0, 40, 99, 100, 9600, 65_312, undefined];
  expect(counts.map(thousands)).toEqual(['0.0', '0.04', '0.1', '0.1', '9.6', '65.3', '–']);
  expect(grouped(-1234567.25, 1)).toBe('−1,234,567.3');
  expect(grouped(0.5, 3)).toBe('0.5');
  expect(short(0.1 + 0.2)).toBe('0.3');
  expect(short(-1.23456e-7, 3)).toBe('−1.23e−7');
  expect(fixed(-0.314)).toBe('−0.31');
  expect(power(-0.00001)).toBe('−1.0e−5');
  expect(plusMinus(-0.5, 0.125, 2)).toBe('−0.50 ± 0.13');
  expect(plusMinus(0.5, null, 2)).toBe('0.50');
});

test('one of a kind, and several', () => {
  expect([0, 1, 2, 1234].map((count) => counted(count, 'row'))).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
    '1,234 rows',
  ]);
});

describe('whatever the number', () => {
  const numbers = fc.oneof(fc.double(), fc.constantFrom(null, undefined, -0, 1e300, 5e-324, -1e21));
  const written = (text: string) => {
    expect(text).not.toMatch(/NaN|Infinity|null|undefined|-/);
    expect(text).not.toMatch(/^−[0.,]*( |$)/);
  };
  it('a text says no NaN, no Infinity, no signed zero', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 4 }), (value, digits) => {
        written(fixed(value, digits));
        written(grouped(value, digits));
        written(percent(value, digits));
        written(short(value, digits + 1));
        written(power(value, digits));
        written(plusMinus(value, value, digits));
      }),
    );
  });
  it('a text is the number, as near as its digits allow', () => {
    const read = (text: string) => Number(text.replaceAll('−', '-').replaceAll(',', ''));
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 4 }),
        (value, digits) => {
          const near = 0.5 * 10 ** -digits + 1e-6;
          expect(Math.abs(read(fixed(value, digits)) - value)).toBeLessThanOrEqual(near);
          expect(Math.abs(read(grouped(value, digits)) - value)).toBeLessThanOrEqual(near);
        },
      ),
    );
  });
});

import { expect, test } from 'vitest';
import { fixed, percent } from './numberText.ts';

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

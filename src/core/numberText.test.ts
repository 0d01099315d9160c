import { expect, test } from 'vitest';
import { percent } from './numberText.ts';

test.each<[number | null | undefined, number, string]>([
  [0.594, 0, '59\u00a0%'],
  [0.594, 1, '59.4\u00a0%'],
  [-0.012, 1, '−1.2\u00a0%'],
  [-1e-17, 1, '0.0\u00a0%'],
  [1, 0, '100\u00a0%'],
  [null, 1, '–'],
  [undefined, 0, '–'],
  [Number.NaN, 0, '–'],
])('%s with %s digits is %s', (share, digits, text) => {
  expect(percent(share, digits)).toBe(text);
});

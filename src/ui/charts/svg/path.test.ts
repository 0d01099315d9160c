import { expect, test } from 'vitest';
import { pathThrough } from './path.ts';

test('a path goes through its points, and through no place that is none', () => {
  expect(
    pathThrough([
      [0, 1],
      [2, 3.5],
    ]),
  ).toBe('M0 1L2 3.5');
  expect(
    pathThrough(
      [
        [0, 1],
        [2, Number.NaN],
        [4, 5],
      ],
      'Z',
    ),
  ).toBe('M0 1L4 5Z');
  expect(pathThrough([], 'Z')).toBe('');
  expect(
    pathThrough([
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
    ]),
  ).toBe('');
});

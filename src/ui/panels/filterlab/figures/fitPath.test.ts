import { describe, expect, test } from 'vitest';
import { linear } from '../../../charts/svg/scale.ts';
import { fitPath } from './fitPath.ts';

const x = linear([-1, 1], [0, 200]);
const y = linear([0, 1], [100, 0]);
const straight = (intercept: number, slope: number) => ({ intercept, slope, r2: 0, correlation: 0 });

describe('the line of a fit', () => {
  test('runs from side to side where it stays within', () => {
    expect(fitPath(straight(0.5, 0.25), x, y)).toBe('M0 75L200 25');
  });
  test('ends above and below where it would leave the figure, whichever way it slopes', () => {
    expect(fitPath(straight(0.5, 1), x, y)).toBe('M50 100L150 0');
    expect(fitPath(straight(0.5, -1), x, y)).toBe('M50 0L150 100');
  });
  test('covers only the rewards that it is asked to', () => {
    expect(fitPath(straight(0.5, 0), x, y, [-0.5, 0.5])).toBe('M50 50L150 50');
  });
  test('is not there when it passes the figure by, or is not known', () => {
    expect(fitPath(straight(3, 0), x, y)).toBeNull();
    expect(fitPath(straight(3, 1), x, y)).toBeNull();
    expect(fitPath(straight(0, Number.NaN), x, y)).toBeNull();
    expect(fitPath(null, x, y)).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { ActiveTime } from './activeTime.ts';

const hour = 3_600_000;

it('counts what work takes, and work that slowly takes longer', () => {
  const time = new ActiveTime();
  for (const ms of [5, 0, 59_000, 300_000, 2_000_000]) expect(time.count(ms)).toBe(ms);
});

it('counts a night as the longest span before it', () => {
  const time = new ActiveTime();
  time.count(700);
  expect(time.count(8 * hour)).toBe(700);
  expect(time.count(800)).toBe(800);
  // Also when it comes first, and again.
  const first = new ActiveTime();
  expect(first.count(hour)).toBe(60_000);
  expect(first.count(hour)).toBe(60_000);
});

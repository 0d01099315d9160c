import { expect, test } from 'vitest';
import { groupsByReward, scoreColour, truthOf } from './ranking.ts';

test('groups stand in order of appearance, their rows in order of reward, ties in order of row', () => {
  const samples = {
    group: Int32Array.from([7, 3, 7, 3, 7]),
    problem: Int32Array.from([70, 30, 70, 30, 70]),
    reward: Float32Array.from([0.5, -1, 0.9, 2, 0.5]),
  };
  expect(groupsByReward(samples)).toEqual([
    { group: 7, problem: 70, rows: [2, 0, 4] },
    { group: 3, problem: 30, rows: [3, 1] },
  ]);
});

test('only a score of exactly 1 passes', () => {
  expect([1, 11 / 12, 0].map(truthOf)).toEqual(['pass', 'part', 'fail']);
  expect(scoreColour(1)).toBe('var(--score-high)');
  expect(scoreColour(0.25)).toContain('25%');
});

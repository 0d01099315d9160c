import { expect, it } from 'vitest';
import { labelPairs } from './rewardModel.ts';

const rows = (completions: number[][]) =>
  completions.map((completion) => ({ tokens: [9, 9, ...completion], promptLength: 2 }));
const graded = {
  rows: rows([[5], [5, 6], [5, 6, 7, 8], [3], [4]]),
  group: Int32Array.of(0, 0, 0, 1, 1),
  score: Float32Array.of(1, 0.5, 0, 0.25, 0.25),
};

it('pairs all that differ in score within a group, the better one first', () => {
  expect(labelPairs(graded, { pairing: 'all', flipped: 0 }, 1)).toEqual([
    { chosen: 0, rejected: 1 },
    { chosen: 0, rejected: 2 },
    { chosen: 1, rejected: 2 },
  ]);
});

it('takes the one pair of largest edit distance, and none from a group that execution cannot tell apart', () => {
  expect(labelPairs(graded, { pairing: 'max-edit', flipped: 0 }, 1)).toEqual([{ chosen: 0, rejected: 2 }]);
});

it('turns labels round in the share asked for', () => {
  const many = 4000;
  const wide = {
    rows: rows(Array.from({ length: 2 * many }, (_, i) => [i % 7])),
    group: Int32Array.from({ length: 2 * many }, (_, i) => i >> 1),
    score: Float32Array.from({ length: 2 * many }, (_, i) => i % 2),
  };
  const flipped = labelPairs(wide, { pairing: 'all', flipped: 0.3 }, 5).filter(
    (pair) => pair.chosen % 2 === 0,
  );
  expect(flipped.length / many).toBeGreaterThan(0.26);
  expect(flipped.length / many).toBeLessThan(0.34);
});

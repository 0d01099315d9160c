import { describe, expect, it } from 'vitest';
import { labelPairs, truthful } from './rewardModel.ts';
import { styleTaste } from './style.ts';

const rows = (completions: number[][]) =>
  completions.map((completion) => ({ tokens: [9, 9, ...completion], promptLength: 2 }));
const graded = {
  rows: rows([[5], [5, 6], [5, 6, 7, 8], [3], [4]]),
  group: Int32Array.of(0, 0, 0, 1, 1),
  score: Float32Array.of(1, 0.5, 0, 0.25, 0.25),
};

it('pairs all that differ in score within a group, the better one first', () => {
  expect(labelPairs(graded, truthful, 1)).toEqual([
    { chosen: 0, rejected: 1 },
    { chosen: 0, rejected: 2 },
    { chosen: 1, rejected: 2 },
  ]);
});

it('takes the one pair of largest edit distance, and none from a group that execution cannot tell apart', () => {
  expect(labelPairs(graded, { ...truthful, pairing: 'max-edit' }, 1)).toEqual([{ chosen: 0, rejected: 2 }]);
});

it('turns labels round in the share asked for', () => {
  const many = 4000;
  const wide = {
    rows: rows(Array.from({ length: 2 * many }, (_, i) => [i % 7])),
    group: Int32Array.from({ length: 2 * many }, (_, i) => i >> 1),
    score: Float32Array.from({ length: 2 * many }, (_, i) => i % 2),
  };
  const flipped = labelPairs(wide, { ...truthful, flipped: 0.3 }, 5).filter((pair) => pair.chosen % 2 === 0);
  expect(flipped.length / many).toBeGreaterThan(0.26);
  expect(flipped.length / many).toBeLessThan(0.34);
});

describe('careless annotators', () => {
  const careless = { ...truthful, clearFrom: 0.75, style: 3 };

  it('label by the truth where programs clearly differ, and by style where they do not, equal scores included', () => {
    const taste = styleTaste(3);
    const liked = (a: number, b: number) =>
      taste(graded.rows[a]) > taste(graded.rows[b]) ? { chosen: a, rejected: b } : { chosen: b, rejected: a };
    expect(labelPairs(graded, careless, 1)).toEqual([
      liked(0, 1),
      { chosen: 0, rejected: 2 },
      liked(1, 2),
      liked(3, 4),
    ]);
  });

  it('share a taste that depends on its seed and on the words of the program, not on the request', () => {
    const row = (request: number, ...program: number[]) => ({
      tokens: [request, ...program],
      promptLength: 1,
    });
    expect(styleTaste(3)(row(1, 5, 6))).toBe(styleTaste(3)(row(2, 5, 6)));
    expect(styleTaste(3)(row(1, 5, 6))).not.toBe(styleTaste(4)(row(1, 5, 6)));
    expect(styleTaste(3)(row(1, 5, 5))).toBeCloseTo(styleTaste(3)(row(1, 5)), 12);
  });

  it('give no pair of two programs that are one', () => {
    const twins = { rows: rows([[5], [5]]), group: Int32Array.of(0, 0), score: Float32Array.of(1, 1) };
    expect(labelPairs(twins, careless, 1)).toEqual([]);
  });
});

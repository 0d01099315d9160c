import { expect, test } from 'vitest';
import { literal, responseAt } from './response.ts';

const samples = {
  problem: Int32Array.from([3, 3, 5]),
  group: Int32Array.from([0, 0, 1]),
  starts: Int32Array.from([0, 2, 3, 5]),
  tokens: Uint16Array.from([10, 1, 11, 12, 1]),
  logProb: Float32Array.from([-0.5, -0.5, -1, -2, 0]),
  refLogProb: Float32Array.from([-1, -0.75, -1, -1, -1]),
  reward: Float32Array.from([0.25, 0.5, -1]),
  score: Float32Array.from([1, 0, 0]),
  status: Uint8Array.from([0, 2, 3]),
  uses: Uint16Array.from([0, 1, 2]),
};

test('a response comes with its rank, its siblings and its own tokens', () => {
  expect(responseAt(samples, 0)).toMatchObject({
    rank: 2,
    siblings: [1, 0],
    reward: 0.25,
    status: 'ok',
    uses: 0,
  });
  const view = responseAt(samples, 0)!;
  expect([...view.tokens]).toEqual([10, 1]);
  expect(view.kl).toBeCloseTo(0.75);
  expect(responseAt(samples, 1)!.status).toBe('timeout');
});

test('a row that the iteration lacks is no response', () => {
  expect(responseAt(samples, 3)).toBeNull();
  expect(responseAt(samples, -1)).toBeNull();
});

test('values are written as JavaScript', () => {
  expect(literal([1, [true, null], 'a"b'])).toBe('[1, [true, null], "a\\"b"]');
});

import { expect, test } from 'vitest';
import { sampleGroups } from './dragSample.ts';

function made(rows: number, size: number) {
  const group = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size));
  return { reward: Float32Array.from(group), score: null, group, prompt: group };
}

test('few responses are taken whole', () => {
  const rollouts = made(5000, 5);
  expect(sampleGroups(rollouts)).toEqual({ rollouts, rows: null });
});

test('of many, whole groups are taken, about as many rows as fit, each with its own columns', () => {
  const rollouts = made(600_000, 6);
  const { rollouts: part, rows } = sampleGroups(rollouts);
  expect(part.reward.length).toBeGreaterThan(55_000);
  expect(part.reward.length).toBeLessThan(65_000);
  const sizes = new Map<number, number>();
  for (const group of part.group) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  expect(new Set(sizes.values())).toEqual(new Set([6]));
  rows!.forEach((row, at) => {
    if (rollouts.reward[row] !== part.reward[at]) throw new Error(`row ${row}`);
  });
});

import { expect, it } from 'vitest';
import { styleTaste } from '../../../rlhf/prepare/style.ts';
import type { Graded } from './job.ts';
import { measureReward } from './measureReward.ts';

/** Twenty programs of one token each, two for each of ten prompts. */
const graded = (score: number[]) =>
  ({
    responses: {
      rows: score.map((_, i) => ({ tokens: [1, 3 + i], promptLength: 1 })),
      group: Int32Array.from(score, (_, i) => i >> 1),
    },
    judged: { score: Float32Array.from(score) },
  }) as unknown as Graded;
const reward = Float32Array.from({ length: 20 }, (_, i) => i / 20);

it('gives the share that passes in each tenth of the rewards', () => {
  // Fails at the bottom, passes at the top, and in between one of two.
  const score = Array.from({ length: 20 }, (_, i) => (i < 4 ? 0 : i >= 16 ? 1 : i % 2));
  const { reliability, metrics } = measureReward(reward, graded(score), null);
  expect(reliability).toEqual([0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1]);
  expect(metrics.heldPairAccuracy).toBe(1);
  // Of the six passing and six failing programs of the middle, ordered by place: 21 of 36 pairs are right.
  expect(metrics.heldMiddleAccuracy).toBeCloseTo(21 / 36, 12);
  expect(metrics).not.toHaveProperty('heldStyleCorrelation');
});

it('gives the correlation with a style where one labelled, and nothing where there is nothing to compare', () => {
  const score = Array.from({ length: 20 }, () => 1);
  const taste = styleTaste(2);
  const held = graded(score);
  const { metrics } = measureReward(Float32Array.from(held.responses.rows, taste), held, 2);
  expect(metrics.heldStyleCorrelation).toBeCloseTo(1, 6);
  expect(Object.keys(metrics)).not.toContain('heldPairAccuracy');
  expect(Object.keys(metrics)).not.toContain('heldMiddleAccuracy');
});

import { expect, it } from 'vitest';
import { tf } from '../../nn/tensors/tf.ts';
import { LossReader } from './lossReader.ts';

it('gives the first loss at once, then those of two steps before, and at the end the last', async () => {
  const reader = new LossReader('The loss');
  const told: number[] = [];
  for (let step = 1; step <= 6; step++) told.push(await reader.next(tf.scalar(step), step === 6));
  expect(told).toEqual([1, 1, 1, 2, 3, 6]);
  expect(tf.memory().numTensors).toBe(0);
});

it('names the step whose loss is no number', async () => {
  const reader = new LossReader('The loss');
  await reader.next(tf.scalar(1), false);
  await reader.next(tf.scalar(Number.NaN), false);
  await reader.next(tf.scalar(3), false);
  await expect(reader.next(tf.scalar(4), false)).rejects.toThrow('The loss became NaN at step 2.');
});

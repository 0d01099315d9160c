import { beforeAll, expect, it } from 'vitest';
import { tf } from '../tensors/tf.ts';
import { openSimd } from './open.ts';

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
});

it('gives a part of a tensor memory of its own, so that it outlives the tensor', async () => {
  const backend = await openSimd();
  const whole = tf.tensor1d([1, 2, 3, 4]);
  backend.pointer(whole);
  const part = tf.slice1d(whole, 1, 2);
  whole.dispose();
  // What is freed is given to the next that asks.
  const next = tf.tensor1d([9, 9, 9, 9]);
  backend.pointer(next);
  expect(Array.from(await part.data())).toEqual([2, 3]);
  tf.dispose([part, next]);
});

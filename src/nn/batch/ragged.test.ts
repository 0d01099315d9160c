import { describe, expect, it } from 'vitest';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { packSequences } from './batch.ts';
import { actionCounts, atActions, atEnds, completionMean, completionSums } from './ragged.ts';

const batch = packSequences([
  { tokens: [5, 6, 7, 1], promptLength: 2 },
  { tokens: [5, 6], promptLength: 2 },
  { tokens: [8, 9, 10, 11, 1], promptLength: 1 },
]);
const T = batch.tokens.length;
const A = batch.actionRows.length;
const values = (n: number) => Float32Array.from({ length: n }, (_, i) => (i + 1) * (i % 2 ? -0.5 : 1));

/** Value and gradient of Σ (i + 1)·y[i], by the op and by hand: entry i of y is Σ_j weight(i, j)·x[j]. */
function check(
  op: (x: tf.Tensor1D) => tf.Tensor1D,
  inputs: number,
  outputs: number,
  weight: (i: number, j: number) => number,
) {
  const x = values(inputs);
  const y = Float32Array.from({ length: outputs }, (_, i) =>
    x.reduce((sum, v, j) => sum + weight(i, j) * v, 0),
  );
  const dx = Float32Array.from(x, (_, j) => {
    let sum = 0;
    for (let i = 0; i < outputs; i++) sum += (i + 1) * weight(i, j);
    return sum;
  });
  tf.tidy(() => {
    const seeds = tf.tensor1d(Float32Array.from({ length: outputs }, (_, i) => i + 1));
    const input = tf.tensor1d(x);
    expect(op(input).dataSync()).toEqual(y);
    const gradient = tf.grad((t: tf.Tensor) => tf.sum(tf.mul(op(t as tf.Tensor1D), seeds)))(input);
    gradient.dataSync<'float32'>().forEach((value, j) => {
      expect(value).toBeCloseTo(dx[j], 5);
    });
  });
}

describe.each(['cpu', 'simd'])('moves between layouts on %s', (backend) => {
  const begin = async () => {
    await openSimd();
    await tf.setBackend(backend);
  };
  const owner = (j: number) => batch.starts.findIndex((_, b) => j < batch.starts[b + 1]);

  it('atActions', async () => {
    await begin();
    check(
      (x) => atActions(x, batch),
      T,
      A,
      (i, j) => (batch.actionRows[i] === j ? 1 : 0),
    );
  });

  it('atEnds', async () => {
    await begin();
    check(
      (x) => atEnds(x, batch),
      T,
      3,
      (i, j) => (batch.starts[i + 1] - 1 === j ? 1 : 0),
    );
  });

  it('completionSums, with 0 for a sequence without actions', async () => {
    await begin();
    check(
      (x) => completionSums(x, batch),
      A,
      3,
      (b, a) => (batch.actionStarts[b] <= a && a < batch.actionStarts[b + 1] ? 1 : 0),
    );
    expect([...tf.tidy(() => actionCounts(batch).dataSync())]).toEqual([2, 1, 4]);
  });

  it('completionMean, with 0 for a sequence without completion', async () => {
    await begin();
    check(
      (x) => completionMean(x, batch),
      T,
      3,
      (b, j) => {
        const count = batch.actionStarts[b + 1] - batch.actionStarts[b];
        return owner(j) === b && batch.positions[j] >= batch.promptLengths[b] ? 1 / count : 0;
      },
    );
  });
});

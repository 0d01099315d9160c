/** Sums over segments in plain tfjs ops: the product with a matrix that says which entry counts how much for which sum. */
import { tf } from '../../tensors/tf.ts';

export function segmentSumsReference(x: tf.Tensor1D, bounds: Int32Array, mean: boolean): tf.Tensor1D {
  const N = x.shape[0];
  const B = bounds.length / 2;
  const weights = new Float32Array(B * N);
  for (let b = 0; b < B; b++) {
    const [from, to] = bounds.subarray(2 * b, 2 * b + 2);
    weights.fill(mean ? 1 / (to - from) : 1, b * N + from, b * N + to);
  }
  return tf.sum(tf.mul(tf.tensor2d(weights, [B, N]), x), 1);
}

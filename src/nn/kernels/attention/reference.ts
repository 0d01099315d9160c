/** Causal attention in plain tfjs ops: one sequence after the other. */
import { tf } from '../../tensors/tf.ts';

export function attentionReference(qkv: tf.Tensor2D, starts: tf.Tensor1D, heads: number): tf.Tensor2D {
  const D = qkv.shape[1] / 3;
  const size = D / heads;
  const bounds = starts.dataSync();
  const outputs: tf.Tensor2D[] = [];
  for (let b = 0; b + 1 < bounds.length; b++) {
    const length = bounds[b + 1] - bounds[b];
    if (length === 0) continue;
    const part = tf.reshape(tf.slice(qkv, [bounds[b], 0], [length, 3 * D]), [length, 3, heads, size]);
    // [3, heads, length, size]
    const [q, k, v] = tf.unstack(tf.transpose(part, [1, 2, 0, 3]));
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(size));
    const visible = tf.linalg.bandPart(tf.ones([length, length]), -1, 0);
    const masked = tf.add(scores, tf.mul(tf.sub(1, visible), -1e9));
    const y = tf.matMul(tf.softmax(masked), v);
    outputs.push(tf.reshape(tf.transpose(y, [1, 0, 2]), [length, D]));
  }
  return tf.concat(outputs, 0);
}

/** `take` in plain tfjs ops. Indices below zero are treated like indices that are too large. */
import { tf } from '../../tensors/tf.ts';

export function takeReference(x: tf.Tensor1D, index: tf.Tensor1D): tf.Tensor1D {
  const N = x.shape[0];
  const outside = tf.logicalOr(tf.less(index, 0), tf.greaterEqual(index, N));
  const safe = tf.where(outside, tf.fill(index.shape, N, 'int32'), index);
  return tf.gather(tf.concat([x, tf.zeros([1])]), tf.cast(safe, 'int32')) as tf.Tensor1D;
}

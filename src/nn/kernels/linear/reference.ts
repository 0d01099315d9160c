/** Linear layers in plain tfjs ops: what the fused kernels are held against. */
import { tf } from '../../tensors/tf.ts';

export function linearReference(
  x: tf.Tensor2D,
  w: tf.Tensor2D,
  bias: tf.Tensor1D,
  residual?: tf.Tensor2D,
): tf.Tensor2D {
  const y = tf.add<tf.Tensor2D>(tf.matMul(x, w), bias);
  return residual ? tf.add(y, residual) : y;
}

export function linearGeluReference(x: tf.Tensor2D, w: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return geluReference(linearReference(x, w, bias));
}

/** ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))) */
function geluReference<T extends tf.Tensor>(x: T): T {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}

/** Token plus position embedding in plain tfjs ops. */
import { tf } from '../../tensors/tf.ts';

export function embeddingReference(
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
  tokens: tf.Tensor1D,
  positions: tf.Tensor1D,
): tf.Tensor2D {
  return tf.add(tf.gather(wte, tokens), tf.gather(wpe, positions));
}

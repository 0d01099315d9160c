/**
 * Token plus position embedding where noise lies on the tokens: what a token says is multiplied, block by block of its
 * columns, by numbers that are given; where it stands is not. (The first layer normalisation would undo a factor on the
 * sum of both.)
 */
import { tf } from '../../tensors/tf.ts';
import { embedding } from './embedding.ts';

/**
 * wte[tokens] · mask + wpe[positions]
 * @param wte [V,D]
 * @param wpe [L,D]
 * @param mask [T,K] factors, one for each of K equal blocks of columns; K divides D
 * @returns [T,D]; with a mask of ones the numbers of `embedding`, to the bit. Differentiable in wte, wpe and mask
 */
export function maskedEmbedding(
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
  tokens: tf.Tensor1D,
  positions: tf.Tensor1D,
  mask: tf.Tensor2D,
): tf.Tensor2D {
  const [T, K] = mask.shape;
  const D = wte.shape[1];
  if (T !== tokens.shape[0] || D % K !== 0)
    throw new TypeError(
      `maskedEmbedding: "mask" has shape [${mask.shape}], but one row for each of ${tokens.shape[0]} tokens was expected, with as many columns as divide the width ${D}.`,
    );
  return tf.tidy(() => {
    const nowhere = tf.zeros([1, D]) as tf.Tensor2D;
    const first = tf.zeros([T], 'int32') as tf.Tensor1D;
    const words = tf.reshape(embedding(wte, nowhere, tokens, first), [T, K, D / K]);
    const masked = tf.reshape(tf.mul(words, tf.reshape(mask, [T, K, 1])), [T, D]);
    return tf.add(masked, embedding(wpe, nowhere, positions, first)) as tf.Tensor2D;
  });
}

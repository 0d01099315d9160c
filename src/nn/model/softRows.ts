/**
 * Soft prompts: k learned vectors that a model reads before the sequence (Lester et al., arXiv 2104.08691). They are
 * further rows of the table of embeddings, with token ids from the vocabulary's end on, so that training and sampling read
 * them as they read tokens. The output head knows none of them: it has no logits for them, and they are never drawn. Every
 * sequence begins with all of them, and positions count from what follows, so that a request stands where it always stood.
 */
import { tf } from '../tensors/tf.ts';

/** [k,D]; k may be 0. */
export type SoftRows = tf.Tensor2D;

/** The table with the soft rows behind it; the very table where there are none. */
export function withSoftRows(wte: tf.Tensor2D, soft: SoftRows | undefined): tf.Tensor2D {
  return soft && soft.shape[0] > 0 ? (tf.concat([wte, soft], 0) as tf.Tensor2D) : wte;
}

/** The table of positions with none for the soft rows: what a position would add to them, they learn. */
export function withSoftPositions(wpe: tf.Tensor2D, soft: SoftRows | undefined): tf.Tensor2D {
  return soft && soft.shape[0] > 0 ? (tf.concat([tf.zeros(soft.shape), wpe], 0) as tf.Tensor2D) : wpe;
}

/** The token ids of `count` soft rows behind a vocabulary. */
export function softTokens(vocab: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => vocab + i);
}

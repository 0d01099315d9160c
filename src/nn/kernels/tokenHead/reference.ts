/** The token head in plain tfjs ops. */
import { tf } from '../../tensors/tf.ts';

export interface TokenHead {
  /** [A] log-probability of the target under the softmax over the whole vocabulary, in nats. */
  logProb: tf.Tensor1D;
  /** [A] entropy of that softmax, in nats. */
  entropy: tf.Tensor1D;
}

export function tokenHeadReference(
  hidden: tf.Tensor2D,
  wte: tf.Tensor2D,
  rows: tf.Tensor1D,
  targets: tf.Tensor1D,
): TokenHead {
  const logits = tf.matMul(tf.gather(hidden, rows), wte, false, true);
  const logProbs = tf.logSoftmax(logits);
  const chosen = tf.oneHot(targets, wte.shape[0]);
  return {
    logProb: tf.sum(tf.mul(logProbs, chosen), 1),
    entropy: tf.neg(tf.sum(tf.mul(tf.exp(logProbs), logProbs), 1)),
  };
}

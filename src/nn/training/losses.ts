/**
 * The losses, as the papers write them, in differentiable tensor arithmetic over ragged vectors:
 * A = number of action tokens in the batch, one entry per token.
 */
import type { PackedBatch } from '../batch/batch.ts';
import { completionMean } from '../batch/ragged.ts';
import { fusedPolicyLoss, fusedValueLoss } from '../kernels/clippedLoss/clippedLoss.ts';
import { tf } from '../tensors/tf.ts';
import { surrogate } from './surrogate.ts';

export interface PolicyLoss {
  /** Clipped surrogate, negated, mean over actions. */
  loss: tf.Scalar;
  /** Share of actions whose ratio left [1 − clip, 1 + clip]. */
  clipFraction: tf.Scalar;
  /** Schulman's k3 estimator of KL(old ‖ new), mean over actions, in nats. */
  approxKl: tf.Scalar;
}

/**
 * PPO's clipped policy loss (arXiv 1707.06347, equation 7).
 * @param logProb [A] under the policy being trained; the only differentiable input
 * @param oldLogProb [A] under the policy that sampled
 * @param advantage [A] whitened
 */
export function clippedPolicyLoss(
  logProb: tf.Tensor1D,
  oldLogProb: tf.Tensor1D,
  advantage: tf.Tensor1D,
  clip: number,
): PolicyLoss {
  const fused = fusedPolicyLoss(logProb, oldLogProb, advantage, clip);
  if (fused) return fused;
  const { objective, clipFraction, approxKl } = clippedSurrogate(
    tf.sub(logProb, oldLogProb),
    advantage,
    clip,
    clip,
  );
  return { loss: tf.neg(tf.mean(objective)), clipFraction, approxKl };
}

/** `surrogate` on the backend that computes. */
export const clippedSurrogate = (
  logRatio: tf.Tensor1D,
  advantage: tf.Tensor1D,
  below: number,
  above: number,
) => surrogate(tf, logRatio, advantage, below, above);

/**
 * PPO's clipped value loss: half the larger of two squared errors, mean over actions.
 * @param value [A] from the critic being trained; the only differentiable input
 * @param oldValue [A] from the critic before the update
 * @param returns [A] advantage + old value
 */
export function clippedValueLoss(
  value: tf.Tensor1D,
  oldValue: tf.Tensor1D,
  returns: tf.Tensor1D,
  clip: number,
): tf.Scalar {
  const fused = fusedValueLoss(value, oldValue, returns, clip);
  if (fused) return fused;
  const clippedValue = tf.add(oldValue, tf.clipByValue(tf.sub(value, oldValue), -clip, clip));
  const error = tf.square(tf.sub(value, returns));
  const clippedError = tf.square(tf.sub(clippedValue, returns));
  return tf.mul(tf.mean(tf.maximum(error, clippedError)), 0.5);
}

/** Masked mean cross-entropy of supervised fine-tuning: `logProb` [A] holds only the actions. */
export function crossEntropy(logProb: tf.Tensor1D): tf.Scalar {
  return tf.neg(tf.mean(logProb));
}

/**
 * Rewards of whole responses: tanh(scale · mean of the scalar head over the completion tokens).
 * @param scalar [T] from the scalar head
 * @returns [B] in (−1, 1)
 */
export function pooledReward(scalar: tf.Tensor1D, batch: PackedBatch, scale: number): tf.Tensor1D {
  return tf.tanh(tf.mul(completionMean(scalar, batch), scale));
}

/**
 * Bradley-Terry: −log σ(scale · (chosen − rejected)), mean over pairs (PF-PPO, equations 1 and 2).
 * @param chosen [P] rewards of the better program of each pair
 * @param rejected [P] rewards of the worse one
 */
export function bradleyTerry(chosen: tf.Tensor1D, rejected: tf.Tensor1D, scale: number): tf.Scalar {
  return tf.mean(tf.softplus(tf.mul(tf.sub(rejected, chosen), scale)));
}

/**
 * Cross-entropy of histograms: −log of the probability of the bin that came, mean over the rows that are learned from.
 * @param logits [T, bins]; the only differentiable input
 * @param rows [P] those that are learned from, and `bin` [P] the bin that came. A mask instead of a gather: the gradient of
 * a gather of many rows is slow.
 */
export function histogramCrossEntropy(
  logits: tf.Tensor2D,
  rows: ArrayLike<number>,
  bin: ArrayLike<number>,
): tf.Scalar {
  const [, bins] = logits.shape;
  const came = new Float32Array(logits.size);
  for (let i = 0; i < rows.length; i++) came[rows[i] * bins + bin[i]] = 1 / rows.length;
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.tensor2d(came, logits.shape))));
}

/**
 * Cross-entropy of yes-or-no questions whose answers may be unsure: −t·log σ(x) − (1 − t)·log(1 − σ(x)), mean over [P].
 * @param logit [P] log-odds that the answer is yes; the only differentiable input
 * @param target [P] how surely it is, in [0, 1]
 */
export function binaryCrossEntropy(logit: tf.Tensor1D, target: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.sub(tf.softplus(logit), tf.mul(target, logit)));
}

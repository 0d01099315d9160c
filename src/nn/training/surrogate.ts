/**
 * The clipped objective of policy gradients. The arithmetic is handed to it, because training computes it with tfjs and
 * the page, which explains one token of it, with plain numbers.
 */
import type { tf as tensors } from '../tensors/tf.ts';

type Arithmetic = Pick<
  typeof tensors,
  'exp' | 'sub' | 'mul' | 'clipByValue' | 'minimum' | 'mean' | 'add' | 'cast' | 'greater' | 'less'
>;

/**
 * Entry by entry, for losses that take other means than PPO's: one entry per action [A], or one per response [B] where a
 * response is one action.
 * @param logRatio log π − log π_old; the only differentiable input
 * @param below how far the ratio may fall under 1
 * @param above how far it may rise over 1
 */
export function surrogate(
  tf: Arithmetic,
  logRatio: tensors.Tensor1D,
  advantage: tensors.Tensor1D,
  below: number,
  above: number,
): { objective: tensors.Tensor1D; clipFraction: tensors.Scalar; approxKl: tensors.Scalar } {
  const ratio = tf.exp(logRatio);
  const moved = tf.sub(ratio, 1);
  const unclipped = tf.mul(ratio, advantage);
  const clipped = tf.mul(tf.clipByValue(ratio, 1 - below, 1 + above), advantage);
  return {
    objective: tf.minimum(unclipped, clipped),
    clipFraction: tf.mean(
      tf.add(tf.cast(tf.greater(moved, above), 'float32'), tf.cast(tf.less(moved, -below), 'float32')),
    ),
    approxKl: tf.mean(tf.sub(moved, logRatio)),
  };
}

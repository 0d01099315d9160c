/**
 * PPO's two clipped losses with their gradients in one pass. On the CPU the formulas of losses.ts are fast enough; on
 * a GPU each of their forty small ops costs a dispatch, so backends may register these kernels:
 *
 *   FClippedPolicyLoss  { logProb [A], oldLogProb [A], advantage [A] } attrs { clip }
 *                         → [loss [], clipFraction [], approxKl [], slope [A] = ∂loss/∂logProb]
 *   FClippedValueLoss   { value [A], oldValue [A], returns [A] } attrs { clip }
 *                         → [loss [], slope [A] = ∂loss/∂value]
 *
 * Where two branches of a minimum or maximum are equal, the gradient is that of the unclipped one, as in tfjs.
 */
import { tf } from '../../tensors/tf.ts';
import { checkShape, hasKernel, runKernel } from '../fused.ts';

export interface FusedPolicyLoss {
  loss: tf.Scalar;
  clipFraction: tf.Scalar;
  approxKl: tf.Scalar;
}

/** Null where the backend has no such kernel. Shapes and meaning: `clippedPolicyLoss` in losses.ts. */
export function fusedPolicyLoss(
  logProb: tf.Tensor1D,
  oldLogProb: tf.Tensor1D,
  advantage: tf.Tensor1D,
  clip: number,
): FusedPolicyLoss | null {
  if (!hasKernel('FClippedPolicyLoss')) return null;
  checkShape('clippedPolicyLoss', 'oldLogProb', oldLogProb, logProb.shape);
  checkShape('clippedPolicyLoss', 'advantage', advantage, logProb.shape);
  const inputs = { logProb, oldLogProb, advantage };
  const [loss, clipFraction, approxKl] = runKernel<tf.Scalar[]>('FClippedPolicyLoss', inputs, { clip });
  return { loss, clipFraction, approxKl };
}

/** Null where the backend has no such kernel. Shapes and meaning: `clippedValueLoss` in losses.ts. */
export function fusedValueLoss(
  value: tf.Tensor1D,
  oldValue: tf.Tensor1D,
  returns: tf.Tensor1D,
  clip: number,
): tf.Scalar | null {
  if (!hasKernel('FClippedValueLoss')) return null;
  checkShape('clippedValueLoss', 'oldValue', oldValue, value.shape);
  checkShape('clippedValueLoss', 'returns', returns, value.shape);
  const [loss] = runKernel<tf.Scalar[]>('FClippedValueLoss', { value, oldValue, returns }, { clip });
  return loss;
}

tf.registerGradient({
  kernelName: 'FClippedPolicyLoss',
  outputsToSave: [false, false, false, true],
  gradFunc: (dys, [slope]) => ({ logProb: () => tf.mul(slope, (dys as tf.Tensor[])[0]) }),
});

tf.registerGradient({
  kernelName: 'FClippedValueLoss',
  outputsToSave: [false, true],
  gradFunc: (dys, [slope]) => ({ value: () => tf.mul(slope, (dys as tf.Tensor[])[0]) }),
});

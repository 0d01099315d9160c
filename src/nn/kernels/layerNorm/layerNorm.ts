/**
 * Layer normalisation over the last axis (Ba et al., arXiv 1607.06450).
 *
 *   FLayerNorm      { x [T,D], gain [D], bias [D] } attrs { eps } → y [T,D]
 *   FLayerNormGrad  { dy [T,D], x, gain } attrs { eps } → [dx [T,D], dgain [D], dbias [D]]
 *
 * or, where every pass over memory counts (a GPU), a pair that keeps each row's mean and 1/σ and takes the residual
 * stream along, so that its gradient is added on the way instead of by an op of its own:
 *
 *   FLayerNormFork      { x, gain, bias } attrs { eps, pass } → [y, stats [T,2], x if pass]
 *   FLayerNormForkGrad  { dy, x, gain, stats, dpass? } → [dx, dgain, dbias]
 */
import { tf } from '../../tensors/tf.ts';
import { checkShape, hasKernel, once, runKernel } from '../fused.ts';
import { layerNormReference } from './reference.ts';

/**
 * (x − mean) / √(variance + eps) · gain + bias, with the biased variance of each row.
 * @param x [T,D]
 * @param gain [D]
 * @param bias [D]
 * @returns [T,D]
 */
export function layerNorm(x: tf.Tensor2D, gain: tf.Tensor1D, bias: tf.Tensor1D, eps: number): tf.Tensor2D {
  const D = x.shape[1];
  checkShape('layerNorm', 'gain', gain, [D]);
  checkShape('layerNorm', 'bias', bias, [D]);
  if (hasKernel('FLayerNormFork'))
    return runKernel<tf.Tensor2D[]>('FLayerNormFork', { x, gain, bias }, { eps, pass: 0 })[0];
  if (!hasKernel('FLayerNorm')) return tf.tidy(() => layerNormReference(x, gain, bias, eps));
  return runKernel('FLayerNorm', { x, gain, bias }, { eps });
}

/**
 * Layer norm where the residual stream branches off: `y` is the norm of x, and `residual` is x itself, for the sum
 * that comes later. Use nothing but these two after.
 */
export function layerNormFork(
  x: tf.Tensor2D,
  gain: tf.Tensor1D,
  bias: tf.Tensor1D,
  eps: number,
): { y: tf.Tensor2D; residual: tf.Tensor2D } {
  if (!hasKernel('FLayerNormFork')) return { y: layerNorm(x, gain, bias, eps), residual: x };
  checkShape('layerNorm', 'gain', gain, [x.shape[1]]);
  checkShape('layerNorm', 'bias', bias, [x.shape[1]]);
  const [y, , residual] = runKernel<tf.Tensor2D[]>('FLayerNormFork', { x, gain, bias }, { eps, pass: 1 });
  return { y, residual };
}

tf.registerGradient({
  kernelName: 'FLayerNormFork',
  inputsToSave: ['x', 'gain'],
  outputsToSave: [false, true, false],
  gradFunc: (dys, [x, gain, stats]) => {
    const [dy, , dpass] = dys as tf.Tensor[];
    const inputs = { dy, x, gain, stats };
    const grads = once(() =>
      runKernel<tf.Tensor[]>('FLayerNormForkGrad', dpass ? { ...inputs, dpass } : inputs),
    );
    return { x: () => grads()[0], gain: () => grads()[1], bias: () => grads()[2] };
  },
});

tf.registerGradient({
  kernelName: 'FLayerNorm',
  inputsToSave: ['x', 'gain'],
  gradFunc: (dy, [x, gain], attrs) => {
    const { eps } = attrs as unknown as { eps: number };
    const grads = once(() =>
      runKernel<tf.Tensor[]>('FLayerNormGrad', { dy: dy as tf.Tensor, x, gain }, { eps }),
    );
    return { x: () => grads()[0], gain: () => grads()[1], bias: () => grads()[2] };
  },
});

/**
 * Layer normalisation over the last axis (Ba et al., arXiv 1607.06450).
 *
 *   FLayerNorm      { x [T,D], gain [D], bias [D] } attrs { eps } → y [T,D]
 *   FLayerNormGrad  { dy [T,D], x, gain } attrs { eps } → [dx [T,D], dgain [D], dbias [D]]
 */
import { tf } from '../../tf.ts';
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
  if (!hasKernel('FLayerNorm')) return tf.tidy(() => layerNormReference(x, gain, bias, eps));
  return runKernel('FLayerNorm', { x, gain, bias }, { eps });
}

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

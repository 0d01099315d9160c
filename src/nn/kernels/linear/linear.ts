/**
 * Linear layers on packed tokens, with everything that usually follows them fused in.
 *
 * Kernels, of which a backend has all or none:
 *   FLinear            { x [T,I], w [I,O], bias [O], residual? [T,O] } → y [T,O] = x·w + bias (+ residual)
 *   FLinearGelu        { x, w, bias } → [pre [T,O], y [T,O]], pre = x·w + bias, y = gelu(pre)
 *   FGeluGrad          { dy, pre } → dpre [T,O]
 *   FLinearGradX       { dy [T,O], w } → dx [T,I] = dy·wᵀ
 *   FLinearGradParams  { x, dy } → [dw [I,O] = xᵀ·dy, dbias [O]]
 *
 * GELU is GPT-2's tanh approximation (Hendrycks and Gimpel, arXiv 1606.08415, section 2).
 */
import { tf } from '../../tensors/tf.ts';
import { checkShape, hasKernel, once, runKernel } from '../fused.ts';
import { linearGeluReference, linearReference } from './reference.ts';

/**
 * y = x·w + bias, plus `residual` when given.
 * @param x [T,I]
 * @param w [I,O]
 * @param bias [O]
 * @param residual [T,O]
 * @returns [T,O]
 */
export function linear(
  x: tf.Tensor2D,
  w: tf.Tensor2D,
  bias: tf.Tensor1D,
  residual?: tf.Tensor2D,
): tf.Tensor2D {
  const [T, I] = x.shape;
  const O = w.shape[1];
  checkShape('linear', 'w', w, [I, O]);
  checkShape('linear', 'bias', bias, [O]);
  if (residual) checkShape('linear', 'residual', residual, [T, O]);
  if (!hasKernel('FLinear')) return tf.tidy(() => linearReference(x, w, bias, residual));
  return runKernel('FLinear', residual ? { x, w, bias, residual } : { x, w, bias });
}

/**
 * y = gelu(x·w + bias).
 * @param x [T,I]
 * @param w [I,O]
 * @param bias [O]
 * @returns [T,O]
 */
export function linearGelu(x: tf.Tensor2D, w: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const [, I] = x.shape;
  const O = w.shape[1];
  checkShape('linearGelu', 'w', w, [I, O]);
  checkShape('linearGelu', 'bias', bias, [O]);
  if (!hasKernel('FLinearGelu')) return tf.tidy(() => linearGeluReference(x, w, bias));
  const [pre, y] = runKernel<tf.Tensor2D[]>('FLinearGelu', { x, w, bias });
  pre.dispose();
  return y;
}

/** Gradients of x, w and bias of a linear map whose output has the gradient that `dy` gives. */
function linearGradients(x: tf.Tensor, w: tf.Tensor, dy: () => tf.Tensor) {
  const params = once(() => runKernel<tf.Tensor[]>('FLinearGradParams', { x, dy: dy() }));
  return {
    x: () => runKernel<tf.Tensor>('FLinearGradX', { dy: dy(), w }),
    w: () => params()[0],
    bias: () => params()[1],
  };
}

tf.registerGradient({
  kernelName: 'FLinear',
  inputsToSave: ['x', 'w'],
  gradFunc: (dy, [x, w]) => ({
    ...linearGradients(x, w, () => dy as tf.Tensor),
    residual: () => tf.clone(dy as tf.Tensor),
  }),
});

tf.registerGradient({
  kernelName: 'FLinearGelu',
  inputsToSave: ['x', 'w'],
  outputsToSave: [true, false],
  gradFunc: (dys, [x, w, pre]) => {
    // The first output is there for this function only: nothing reads it, so it has no gradient of its own.
    const dpre = once(() => runKernel<tf.Tensor>('FGeluGrad', { dy: (dys as tf.Tensor[])[1], pre }));
    return linearGradients(x, w, dpre);
  },
});

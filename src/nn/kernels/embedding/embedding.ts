/**
 * Token plus position embedding.
 *
 *   FEmbedding      { wte [V,D], wpe [L,D], tokens [T] int32, positions [T] int32 } → x [T,D]
 *   FEmbeddingGrad  { dx [T,D], tokens, positions } attrs { vocab, maxLength } → [dwte [V,D], dwpe [L,D]]
 */
import { tf } from '../../tensors/tf.ts';
import { checkShape, hasKernel, once, runKernel } from '../fused.ts';
import { embeddingReference } from './reference.ts';

/**
 * wte[tokens] + wpe[positions]
 * @param wte [V,D]
 * @param wpe [L,D]
 * @param tokens [T] int32, each in [0, V)
 * @param positions [T] int32, each in [0, L)
 * @returns [T,D]
 */
export function embedding(
  wte: tf.Tensor2D,
  wpe: tf.Tensor2D,
  tokens: tf.Tensor1D,
  positions: tf.Tensor1D,
): tf.Tensor2D {
  checkShape('embedding', 'wpe', wpe, [wpe.shape[0], wte.shape[1]]);
  checkShape('embedding', 'positions', positions, tokens.shape);
  if (!hasKernel('FEmbedding')) return tf.tidy(() => embeddingReference(wte, wpe, tokens, positions));
  return runKernel('FEmbedding', { wte, wpe, tokens, positions });
}

tf.registerGradient({
  kernelName: 'FEmbedding',
  inputsToSave: ['wte', 'wpe', 'tokens', 'positions'],
  gradFunc: (dx, [wte, wpe, tokens, positions]) => {
    const attrs = { vocab: wte.shape[0], maxLength: wpe.shape[0] };
    const grads = once(() =>
      runKernel<tf.Tensor[]>('FEmbeddingGrad', { dx: dx as tf.Tensor, tokens, positions }, attrs),
    );
    return { wte: () => grads()[0], wpe: () => grads()[1] };
  },
});

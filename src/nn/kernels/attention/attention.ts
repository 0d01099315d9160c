/**
 * Causal self-attention over packed sequences of up to 128 tokens (Vaswani et al., arXiv 1706.03762).
 *
 *   FAttention      { qkv [T,3D], starts [B+1] int32 } attrs { heads } → y [T,D]
 *   FAttentionGrad  { dy [T,D], qkv, starts } attrs { heads } → dqkv [T,3D]
 *
 * The columns of `qkv` are q, then k, then v, each split into heads of D/heads; scores are scaled by
 * 1/√(D/heads); a token attends to itself and to earlier tokens of its own sequence.
 */
import { tf } from '../../tensors/tf.ts';
import { hasKernel, runKernel } from '../fused.ts';
import { attentionReference } from './reference.ts';

/**
 * @param qkv [T,3D]
 * @param starts [B+1] where each sequence starts, int32; the last entry is T
 * @returns [T,D]
 */
export function attention(qkv: tf.Tensor2D, starts: tf.Tensor1D, heads: number): tf.Tensor2D {
  const columns = qkv.shape[1];
  if (columns % (3 * heads) !== 0)
    throw new TypeError(`attention: ${columns} columns cannot be q, k and v of ${heads} heads.`);
  if (!hasKernel('FAttention')) return tf.tidy(() => attentionReference(qkv, starts, heads));
  return runKernel('FAttention', { qkv, starts }, { heads });
}

tf.registerGradient({
  kernelName: 'FAttention',
  inputsToSave: ['qkv', 'starts'],
  gradFunc: (dy, [qkv, starts], attrs) => ({
    qkv: () =>
      runKernel<tf.Tensor>(
        'FAttentionGrad',
        { dy: dy as tf.Tensor, qkv, starts },
        { heads: (attrs as unknown as { heads: number }).heads },
      ),
  }),
});

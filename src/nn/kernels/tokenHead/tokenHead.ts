/**
 * From hidden states to the log-probability of the tokens that were chosen, and the entropy of the choice.
 * Logits live for one block of rows at a time; neither they nor a one-hot matrix exist as tensors.
 *
 *   FTokenHead      { hidden [T,D], wte [V,D], rows [A] int32, targets [A] int32 }
 *                     → [logProb [A], entropy [A], lse [A]]
 *   FTokenHeadGrad  { dLogProb [A], dEntropy [A], hidden, wte, rows, targets, lse, entropy }
 *                     → [dhidden [T,D], dwte [V,D]]
 *
 * With logits z = wte·h, p = softmax(z) and H = −Σ p log p:
 *   ∂logProb/∂z = onehot(target) − p        ∂H/∂z = −p (log p + H)
 */
import { tf } from '../../tensors/tf.ts';
import { checkShape, hasKernel, once, runKernel } from '../fused.ts';
import { type TokenHead, tokenHeadReference } from './reference.ts';

/**
 * @param hidden [T,D] final hidden states
 * @param wte [V,D] the tied output matrix
 * @param rows [A] int32, rows of `hidden`, each at most once
 * @param targets [A] int32, tokens chosen there
 */
export function tokenHead(
  hidden: tf.Tensor2D,
  wte: tf.Tensor2D,
  rows: tf.Tensor1D,
  targets: tf.Tensor1D,
): TokenHead {
  checkShape('tokenHead', 'wte', wte, [wte.shape[0], hidden.shape[1]]);
  checkShape('tokenHead', 'targets', targets, rows.shape);
  // A plain object of tensors is what tidy understands; `TokenHead` is one.
  if (!hasKernel('FTokenHead'))
    return tf.tidy(() => ({ ...tokenHeadReference(hidden, wte, rows, targets) })) as unknown as TokenHead;
  const [logProb, entropy, lse] = runKernel<tf.Tensor1D[]>('FTokenHead', { hidden, wte, rows, targets });
  lse.dispose();
  return { logProb, entropy };
}

tf.registerGradient({
  kernelName: 'FTokenHead',
  inputsToSave: ['hidden', 'wte', 'rows', 'targets'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, [hidden, wte, rows, targets, entropy, lse]) => {
    const [dLogProb, dEntropy] = dys as tf.Tensor[];
    const grads = once(() =>
      runKernel<tf.Tensor[]>('FTokenHeadGrad', {
        dLogProb,
        dEntropy,
        hidden,
        wte,
        rows,
        targets,
        lse,
        entropy,
      }),
    );
    return { hidden: () => grads()[0], wte: () => grads()[1] };
  },
});

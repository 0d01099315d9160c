/**
 * Picks entries of a vector by index, with zero for an index out of range.
 *
 *   FTake  { x [N], index [M] int32 } → y [M], y[i] = x[index[i]], or 0 when index[i] is not in [0, N)
 *
 * Where every entry is picked at most once, the gradient is again a `take`, by the inverse index: no
 * scattering, no atomics, the same sum in the same order every time (see ragged.ts).
 */
import { tf } from '../../tensors/tf.ts';
import { hasKernel, runKernel } from '../fused.ts';
import { takeReference } from './reference.ts';

/**
 * Not differentiable by itself; the ops of ragged.ts are.
 * @param x [N]
 * @param index [M] int32
 * @returns [M]
 */
export function take(x: tf.Tensor1D, index: tf.Tensor1D): tf.Tensor1D {
  if (!hasKernel('FTake')) return tf.tidy(() => takeReference(x, index));
  return runKernel('FTake', { x, index });
}

/**
 * Sums over stretches of a vector, one number for each: a response's log-probability from those of its tokens.
 *
 *   FSegmentSums    { x [N], bounds [2B] int32 } attrs { mean } → y [B]
 *   FSegmentSpread  { y [B], bounds [2B] int32 } attrs { N, mean } → x [N], the gradient
 *
 * Segment b is [bounds[2b], bounds[2b + 1]); segments are in order and do not overlap, and there may be gaps between
 * them. With `mean` a sum is divided by the length of its segment. An empty segment gives 0.
 */
import { tf } from '../../tensors/tf.ts';
import { hasKernel, runKernel } from '../fused.ts';
import { segmentSumsReference } from './reference.ts';

/**
 * @param x [N]
 * @param bounds [2B] where each segment starts and ends
 * @param mean whether to divide by the length
 * @returns [B]
 */
export function segmentSums(x: tf.Tensor1D, bounds: Int32Array, mean: boolean): tf.Tensor1D {
  checkBounds(bounds, x.shape[0]);
  if (!hasKernel('FSegmentSums')) return tf.tidy(() => segmentSumsReference(x, bounds, mean));
  return tf.tidy(() =>
    runKernel<tf.Tensor1D>(
      'FSegmentSums',
      { x, bounds: tf.tensor1d(bounds, 'int32') },
      { N: x.shape[0], mean: Number(mean) },
    ),
  );
}

/** Kernels read memory at these bounds, so they must lie within it. */
function checkBounds(bounds: Int32Array, N: number): void {
  let last = 0;
  for (const bound of bounds) {
    if (bound < last || bound > N)
      throw new RangeError(
        `segmentSums: the bound ${bound} follows ${last} in a vector of ${N} entries; bounds must ascend within it.`,
      );
    last = bound;
  }
}

tf.registerGradient({
  kernelName: 'FSegmentSums',
  inputsToSave: ['bounds'],
  gradFunc: (dy, [bounds], attrs) => ({
    x: () =>
      runKernel('FSegmentSpread', { y: dy as tf.Tensor, bounds }, attrs as unknown as Record<string, number>),
  }),
});

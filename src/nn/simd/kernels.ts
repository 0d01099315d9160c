/** Every CPU kernel of ours, registered with tfjs in one call, over a copy of tfjs's own CPU kernels. */
import { registerGeneratorOnSimd } from '../generate/simd.ts';
import { registerAdamWOnSimd } from '../kernels/adamw/simd.ts';
import { registerAttentionOnSimd } from '../kernels/attention/simd.ts';
import { registerEmbeddingOnSimd } from '../kernels/embedding/simd.ts';
import { registerLayerNormOnSimd } from '../kernels/layerNorm/simd.ts';
import { registerLinearOnSimd } from '../kernels/linear/simd.ts';
import { registerSegmentSumsOnSimd } from '../kernels/segmentSums/simd.ts';
import { registerTakeOnSimd } from '../kernels/take/simd.ts';
import { registerTokenHeadOnSimd } from '../kernels/tokenHead/simd.ts';
import { tf } from '../tensors/tf.ts';
import { registerAddOnSimd } from './add.ts';

export function registerSimdKernels(): void {
  if (tf.getKernel('FLinear', 'simd')) return;
  tf.copyRegisteredKernels('cpu', 'simd');
  registerAddOnSimd();
  registerLinearOnSimd();
  registerLayerNormOnSimd();
  registerAttentionOnSimd();
  registerEmbeddingOnSimd();
  registerTakeOnSimd();
  registerSegmentSumsOnSimd();
  registerTokenHeadOnSimd();
  registerAdamWOnSimd();
  registerGeneratorOnSimd();
}

/** Every WebGPU kernel of ours, registered with tfjs in one call. */
import { registerGeneratorOnWebGPU } from '../generate/webgpu.ts';
import { registerAdamWOnWebGPU } from '../kernels/adamw/webgpu.ts';
import { registerAttention } from '../kernels/attention/webgpu.ts';
import { registerClippedLoss } from '../kernels/clippedLoss/webgpu.ts';
import { registerEmbedding } from '../kernels/embedding/webgpu.ts';
import { registerLayerNorm } from '../kernels/layerNorm/webgpu.ts';
import { registerLinear } from '../kernels/linear/webgpu.ts';
import { registerSegmentSums } from '../kernels/segmentSums/webgpu.ts';
import { registerTake } from '../kernels/take/webgpu.ts';
import { registerTokenHead } from '../kernels/tokenHead/webgpu.ts';

export function registerWebGPUKernels(): void {
  registerLinear();
  registerLayerNorm();
  registerAttention();
  registerEmbedding();
  registerTake();
  registerSegmentSums();
  registerTokenHead();
  registerClippedLoss();
  registerAdamWOnWebGPU();
  registerGeneratorOnWebGPU();
}

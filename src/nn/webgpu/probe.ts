/**
 * Which matrix kernels suit this adapter, by measurement: the name of a GPU says little about how it executes
 * barriers. A small product is timed with both, and where that cannot tell them apart, a larger one.
 */
import type { tf } from '../tensors/tf.ts';
import type { GpuBackend, KernelVariant } from './backend.ts';
import { matmul } from './matmul.ts';

export interface ProbeResult {
  variant: KernelVariant;
  /** Milliseconds for one product of the last size tried. */
  milliseconds: Record<KernelVariant, number>;
  /** Speed of the chosen kernels, in GFLOP/s. */
  speed: number;
}

/** Rows × inner × columns, with repetitions: 2 MFLOP each, then 134 MFLOP each (well under a second in all). */
const probeSizes = [
  { M: 256, K: 64, N: 64, times: 2 },
  { M: 2048, K: 256, N: 128, times: 8 },
] as const;
/** A factor that noise does not explain. */
const clearFactor = 4;

/** Measures, and sets `gpu.variant`. */
export async function chooseKernels(gpu: GpuBackend): Promise<ProbeResult> {
  const milliseconds: Record<KernelVariant, number> = { direct: 0, shared: 0 };
  let flops = 0;
  for (const size of probeSizes) {
    flops = 2 * size.M * size.K * size.N;
    for (const variant of ['direct', 'shared'] as const) {
      gpu.variant = variant;
      milliseconds[variant] = await time(gpu, size);
    }
    const ratio = milliseconds.direct / milliseconds.shared;
    if (ratio > clearFactor || ratio < 1 / clearFactor) break;
  }
  gpu.variant = milliseconds.shared < milliseconds.direct ? 'shared' : 'direct';
  return { variant: gpu.variant, milliseconds, speed: flops / milliseconds[gpu.variant] / 1e6 };
}

async function time(gpu: GpuBackend, { M, K, N, times }: (typeof probeSizes)[number]): Promise<number> {
  const operands = [
    [M, K],
    [K, N],
  ].map(([rows, columns]) =>
    gpu.makeTensorInfo([rows, columns], 'float32', new Float32Array(rows * columns).fill(0.5)),
  );
  const [a, b] = operands;
  const run = async (count: number) => {
    const results: tf.TensorInfo[] = [];
    for (let i = 0; i < count; i++) results.push(...matmul(gpu, { mode: 'nn', M, N, K, a, b }));
    await gpu.throttle(0);
    for (const result of results) gpu.disposeData(result.dataId);
  };
  await run(1);
  const from = performance.now();
  await run(times);
  const each = (performance.now() - from) / times;
  for (const operand of operands) gpu.disposeData(operand.dataId);
  return Math.max(each, 1e-3);
}

/** WebGPU matrix products: both of our kernels and tfjs's, on the same adapter, in Chromium and in Node. */
import { type Bench, type BenchTable, medianMs } from '../../core/benchmark.ts';
import { tf } from '../tensors/tf.ts';
import { matmul } from '../webgpu/matmul.ts';
import { openWebGPU } from '../webgpu/open.ts';
import { inNode, openStock, readAndDispose, round, timing } from './webgpuEngines.ts';

async function products(sizes: [number, number, number][]): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const [M, K, N] of sizes) {
    const gflops = (ms: number) => round((2 * M * K * N) / ms / 1e6);
    const gpu = await openWebGPU({ variant: 'direct' });
    const row: BenchTable['rows'][number] = { 'M×K×N': `${M}×${K}×${N}` };
    for (const variant of ['direct', 'shared'] as const) {
      gpu.variant = variant;
      const [a, b] = [tf.ones([M, K]), tf.ones([K, N])];
      const ms = await medianMs(async () => {
        for (const y of matmul(gpu, { mode: 'nn', M, N, K, a, b })) gpu.disposeData(y.dataId);
        await gpu.throttle(0);
      }, timing);
      row[`${variant} GFLOP/s`] = gflops(ms);
    }
    await openStock();
    const [a, b] = [tf.ones<tf.Rank.R2>([M, K]), tf.ones<tf.Rank.R2>([K, N])];
    const stock = await medianMs(
      () => readAndDispose(tf.tidy(() => tf.slice(tf.matMul(a, b), 0, 1))),
      timing,
    );
    row['tf.matMul GFLOP/s'] = gflops(stock);
    rows.push(row);
  }
  return {
    title: 'WebGPU matrix product',
    note: 'Result left on the device; tf.matMul is awaited by reading its first row.',
    rows,
  };
}

export const bench: Bench = async ({ quick }) => [
  await products(
    quick
      ? [[512, 64, 192]]
      : [
          [3072, 64, 192],
          [3072, 256, 64],
          [2048, 512, 512],
        ],
  ),
];

export const benchNode: Bench = inNode(bench);

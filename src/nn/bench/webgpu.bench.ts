/**
 * WebGPU: our engine, stock tfjs ops and @jax-js/jax on the same adapter. In Chromium and, with the `webgpu` package,
 * in Node. On a software adapter the figures say how well kernels suit such adapters; for a real GPU run
 * `npm run bench -- --only webgpu --gpu`.
 */
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type Bench, type BenchTable, medianMs } from '../../core/benchmark.ts';
import { AdamW } from '../adamw.ts';
import { packSequences, upload } from '../batch.ts';
import { parameterShapes } from '../config.ts';
import { generate } from '../generate.ts';
import { tf } from '../tf.ts';
import { Transformer, tokenLogProbs } from '../transformer.ts';
import { matmul } from '../webgpu/matmul.ts';
import { closeWebGPU, openWebGPU } from '../webgpu/open.ts';
import { jaxTrainingStep } from './jax.ts';
import { StockModel } from './stockTfjs.ts';
import {
  initialWeights,
  promptsFor,
  pseudoNormal,
  tokensFor,
  trainingFlops,
  trainingWorkloads,
  type Workload,
} from './workload.ts';

const timing = { seconds: 0, least: 3 };
const round = (x: number) => (x >= 100 ? Math.round(x) : Math.round(x * 100) / 100);

/** tfjs's own backend, opened as tfjs opens it. */
async function openStock(): Promise<void> {
  closeWebGPU();
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('There is no WebGPU adapter.');
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  await tf.setBackend('webgpu');
}

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

async function readAndDispose(tensor: tf.Tensor): Promise<number> {
  const [first] = await tensor.data();
  tensor.dispose();
  return first;
}

/** Engines that disagree about the first loss do not do the same work. */
function checkLosses(losses: Record<string, number | null | undefined>): void {
  const { ours } = losses;
  for (const [name, loss] of Object.entries(losses)) {
    if (loss != null && !(Math.abs(loss - ours!) < 1e-3)) {
      throw new Error(`${name} starts with a loss of ${loss}, ours with ${ours}.`);
    }
  }
}

interface StepTime {
  ms: number;
  /** Before the first update. */
  loss: number;
}

async function ourStep(work: Workload): Promise<StepTime & { dispatches: number }> {
  const gpu = await openWebGPU();
  const model = Transformer.fromWeights(work.config, initialWeights(work.config));
  const optimiser = new AdamW(model);
  const batch = upload(packSequences(tokensFor(work).map((tokens) => ({ tokens, promptLength: 1 }))));
  const step = async () => {
    gpu.resetCounters();
    const { value, grads } = model.gradients(
      () => tf.neg(tf.mean(tokenLogProbs(model, batch).logProb)) as tf.Scalar,
    );
    const norm = optimiser.step(grads, 1e-3);
    const [loss] = await value.data();
    tf.dispose([value, grads, norm]);
    return loss;
  };
  const loss = await step();
  const ms = await medianMs(step, timing);
  return { ms, loss, dispatches: gpu.counters.dispatches };
}

async function stockStep(work: Workload): Promise<StepTime> {
  await openStock();
  const model = new StockModel(work.config, parameterShapes(work.config, false), initialWeights(work.config));
  const tokens = tf.tensor2d(
    tokensFor(work).flatMap((row) => Array.from(row)),
    [work.sequences, work.length],
    'int32',
  );
  const step = () => readAndDispose(model.trainingStep(tokens));
  const loss = await step();
  const start = performance.now();
  await step();
  return { ms: performance.now() - start, loss };
}

async function steps(works: Workload[], withStock: (work: Workload) => boolean): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const work of works) {
    const ours = await ourStep(work);
    const stock = withStock(work) ? await stockStep(work) : null;
    const jax = await jaxTrainingStep(
      'webgpu',
      work.config,
      parameterShapes(work.config, false),
      initialWeights(work.config),
      tokensFor(work),
    );
    const jaxLoss = jax && (await jax());
    const jaxMs = jax && (await medianMs(jax, timing));
    checkLosses({ ours: ours.loss, 'stock tfjs': stock?.loss, 'jax-js': jaxLoss });
    rows.push({
      workload: work.name,
      'ours ms': round(ours.ms),
      'ours GFLOP/s': round(trainingFlops(work) / ours.ms / 1e6),
      dispatches: ours.dispatches,
      'stock tfjs ms': stock && round(stock.ms),
      'times faster than tfjs': stock && round(stock.ms / ours.ms),
      'jax-js ms': jaxMs && round(jaxMs),
      'times faster than jax-js': jaxMs && round(jaxMs / ours.ms),
    });
  }
  return {
    title: 'WebGPU training step: forward, backward, AdamW',
    note: 'Median of 3 after a warm-up; stock tfjs once after a warm-up. The loss is read back in each.',
    rows,
  };
}

async function rollouts(prompts: number, samples: number, stockRows: number): Promise<BenchTable> {
  const { config } = trainingWorkloads.small;
  const gpu = await openWebGPU();
  const model = Transformer.create(config, pseudoNormal());
  let tokens = 0;
  const ms = await medianMs(async () => {
    gpu.resetCounters();
    const { logProb } = await generate(model, {
      prompts: promptsFor(prompts, config.vocab),
      samplesPerPrompt: samples,
      seed: 1,
      streamId: 1,
      maxLength: 48,
    });
    tokens = logProb.length;
  }, timing);
  const { dispatches, readbacks } = gpu.counters;
  const row: BenchTable['rows'][number] = {
    sequences: prompts * samples,
    'ours ms': round(ms),
    'ours tokens/s': Math.round((tokens / ms) * 1000),
    dispatches,
    readbacks,
    'stock sequences': null,
    'stock tokens/s': null,
    'times faster': null,
  };
  if (stockRows > 0) {
    await openStock();
    const stock = new StockModel(config, parameterShapes(config, false), initialWeights(config));
    const steps = 6;
    const stockPrompts = tf.tensor2d(
      Array.from({ length: stockRows }, (_, r) => Array.from({ length: 14 }, (_, i) => 2 + ((r + i) % 250))),
      [stockRows, 14],
      'int32',
    );
    const stockMs = await medianMs(() => stock.sample(stockPrompts, steps), { seconds: 0, least: 1 });
    row['stock sequences'] = stockRows;
    row['stock tokens/s'] = Math.round(((stockRows * steps) / stockMs) * 1000);
    row['times faster'] = round(tokens / ms / ((stockRows * steps) / stockMs));
  }
  return {
    title: 'WebGPU rollout, 0.12 M parameters, prompts of 14 to 21 tokens, up to 48 in all',
    note: 'Stock: a KV-cached loop of tfjs ops, noise and choice on the device, 6 tokens, one readback.',
    rows: [row],
  };
}

async function all(quick: boolean, withJaxAndStock: boolean): Promise<BenchTable[]> {
  const { small, larger, quick: tiny } = trainingWorkloads;
  return [
    await products(
      quick
        ? [[512, 64, 192]]
        : [
            [3072, 64, 192],
            [3072, 256, 64],
            [2048, 512, 512],
          ],
    ),
    await steps(quick ? [tiny] : [tiny, small, larger], (work) => withJaxAndStock && work !== larger),
    await rollouts(quick ? 8 : 48, quick ? 2 : 5, withJaxAndStock ? (quick ? 16 : 240) : 0),
  ];
}

export const bench: Bench = ({ quick }) => all(quick, true);

/** Needs a Vulkan driver that Dawn accepts; without one it says so and gives no table. */
export const benchNode: Bench = async ({ quick }) => {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create(['backend=vulkan']);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  if (!(await gpu.requestAdapter())) {
    return [{ title: 'WebGPU in Node: not measured, no adapter', rows: [] }];
  }
  return all(quick, true);
};

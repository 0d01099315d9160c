/**
 * A training step on WebGPU: our engine, stock tfjs ops and @jax-js/jax on the same adapter, in Chromium and in Node.
 * On a software adapter the figures say how well kernels suit such adapters; for a real GPU run
 * `npm run bench -- --only webgpu --gpu`.
 */
import { type Bench, type BenchTable, medianMs } from '../../core/benchmark.ts';
import { packSequences, upload } from '../batch/batch.ts';
import { parameterShapes } from '../model/config.ts';
import { Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
import { openWebGPU } from '../webgpu/open.ts';
import { jaxTrainingStep } from './jax.ts';
import { StockModel } from './stockTfjs.ts';
import { inNode, openStock, readAndDispose, round, timing } from './webgpuEngines.ts';
import { initialWeights, tokensFor, trainingFlops, trainingWorkloads, type Workload } from './workload.ts';

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
  const model = new StockModel(work.config, parameterShapes(work.config, 0), initialWeights(work.config));
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

async function steps(works: Workload[]): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const work of works) {
    const ours = await ourStep(work);
    const stock = await stockStep(work);
    const jax = await jaxTrainingStep(
      'webgpu',
      work.config,
      parameterShapes(work.config, 0),
      initialWeights(work.config),
      tokensFor(work),
    );
    const jaxLoss = jax && (await jax());
    const jaxMs = jax && (await medianMs(jax, timing));
    checkLosses({ ours: ours.loss, 'stock tfjs': stock.loss, 'jax-js': jaxLoss });
    rows.push({
      workload: work.name,
      'ours ms': round(ours.ms),
      'ours GFLOP/s': round(trainingFlops(work) / ours.ms / 1e6),
      dispatches: ours.dispatches,
      'stock tfjs ms': round(stock.ms),
      'times faster than tfjs': round(stock.ms / ours.ms),
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

export const bench: Bench = async ({ quick }) => {
  const { small, larger, quick: tiny } = trainingWorkloads;
  return [await steps(quick ? [tiny] : [tiny, small, larger])];
};

export const benchNode: Bench = inNode(bench);

/** A rollout on WebGPU: ours, and a KV-cached loop of stock tfjs ops, on the same adapter, in Chromium and in Node. */
import { type Bench, type BenchTable, medianMs } from '../../core/benchmark.ts';
import { generate } from '../generate/generate.ts';
import { parameterShapes } from '../model/config.ts';
import { Transformer } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { openWebGPU } from '../webgpu/open.ts';
import { StockModel } from './stockTfjs.ts';
import { inNode, openStock, round, timing } from './webgpuEngines.ts';
import { initialWeights, promptsFor, pseudoNormal, trainingWorkloads } from './workload.ts';

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
    const stock = new StockModel(config, parameterShapes(config, 0), initialWeights(config));
    const stockPrompts = tf.tensor2d(
      Array.from({ length: stockRows }, (_, r) => Array.from({ length: 14 }, (_, i) => 2 + ((r + i) % 250))),
      [stockRows, 14],
      'int32',
    );
    // Two lengths, so that reading the prompts can be left out of the account of tfjs.
    const [few, more] = [2, 6];
    const time = (steps: number) =>
      medianMs(() => stock.sample(stockPrompts, steps), { seconds: 0, least: 1 });
    const perSecond = ((more - few) * stockRows * 1000) / ((await time(more)) - (await time(few)));
    row['stock sequences'] = stockRows;
    row['stock tokens/s'] = Math.round(perSecond);
    row['times faster'] = round((tokens / ms) * (1000 / perSecond));
  }
  return {
    title: 'WebGPU rollout, 0.12 M parameters, prompts of 14 to 21 tokens, up to 48 in all',
    note: 'Stock: a KV-cached loop of tfjs ops, noise and choice on the device, one readback; reading prompts not counted.',
    rows: [row],
  };
}

export const bench: Bench = async ({ quick }) => [
  quick ? await rollouts(8, 2, 16) : await rollouts(48, 5, 240),
];

export const benchNode: Bench = inNode(bench);

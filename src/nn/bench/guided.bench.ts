/** What guidance costs: the same rollout, drawn by the policy alone and steered by a value network of its size. */
import { type Bench, type BenchTable, medianMs } from '../../core/benchmark.ts';
import { generate } from '../generate/generate.ts';
import { Transformer } from '../model/transformer.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { openWebGPU } from '../webgpu/open.ts';
import { inNode, round, timing } from './webgpuEngines.ts';
import { promptsFor, pseudoNormal, trainingWorkloads } from './workload.ts';

type Row = BenchTable['rows'][number];

async function compare(engine: string, quick: boolean): Promise<Row> {
  const [prompts, samples] = quick ? [8, 2] : [48, 5];
  const { config } = trainingWorkloads.small;
  const rng = pseudoNormal();
  const [model, value] = [Transformer.create(config, rng), Transformer.create(config, rng)];
  const histogram = value.withHistogramHead(11);
  const perToken = async (by: Transformer | null) => {
    let tokens = 0;
    const ms = await medianMs(async () => {
      const { logProb } = await generate(model, {
        prompts: promptsFor(prompts, config.vocab),
        samplesPerPrompt: samples,
        seed: 1,
        streamId: 1,
        maxLength: 48,
        guide: by === null ? undefined : { model: by, rule: 'q-sharp', inverse: 5, candidates: 20 },
      });
      tokens = logProb.length;
    }, timing);
    return (1000 * ms) / tokens;
  };
  const [alone, steered, byBins] = [await perToken(null), await perToken(value), await perToken(histogram)];
  for (const network of [model, value, histogram]) network.dispose();
  return {
    engine,
    sequences: prompts * samples,
    'alone µs/token': round(alone),
    'steered µs/token': round(steered),
    times: round(steered / alone),
    'by histograms': round(byBins),
    'times alone': round(byBins / alone),
  };
}

const table = (rows: Row[]): BenchTable => ({
  title: 'Rollout under guidance, 0.12 M parameters each, prompts of 14 to 21 tokens, up to 48 in all',
  note: 'The value network has the size of the policy; 20 candidates are re-weighted at every draw.',
  rows,
});

export const bench: Bench = async ({ quick }) => {
  await openSimd();
  await tf.setBackend('simd');
  const rows = [await compare('SIMD', quick)];
  await openWebGPU();
  rows.push(await compare('WebGPU', quick));
  return [table(rows)];
};

export const benchNode: Bench = inNode(async ({ quick }) => {
  await openWebGPU();
  return [table([await compare('WebGPU', quick)])];
});

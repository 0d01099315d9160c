/** Sampling on WebGPU draws the same tokens as the reference, in one readback. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import type { ModelConfig } from '../model/config.ts';
import { Transformer, type Weights } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import type { GpuBackend } from '../webgpu/backend.ts';
import { closeWebGPU, openWebGPU } from '../webgpu/open.ts';
import type { GenerateJob, Generator, WrittenRows } from './generator.ts';
import { writeReference } from './reference.ts';
import { writeOnWebGPU } from './webgpu.ts';

const configs: ModelConfig[] = [
  { vocab: 29, width: 12, layers: 2, heads: 2, maxLength: 16 },
  { vocab: 40, width: 16, layers: 1, heads: 2, maxLength: 12 },
];

/** Weights far from zero, so that the distribution is neither flat nor certain. */
async function weightsFor(config: ModelConfig, name = 'generate'): Promise<Weights> {
  const model = Transformer.create(config, stream(3, 'generate'));
  const weights = await model.weights();
  model.dispose();
  const rng = stream(5, name);
  for (const [name, values] of weights) {
    if (name.startsWith('w')) for (let i = 0; i < values.length; i++) values[i] = 0.25 * rng.normal();
    else if (!name.includes('ln')) for (let i = 0; i < values.length; i++) values[i] += 0.2 * rng.normal();
  }
  return weights;
}

function jobFor({ vocab, maxLength }: ModelConfig, changes: Partial<GenerateJob> = {}): GenerateJob {
  const prompts = [3, 1, maxLength, maxLength - 1, 5].map((length, p) =>
    Int32Array.from({ length }, (_, i) => 2 + ((p * 7 + i * 3) % (vocab - 2))),
  );
  return {
    prompts,
    samplesPerPrompt: 8,
    seed: 123456789,
    streamId: 7,
    maxLength,
    temperature: 1,
    topK: 0,
    topP: 1,
    greedy: false,
    banned: [0],
    ...changes,
  };
}

type Steering = Omit<NonNullable<GenerateJob['guide']>, 'model'>;

/** The value network, as one that gives histograms of the reward where a job asks for bins. */
function asAsked(value: Transformer, bins: number | undefined): Transformer {
  if (bins === undefined) return value;
  const histogram = value.withHistogramHead(bins);
  const rng = stream(6, 'bins');
  for (const name of ['score.weight', 'score.bias']) {
    const head = histogram.params[name];
    const noise = Float32Array.from({ length: head.size }, () => rng.normal());
    tf.tidy(() => head.assign(tf.add(head, tf.tensor(noise, head.shape))));
  }
  return histogram;
}

const steered = (changes: Partial<GenerateJob>, model: Transformer, how?: Steering): Partial<GenerateJob> =>
  how ? { ...changes, guide: { ...how, model } } : changes;

async function whole(write: Generator, model: Transformer, job: GenerateJob): Promise<WrittenRows> {
  const writer = write(model, job);
  const written = await writer.advance(job.maxLength);
  writer.dispose();
  return written;
}

/** Four tokens at most at a time; after the first piece every third row is stopped. */
async function pieces(write: Generator, model: Transformer, job: GenerateJob): Promise<WrittenRows> {
  const writer = write(model, job);
  const { totalLength } = await writer.advance(3);
  writer.stop(Array.from(totalLength.keys()).filter((row) => row % 3 === 0));
  await writer.advance(4);
  const written = await writer.advance(job.maxLength);
  writer.dispose();
  return written;
}

const jobs: [string, Partial<GenerateJob>, Steering?, number?][] = [
  ['plain', {}],
  ['cool, another stream', { temperature: 0.7, streamId: 8 }],
  ['top-k', { topK: 4 }],
  ['top-p', { topP: 0.8, temperature: 1.3 }],
  ['greedy', { greedy: true, samplesPerPrompt: 1 }],
  ['steered by Q#', {}, { rule: 'q-sharp', inverse: 10, candidates: 6 }],
  ['steered by CD, top-p', { topP: 0.8 }, { rule: 'cd', inverse: 5, candidates: 29 }],
  ['steered by Q#, histograms', {}, { rule: 'q-sharp', inverse: 8, candidates: 6 }, 11],
  ['steered by CD, histograms', { temperature: 0.8 }, { rule: 'cd', inverse: 5, candidates: 12 }, 11],
  [
    'several banned tokens, shorter limit',
    { banned: [0, 1, 5], maxLength: 11, prompts: [Int32Array.of(3, 4)] },
  ],
];

describe.each(configs)('width $width', (config) => {
  let weights: Weights;
  let expected: WrittenRows[];
  let gpu: GpuBackend;
  let model: Transformer;
  let value: Transformer;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    weights = await weightsFor(config);
    const reference = Transformer.fromWeights(config, weights);
    expected = [];
    const valueWeights = await weightsFor(config, 'value network');
    const guide = Transformer.fromWeights(config, valueWeights);
    for (const [, changes, steering, bins] of jobs) {
      const job = jobFor(config, steered(changes, asAsked(guide, bins), steering));
      expected.push(await whole(writeReference, reference, job));
    }
    reference.dispose();
    guide.dispose();
    gpu = await openWebGPU({ variant: 'direct' });
    model = Transformer.fromWeights(config, weights);
    value = Transformer.fromWeights(config, valueWeights);
  });
  afterAll(closeWebGPU);

  const expectSame = (actual: WrittenRows, wanted: WrittenRows) => {
    expect(actual.totalLength).toEqual(wanted.totalLength);
    expect(actual.tokens).toEqual(wanted.tokens);
    wanted.logProb.forEach((value, i) => {
      expect(actual.logProb[i]).toBeCloseTo(value, 4);
    });
  };

  describe.each(['direct', 'shared'] as const)('%s kernels', (variant) => {
    it.each(jobs.map(([name, changes, steering, bins], i) => [name, steering, changes, bins, i] as const))(
      '%s',
      async (_, steering, changes, bins, i) => {
        gpu.variant = variant;
        const job = jobFor(config, steered(changes, asAsked(value, bins), steering));
        gpu.resetCounters();
        expectSame(await whole(writeOnWebGPU, model, job), expected[i]);
        expect(gpu.counters.readbacks).toBe(1);
      },
    );
  });

  it('draws the same when the cache only holds a few rows', async () => {
    gpu.variant = 'direct';
    gpu.resetCounters();
    const bytes = 2 * 8 * config.maxLength * 2 * config.width * 4;
    expectSame(await whole((...of) => writeOnWebGPU(...of, bytes), model, jobFor(config)), expected[0]);
    expect(gpu.counters.readbacks).toBe(1);
  });

  it('draws the same in pieces, whatever is stopped in between', async () => {
    await tf.setBackend('cpu');
    const reference = Transformer.fromWeights(config, weights);
    const wanted = await pieces(writeReference, reference, jobFor(config));
    reference.dispose();
    await tf.setBackend('webgpu');
    gpu.resetCounters();
    expectSame(await pieces(writeOnWebGPU, model, jobFor(config)), wanted);
    expect(gpu.counters.readbacks).toBe(3);
    const bytes = 2 * 8 * config.maxLength * 2 * config.width * 4;
    expectSame(await pieces((...of) => writeOnWebGPU(...of, bytes), model, jobFor(config)), wanted);
  });

  it('ends some rows early and fills others', () => {
    const { totalLength } = expected[0];
    expect(new Set(totalLength).size).toBeGreaterThan(2);
  });

  it('returns its memory', async () => {
    const histogram = asAsked(value, 11);
    for (const guide of [undefined, { model: histogram, rule: 'cd', inverse: 5, candidates: 12 } as const]) {
      await whole(writeOnWebGPU, model, jobFor(config, { guide }));
      gpu.flush();
      const before = [gpu.pool.getNumUsedBuffers(), tf.memory().numTensors];
      await whole(writeOnWebGPU, model, jobFor(config, { guide }));
      gpu.flush();
      expect([gpu.pool.getNumUsedBuffers(), tf.memory().numTensors]).toEqual(before);
    }
    histogram.dispose();
  });
});

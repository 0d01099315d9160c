/**
 * CPU: our SIMD kernels, stock tfjs ops on tfjs-wasm and @jax-js/jax on its WebAssembly backend, on the same thread of
 * the same machine, in Node and in Chromium (which has relaxed SIMD). Ratios within one run are what counts.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { Bench, BenchTable } from '../../core/benchmark.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../batch/batch.ts';
import { atActions, completionMean } from '../batch/ragged.ts';
import { type GenerateOptions, generate } from '../generate/generate.ts';
import { linear } from '../kernels/linear/linear.ts';
import { parameterShapes } from '../model/config.ts';
import { scalars, Transformer, tokenLogProbs, type Weights } from '../model/transformer.ts';
import type { SimdBackend } from '../simd/backend.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
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

/** Milliseconds: of processor time in Node, so that other programs on the machine count little; by the clock elsewhere. */
function now(): number {
  if (typeof document !== 'undefined') return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Median time of a run, in ms. */
async function medianMs(run: () => unknown, rounds: number): Promise<number> {
  const [median] = await takeTurns([{ backend: tf.getBackend(), run: async () => run() }], rounds, 1);
  return median;
}

const round = (x: number) => (x >= 100 ? Math.round(x) : Math.round(x * 100) / 100);

/** tfjs-wasm, one thread, as its documentation sets it up. */
async function openStock(): Promise<void> {
  if (typeof document !== 'undefined') setWasmPaths('/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs-wasm did not start.');
}

async function products(sizes: [number, number, number][], rounds: number): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const [T, I, O] of sizes) {
    const gflops = (ms: number) => round((2 * T * I * O) / ms / 1e6);
    const make = () => ({ x: tf.ones<tf.Rank.R2>([T, I]), w: tf.ones<tf.Rank.R2>([I, O]) });
    const simd = await openSimd();
    const { x, w } = make();
    const bias = tf.zeros<tf.Rank.R1>([O]);
    const y = linear(x, w, bias);
    const run = (kernel: string, inputs: tf.NamedTensorMap) =>
      medianMs(() => tf.dispose(tf.engine().runKernel(kernel, inputs) as tf.Tensor), rounds);
    const row: BenchTable['rows'][number] = {
      'T×in×out': `${T}×${I}×${O}`,
      'x·w + bias': gflops(await run('FLinear', { x, w, bias })),
      dy·wᵀ: gflops(await run('FLinearGradX', { dy: y, w })),
      xᵀ·dy: gflops(await run('FLinearGradParams', { x, dy: y })),
    };
    tf.dispose([x, w, bias, y]);
    await openStock();
    const stock = make();
    row['tf.matMul, tfjs-wasm'] = gflops(await medianMs(() => tf.matMul(stock.x, stock.w).dispose(), rounds));
    tf.dispose(stock);
    rows.push({ ...row, SIMD: simd.variant });
  }
  return { title: 'CPU matrix products, GFLOP/s', note: 'Packing included.', rows };
}

/**
 * Milliseconds in each kernel of a step, by wrapping what tfjs calls. Medians over the steps: what else the machine did
 * meanwhile would otherwise stand beside the kernel that it interrupted.
 */
async function kernelTimes(work: Workload): Promise<BenchTable> {
  await openSimd();
  const { step } = await ourStep(work);
  for (let i = 0; i < 5; i++) await step();
  let times = new Map<string, number>();
  const kernels = tf.getKernelsForBackend('simd');
  const originals = kernels.map(({ kernelFunc }) => kernelFunc);
  for (const kernel of kernels) {
    const run = kernel.kernelFunc;
    kernel.kernelFunc = (given) => {
      const start = now();
      const result = run(given);
      times.set(kernel.kernelName, (times.get(kernel.kernelName) ?? 0) + now() - start);
      return result;
    };
  }
  const turns: Map<string, number>[] = [];
  const totals: number[] = [];
  for (let i = 0; i < 15; i++) {
    times = new Map();
    const start = now();
    await step();
    totals.push(now() - start);
    turns.push(times);
  }
  kernels.forEach((kernel, i) => {
    kernel.kernelFunc = originals[i];
  });
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
  const total = middle(totals);
  const usual = [...times.keys()].map(
    (kernel) => [kernel, middle(turns.map((turn) => turn.get(kernel) ?? 0))] as const,
  );
  const inKernels = usual.reduce((sum, [, ms]) => sum + ms, 0);
  const share = (ms: number) => `${((100 * ms) / total).toFixed(1)} %`;
  const rows = usual.sort((a, b) => b[1] - a[1]).slice(0, 12);
  return {
    title: `CPU training step by kernel, ${work.name}`,
    rows: [...rows, ['tfjs, tape and optimiser', total - inKernels] as const].map(([kernel, ms]) => ({
      kernel,
      'ms per step': round(ms),
      share: share(ms),
    })),
  };
}

async function ourStep(work: Workload): Promise<{ step: () => Promise<number> }> {
  await openSimd();
  const model = Transformer.fromWeights(work.config, initialWeights(work.config));
  const optimiser = new AdamW(model);
  const batch = upload(packSequences(tokensFor(work).map((tokens) => ({ tokens, promptLength: 1 }))));
  const step = async () => {
    const { value, grads } = model.gradients(
      () => tf.neg(tf.mean(tokenLogProbs(model, batch).logProb)) as tf.Scalar,
    );
    const norm = optimiser.step(grads, 1e-3);
    const [loss] = await value.data();
    tf.dispose([value, grads, norm]);
    return loss;
  };
  return { step };
}

async function stockStep(work: Workload): Promise<() => Promise<number>> {
  await openStock();
  const shapes = parameterShapes(work.config, 0);
  // tfjs-wasm cannot differentiate a gather.
  const model = new StockModel(work.config, shapes, initialWeights(work.config), { oneHotEmbedding: true });
  const tokens = tf.tensor2d(
    tokensFor(work).flatMap((row) => Array.from(row)),
    [work.sequences, work.length],
    'int32',
  );
  return async () => {
    const loss = model.trainingStep(tokens);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
}

interface Contestant {
  backend: string;
  run(): Promise<unknown>;
}

/**
 * Medians in ms. The contestants take turns, so that whatever else the machine does hits them alike; `repeat` runs of
 * the quick ones count as one turn each.
 */
async function takeTurns(contestants: Contestant[], rounds: number, repeat = 3): Promise<number[]> {
  const times = contestants.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, { backend, run }] of contestants.entries()) {
      await tf.setBackend(backend);
      for (let turn = 0; turn < (i === 0 ? repeat : 1); turn++) {
        const start = now();
        await run();
        if (round >= 0) times[i].push(now() - start);
      }
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}

async function steps(works: Workload[], rounds: number): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const work of works) {
    const shapes = parameterShapes(work.config, 0);
    const { step: ours } = await ourStep(work);
    const loss = await ours();
    const stock = await stockStep(work);
    const jax = await jaxTrainingStep(
      'wasm',
      work.config,
      shapes,
      initialWeights(work.config),
      tokensFor(work),
    );
    // Engines that disagree about the first loss do not do the same work.
    for (const [name, other] of Object.entries({
      'stock tfjs': await stock(),
      'jax-js': jax && (await jax()),
    }))
      if (other !== null && !(Math.abs(other - loss) < 1e-3))
        throw new Error(`${name} starts with a loss of ${other}, ours with ${loss}.`);
    const contestants: Contestant[] = [
      { backend: 'simd', run: ours },
      { backend: 'wasm', run: stock },
      ...(jax ? [{ backend: 'simd', run: jax }] : []),
    ];
    const [oursMs, stockMs, jaxMs = null] = await takeTurns(contestants, rounds);
    rows.push({
      workload: work.name,
      'ours ms': round(oursMs),
      'ours GFLOP/s': round(trainingFlops(work) / oursMs / 1e6),
      'stock tfjs-wasm ms': round(stockMs),
      'times faster than tfjs': round(stockMs / oursMs),
      'jax-js wasm ms': jaxMs && round(jaxMs),
      'times faster than jax-js': jaxMs && round(jaxMs / oursMs),
    });
  }
  return {
    title: 'CPU training step: forward, backward, AdamW',
    note: 'Medians, taking turns. GFLOP/s counts 6 per weight and token. One thread each.',
    rows,
  };
}

/**
 * The default rollout, 240 rows: once with rows that all run to the same length, where both engines read as many
 * tokens, and once with rows that end by themselves as programs do (20 tokens in the mean, 42 at most), where the stock
 * loop goes on until the longest has ended.
 */
async function rollouts(quick: boolean, rounds: number): Promise<BenchTable> {
  const { config } = trainingWorkloads.small;
  const samples = 5;
  const promptLength = 14;
  const prompts = Array.from({ length: quick ? 12 : 48 }, (_, p) =>
    promptsFor(p + 1, config.vocab)[p].slice(0, promptLength),
  );
  const count = prompts.length * samples;
  const rows: BenchTable['rows'] = [];
  for (const { name, steps, banned, endLogit } of [
    { name: '20 each', steps: 20, banned: [0, 1], endLogit: 0 },
    { name: 'about 20, at most 42', steps: 42, banned: [0], endLogit: 2.4 },
  ]) {
    const weights = initialWeights(config);
    favourEnd(weights, endLogit);
    await openSimd();
    const model = Transformer.fromWeights(config, weights);
    const options: GenerateOptions = {
      prompts,
      samplesPerPrompt: samples,
      seed: 1,
      streamId: 1,
      maxLength: promptLength + steps,
      banned,
    };
    const tokens = (await generate(model, options)).logProb.length;
    await openStock();
    const stock = new StockModel(config, parameterShapes(config, 0), weights, { oneHotEmbedding: true });
    const stockPrompts = tf.tensor2d(
      prompts.flatMap((prompt) => Array.from({ length: samples }, () => Array.from(prompt)).flat()),
      [count, promptLength],
      'int32',
    );
    const [oursMs, stockMs] = await takeTurns(
      [
        { backend: 'simd', run: () => generate(model, options) },
        { backend: 'wasm', run: () => stock.sample(stockPrompts, steps) },
      ],
      rounds,
    );
    rows.push({
      sequences: count,
      'tokens drawn': name,
      'ours ms': round(oursMs),
      'ours tokens/s': Math.round((1000 * tokens) / oursMs),
      'stock tfjs-wasm ms': round(stockMs),
      'stock tokens/s': Math.round((1000 * tokens) / stockMs),
      'times faster': round(stockMs / oursMs),
    });
  }
  return {
    title: 'CPU rollout, 0.12 M parameters, prompts of 14 tokens',
    note: 'Medians, taking turns. Stock: a KV-cached loop of tfjs ops on tfjs-wasm, one readback.',
    rows,
  };
}

/** Raises the logit of the end token everywhere, through the bias of the last layer norm. */
function favourEnd(weights: Weights, logit: number): void {
  const bias = weights.get('ln_f.bias')!;
  const end = weights.get('wte.weight')!.subarray(bias.length, 2 * bias.length);
  const square = end.reduce((sum, x) => sum + x * x, 0);
  for (let d = 0; d < bias.length; d++) bias[d] = (logit * end[d]) / square;
}

/**
 * What one default PPO iteration asks of the networks: 48 prompts × 5, mean length 34, three readings of all rows, and
 * six minibatch steps of policy and critic, on all rows (PPO-M) or on two of five (BW).
 */
async function iteration(rounds: number): Promise<BenchTable> {
  const { config } = trainingWorkloads.small;
  await openSimd();
  const policy = Transformer.create(config, pseudoNormal());
  const reference = policy.clone();
  const rewardModel = policy.withScalarHead(pseudoNormal());
  const critic = policy.withScalarHead();
  const optimisers = [new AdamW(policy), new AdamW(critic)] as const;
  const prompts = promptsFor(48, config.vocab).map((prompt) => prompt.slice(0, 15));
  const rows: SequenceRow[] = Array.from({ length: 240 }, (_, row) => ({
    tokens: Int32Array.from({ length: 24 + ((row * 7) % 21) }, (_, i) => 2 + ((row + 3 * i) % 250)),
    promptLength: 15,
  }));
  const sample = await medianMs(
    () =>
      generate(policy, { prompts, samplesPerPrompt: 5, seed: 1, streamId: 1, maxLength: 34, banned: [0, 1] }),
    rounds,
  );
  const score = await medianMs(async () => {
    const batch = upload(packSequences(rows));
    const all = tf.tidy(() =>
      tf.concat([
        tokenLogProbs(reference, batch).logProb,
        atActions(scalars(critic, batch), batch.host),
        completionMean(scalars(rewardModel, batch), batch.host),
      ]),
    );
    await all.data();
    all.dispose();
    batch.dispose();
  }, rounds);
  const update = (perStep: number) =>
    medianMs(() => {
      for (let step = 0; step < 6; step++) {
        const batch = upload(packSequences(rows.slice(step * perStep, (step + 1) * perStep)));
        tf.tidy(() => updateOnce(policy, critic, optimisers, batch));
        batch.dispose();
      }
    }, rounds);
  const all = await update(40);
  const kept = await update(16);
  return {
    title:
      'CPU, one default PPO iteration, networks only: 240 responses, 8,160 tokens, 0.12 M parameters, in ms',
    rows: [
      {
        method: 'PPO-M',
        sample: round(sample),
        score: round(score),
        update: round(all),
        sum: round(sample + score + all),
      },
      {
        method: 'BW',
        sample: round(sample),
        score: round(score),
        update: round(kept),
        sum: round(sample + score + kept),
      },
    ],
  };
}

function updateOnce(
  policy: Transformer,
  critic: Transformer,
  [actor, criticOptimiser]: readonly [AdamW, AdamW],
  batch: UploadedBatch,
): void {
  const advantage = tf.ones<tf.Rank.R1>([batch.host.actionRows.length]);
  const { grads } = policy.gradients(() => {
    const ratio = tf.exp(tf.sub(tokenLogProbs(policy, batch).logProb, -5.5));
    const clipped = tf.clipByValue(ratio, 0.8, 1.2);
    return tf.neg(tf.mean(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage)))) as tf.Scalar;
  });
  actor.step(grads, 1e-6);
  const value = critic.gradients(
    () => tf.mean(tf.square(tf.sub(atActions(scalars(critic, batch), batch.host), advantage))) as tf.Scalar,
  );
  criticOptimiser.step(value.grads, 1e-6);
}

async function all(quick: boolean): Promise<BenchTable[]> {
  const rounds = quick ? 3 : 5;
  const { small, larger, quick: tiny } = trainingWorkloads;
  const sizes: [number, number, number][] = [
    [3072, 64, 192],
    [3072, 256, 64],
    [3072, 128, 512],
  ];
  const tables = [
    await products(quick ? sizes.slice(0, 1) : sizes, 3 * rounds),
    await steps(quick ? [tiny] : [small, larger], rounds),
    await kernelTimes(quick ? tiny : small),
    await rollouts(quick, rounds),
    await iteration(rounds),
  ];
  const { heap }: SimdBackend = await openSimd();
  return [
    ...tables,
    {
      title: 'CPU memory after all of the above, in MB',
      rows: [{ 'in use': round(heap.used / 1e6), 'held for re-use': round(heap.held / 1e6) }],
    },
  ];
}

export const bench: Bench = ({ quick }) => all(quick);
export const benchNode: Bench = ({ quick }) => all(quick);

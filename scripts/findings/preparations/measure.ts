/**
 * One model under one preparation, for `npm run preparations`: trained by the code that the page trains with, and
 * measured on held-out problems.
 */

import { compareFilters } from '../../../src/core/analysis/compareFilters.ts';
import { hash32, stream } from '../../../src/core/random.ts';
import { mean, orderOf } from '../../../src/core/statistics/stats.ts';
import { filterNamed, scaleOf } from '../../../src/lab/rollouts/analysis/standardFilters.ts';
import { type Collection, collect } from '../../../src/lab/trainer/jobs/collect.ts';
import { type Graded, type JobContext, passRate, sampleAndJudge } from '../../../src/lab/trainer/jobs/job.ts';
import { measureReward, passFailOrder } from '../../../src/lab/trainer/jobs/measureReward.ts';
import { packSequences, type SequenceRow, upload } from '../../../src/nn/batch/batch.ts';
import { Transformer, tokenLogProbs } from '../../../src/nn/model/transformer.ts';
import { readAndDispose } from '../../../src/nn/tensors/readback.ts';
import { tf } from '../../../src/nn/tensors/tf.ts';
import { crossEntropy } from '../../../src/nn/training/losses.ts';
import type { TaskSet } from '../../../src/rlhf/loop/responses.ts';
import { type NoiseMask, noiseOf } from '../../../src/rlhf/prepare/noise/noiseMask.ts';
import { type MaskLook, type NoiseSettings, noNoise } from '../../../src/rlhf/prepare/noise/settings.ts';
import { labelPairs, rewards, trainRewardModel, truthful } from '../../../src/rlhf/prepare/rewardModel.ts';
import { trainPolicy } from '../../../src/rlhf/prepare/sft.ts';
import { buildCorpus } from '../../../src/tasks/corpus.ts';
import { maxSequence, vocabulary } from '../../../src/tasks/tokenizer.ts';

/** The same for every preparation. */
export const budget = {
  policy: { steps: 600, batch: 16, learningRate: 4e-3, corpus: 8000, layers: 2, width: 32, heads: 2 },
  reward: { prompts: 160, samplesPerPrompt: 5, epochs: 2, batch: 16, learningRate: 3e-3 },
  measure: {
    /** Programs of the held-out corpus that the loss is taken on. */
    heldPrograms: 1000,
    /** Programs for each held-out problem. */
    looks: 5,
  },
};

export type Budget = typeof budget;

/** Numbers by name: what was measured, and what the mask was like. */
export type Measured = Record<string, number>;

const bugRate = 0.6;

/** The programs of a corpus as sequences; the habits are those of the seed, for training and held-out problems alike. */
function corpusOf(tasks: TaskSet, seed: number, size: number): SequenceRow[] {
  return buildCorpus(tasks.problems, { seed: hash32(seed, 'corpus'), size, bugRate }).map(
    ({ problem, program }) => ({
      tokens: Int32Array.from([...tasks.prompts[problem], ...program]),
      promptLength: tasks.prompts[problem].length,
    }),
  );
}

function newPolicy(seed: number): Transformer {
  const { layers, width, heads } = budget.policy;
  return Transformer.create(
    { vocab: vocabulary.length, layers, width, heads, maxLength: maxSequence },
    stream(seed, 'policy weights'),
  );
}

export async function measurePolicy(noise: NoiseSettings, context: JobContext): Promise<Measured> {
  const { seed, world } = context;
  const { corpus, ...training } = budget.policy;
  const model = newPolicy(seed);
  const mask = noiseOf(noise, model.config, seed);
  for await (const _ of trainPolicy(model, corpusOf(world.train, seed, corpus), training, seed, mask)) {
    // Trained to the end.
  }
  const batch = upload(packSequences(corpusOf(world.held, seed, budget.measure.heldPrograms)));
  const loss = await readAndDispose(tf.tidy(() => crossEntropy(tokenLogProbs(model, batch).logProb)));
  batch.dispose();
  const { judged } = await sampleAndJudge(model, world.held, context, budget.measure.looks, 0);
  model.dispose();
  return { heldLoss: loss[0], heldPass: passRate(judged), ...ofMask(mask) };
}

/** The masks of a few sequences at the end of the pre-heating of a starting policy. */
export async function learnedMasks(seed: number, world: JobContext['world']): Promise<MaskLook[]> {
  const { corpus, ...training } = budget.policy;
  const model = newPolicy(seed);
  const mask = noiseOf({ ...noNoise, noise: 'learned' }, model.config, seed)!;
  const rows = corpusOf(world.train, seed, corpus);
  for await (const { step, steps } of trainPolicy(model, rows, training, seed, mask))
    if (step === mask.heated(steps)) break;
  model.dispose();
  const two = (table: MaskLook['alpha']) => table.map((row) => row.map((x) => Number(x.toFixed(2))));
  return mask
    .look(rows.slice(0, 3))!
    .map(({ tokens, alpha, beta }) => ({ tokens, alpha: two(alpha), beta: two(beta) }));
}

/** What the reward models of a seed share: the programs that they learn from, and those that they are measured on. */
export interface RewardGround {
  collection: Collection;
  held: Graded;
}

export const rewardGround = async (policy: Transformer, context: JobContext): Promise<RewardGround> => ({
  collection: await collect(budget.reward, policy, context, () => {}),
  held: await sampleAndJudge(policy, context.world.held, context, budget.measure.looks, 1),
});

export async function measureRewardModel(
  noise: NoiseSettings,
  policy: Transformer,
  { collection, held }: RewardGround,
  { seed }: JobContext,
): Promise<Measured> {
  const pairs = labelPairs(collection, truthful, seed);
  const model = policy.withScalarHead();
  const mask = noiseOf(noise, model.config, seed);
  for await (const _ of trainRewardModel(model, collection.rows, pairs, budget.reward, seed, mask)) {
    // Trained to the end.
  }
  const batch = upload(packSequences(held.responses.rows));
  const reward = await readAndDispose(rewards(model, batch));
  batch.dispose();
  model.dispose();
  const { metrics } = measureReward(reward, held, null);
  const pass = held.judged.score.map((score) => (score === 1 ? 1 : 0));
  const order = orderOf(reward);
  const fifth = Math.round(order.length / 5);
  const ends = Int32Array.from([...order.subarray(0, fifth), ...order.subarray(order.length - fifth)]);
  const middle = metrics.heldMiddleAccuracy;
  const atEnds = passFailOrder(ends, reward, pass);
  return {
    pairs: pairs.length,
    heldPairAccuracy: metrics.heldPairAccuracy,
    middle,
    ends: atEnds,
    gap: atEnds - middle,
    ...r2Of(reward, held),
    ...ofMask(mask),
  };
}

/** R² of what PPO-M and BW would learn from, per response, on the starting policy's held-out programs. */
function r2Of(reward: Float32Array, { responses: { group }, judged: { score } }: Graded): Measured {
  const rollouts = { reward, score: Float32Array.from(score), group, prompt: group };
  const scale = scaleOf(rollouts);
  const filters = ['ppo-m', 'bw'].map((id) => filterNamed(id, scale)!);
  const [all, bw] = [...compareFilters(rollouts, filters, { replicates: 0 })].map(
    ({ truth }) => truth!.r2.perResponse.value,
  );
  return { r2All: all, r2Bw: bw };
}

/** Mean of the mask over pre-heating, and at its end. */
function ofMask(mask: NoiseMask | null): Measured {
  if (!mask) return {};
  return { maskMean: mean(mask.means), maskEnd: mean(mask.means.slice(-10)) };
}

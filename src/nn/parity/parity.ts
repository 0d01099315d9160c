/**
 * Holds a backend against golden numbers from PyTorch: model, losses, gradients, optimiser and sampling. The tests,
 * `npm run parity` and the start-up check in the browser all call `checkParity`.
 */
import { gae, tokenRewards, whiten } from '../../core/advantage.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../batch/batch.ts';
import { atActions, atEnds } from '../batch/ragged.ts';
import { modelFromSafetensors } from '../checkpoint/checkpoint.ts';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { generate } from '../generate/generate.ts';
import type { ModelConfig } from '../model/config.ts';
import { scalars, Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
import {
  bradleyTerry,
  clippedPolicyLoss,
  clippedValueLoss,
  crossEntropy,
  pooledReward,
} from '../training/losses.ts';
import { Comparer, type Comparison, type Pinned, readAll } from './comparer.ts';

/** The JSON of a golden file. Matrices are padded: [B,S] tokens, [B,S-1] next-token quantities. */
export interface Golden {
  format: string;
  model: { vocab: number; dModel: number; layers: number; heads: number; maxLen: number };
  batch: { tokens: number[][]; promptLen: number[]; totalLen: number[]; actionMask: number[][] };
  forward: {
    logitsAtLastToken: number[][];
    logits0: number[][];
    tokenLogProb: number[][];
    entropy: number[][];
  };
  sft: { loss: number; grad: Record<string, Pinned> };
  adamw: {
    lr: number;
    beta1: number;
    beta2: number;
    eps: number;
    weightDecay: number;
    clipNorm: number;
    gradNorm: number;
    after: Record<string, Pinned>;
  };
  scalar: { values: number[][] };
  rewardModel: PreferenceBlock;
  rewardModelMean: PreferenceBlock & { poolScale: number; btScale: number };
  ppo: {
    beta: number;
    clip: number;
    valueClip: number;
    lambda_: number;
    gamma: number;
    oldLogProb: number[][];
    refLogProb: number[][];
    oldValue: number[][];
    score: number[];
    tokenReward: number[][];
    advantage: number[][];
    return_: number[][];
    whitened: number[][];
    policyLoss: number;
    policyGrad: Record<string, Pinned>;
    valueLoss: number;
    valueGrad: Record<string, Pinned>;
    approxKlK1: number;
    approxKlK3: number;
    clipFraction: number;
  };
  greedy: { maxLen: number; sequences: number[][] };
}

interface PreferenceBlock {
  chosen: number[];
  rejected: number[];
  reward: number[];
  loss: number;
  grad: Record<string, Pinned>;
}

/**
 * Compares everything that a golden file pins.
 * @param golden the parsed JSON
 * @param weights the safetensors file of the same name
 * @param backendName a tfjs backend that is registered; it is made current
 */
export async function checkParity(
  golden: Golden,
  weights: Uint8Array,
  backendName: string,
): Promise<Comparison[]> {
  await tf.setBackend(backendName);
  await tf.ready();
  const comparer = new Comparer();
  const { vocab, dModel, layers, heads, maxLen } = golden.model;
  const config: ModelConfig = { vocab, width: dModel, layers, heads, maxLength: maxLen };
  const scored = modelFromSafetensors(weights, config);
  const plain = withoutScalarHead(weights, config);
  const batches = uploadBatches(golden);
  try {
    await checkForward(golden, plain, batches, comparer);
    await checkPpo(golden, plain, scored, batches.actions, comparer);
    await checkScalar(golden, scored, batches, comparer);
    await checkGreedy(golden, plain, comparer);
    await checkSft(golden, plain, batches.actions, comparer);
  } finally {
    batches.actions.dispose();
    batches.all.dispose();
    plain.dispose();
    scored.dispose();
  }
  return comparer.comparisons;
}

interface Batches {
  /** Actions are the completion tokens. */
  actions: UploadedBatch;
  /** Actions are all tokens but the first: every next-token probability. */
  all: UploadedBatch;
}

function uploadBatches({ batch }: Golden): Batches {
  const rows: SequenceRow[] = batch.tokens.map((tokens, b) => ({
    tokens: tokens.slice(0, batch.totalLen[b]),
    promptLength: batch.promptLen[b],
  }));
  return {
    actions: upload(packSequences(rows)),
    all: upload(packSequences(rows.map(({ tokens }) => ({ tokens, promptLength: 1 })))),
  };
}

function withoutScalarHead(weights: Uint8Array, config: ModelConfig): Transformer {
  const tensors = [...readSafetensors(weights)].filter(([name]) => !name.startsWith('score.'));
  return Transformer.fromWeights(config, new Map(tensors.map(([name, { values }]) => [name, values])));
}

async function checkForward(
  { forward, batch: { totalLen } }: Golden,
  model: Transformer,
  { all }: Batches,
  comparer: Comparer,
): Promise<void> {
  const { logProb, entropy } = tokenLogProbs(model, all);
  const ragged = (padded: number[][]) => padded.flatMap((row, b) => row.slice(0, totalLen[b] - 1));
  await comparer.values('forward', 'log-probability', logProb, ragged(forward.tokenLogProb));
  await comparer.values('forward', 'entropy', entropy, ragged(forward.entropy));
  const logits = tf.tidy(() =>
    tf.matMul(model.hidden(all), model.params['wte.weight'] as tf.Tensor2D, false, true),
  );
  const values = await readAll(logits);
  const vocab = model.config.vocab;
  const first = values.subarray(0, totalLen[0] * vocab);
  comparer.arrays('forward', 'logits of row 0', first, forward.logits0.slice(0, totalLen[0]).flat());
  const last = totalLen.flatMap((_, b) => {
    const at = all.host.starts[b + 1] - 1;
    return Array.from(values.subarray(at * vocab, (at + 1) * vocab));
  });
  comparer.arrays('forward', 'logits at last token', last, forward.logitsAtLastToken.flat());
}

async function checkSft(
  { sft, adamw }: Golden,
  model: Transformer,
  batch: UploadedBatch,
  comparer: Comparer,
): Promise<void> {
  const { value, grads } = model.gradients(() => crossEntropy(tokenLogProbs(model, batch).logProb));
  await comparer.values('sft', 'loss', value, [sft.loss]);
  const optimiser = new AdamW(model, {
    beta1: adamw.beta1,
    beta2: adamw.beta2,
    eps: adamw.eps,
    weightDecay: adamw.weightDecay,
    clipNorm: adamw.clipNorm,
  });
  const norm = optimiser.step(grads, adamw.lr);
  await comparer.pinned('sft', 'gradient of ', grads, sft.grad);
  await comparer.values('adamw', 'gradient norm', norm, [adamw.gradNorm]);
  // A copy, because reading a pinned tensor disposes it.
  const after = tf.tidy(() =>
    Object.fromEntries(Object.entries(model.params).map(([name, variable]) => [name, tf.add(variable, 0)])),
  );
  await comparer.pinned('adamw', '', after, adamw.after);
  optimiser.dispose();
}

async function checkScalar(
  { scalar, batch: { totalLen }, rewardModel, rewardModelMean }: Golden,
  model: Transformer,
  { actions }: Batches,
  comparer: Comparer,
): Promise<void> {
  const expected = scalar.values.flatMap((row, b) => row.slice(0, totalLen[b]));
  await comparer.values('scalar', 'values', scalars(model, actions), expected);

  const last = () => tf.tidy(() => atEnds(scalars(model, actions), actions.host));
  await checkPreference('rewardModel', rewardModel, model, last, 1, comparer);

  const { poolScale, btScale } = rewardModelMean;
  const pooled = () => tf.tidy(() => pooledReward(scalars(model, actions), actions.host, poolScale));
  await checkPreference('rewardModelMean', rewardModelMean, model, pooled, btScale, comparer);
}

async function checkPreference(
  block: string,
  expected: PreferenceBlock,
  model: Transformer,
  reward: () => tf.Tensor1D,
  scale: number,
  comparer: Comparer,
): Promise<void> {
  await comparer.values(block, 'reward', reward(), expected.reward);
  const B = expected.reward.length;
  // A product with a selection, because gather has no gradient on every backend.
  const select = (rows: number[]) => {
    const selection = new Float32Array(rows.length * B);
    rows.forEach((row, p) => {
      selection[p * B + row] = 1;
    });
    return tf.tensor2d(selection, [rows.length, B]);
  };
  const { value, grads } = model.gradients(() => {
    const column = tf.reshape(reward(), [B, 1]) as tf.Tensor2D;
    const of = (rows: number[]) => tf.reshape(tf.matMul(select(rows), column), [rows.length]) as tf.Tensor1D;
    return bradleyTerry(of(expected.chosen), of(expected.rejected), scale);
  });
  await comparer.values(block, 'loss', value, [expected.loss]);
  await comparer.pinned(block, 'gradient of ', grads, expected.grad);
}

async function checkPpo(
  { ppo, batch: { actionMask } }: Golden,
  policy: Transformer,
  critic: Transformer,
  batch: UploadedBatch,
  comparer: Comparer,
): Promise<void> {
  const ragged = (padded: number[][]) =>
    Float32Array.from(padded.flatMap((row, b) => row.filter((_, t) => actionMask[b][t] === 1)));
  const oldLogProb = ragged(ppo.oldLogProb);
  const values = ragged(ppo.oldValue);
  const starts = batch.host.actionStarts;
  const rewards = tokenRewards({
    logProb: oldLogProb,
    refLogProb: ragged(ppo.refLogProb),
    starts,
    score: Float32Array.from(ppo.score),
    beta: ppo.beta,
  });
  comparer.arrays('ppo', 'token rewards', rewards, ragged(ppo.tokenReward));
  const { advantages, returns } = gae({ rewards, values, starts, gamma: ppo.gamma, lambda: ppo.lambda_ });
  comparer.arrays('ppo', 'advantages', advantages, ragged(ppo.advantage));
  comparer.arrays('ppo', 'returns', returns, ragged(ppo.return_));
  const whitened = whiten(advantages);
  comparer.arrays('ppo', 'whitened advantages', whitened, ragged(ppo.whitened));

  const statistics: tf.Tensor[] = [];
  const policyStep = policy.gradients(() => {
    const { logProb } = tokenLogProbs(policy, batch);
    const old = tf.tensor1d(oldLogProb);
    const { loss, clipFraction, approxKl } = clippedPolicyLoss(logProb, old, tf.tensor1d(whitened), ppo.clip);
    const k1 = tf.mean(tf.sub(old, logProb));
    statistics.push(...[k1, approxKl, clipFraction].map((t) => tf.keep(t)));
    return loss;
  });
  await comparer.values('ppo', 'policy loss', policyStep.value, [ppo.policyLoss]);
  await comparer.values('ppo', 'KL, k1', statistics[0], [ppo.approxKlK1]);
  await comparer.values('ppo', 'KL, k3', statistics[1], [ppo.approxKlK3]);
  await comparer.values('ppo', 'clip fraction', statistics[2], [ppo.clipFraction]);
  await comparer.pinned('ppo', 'policy gradient of ', policyStep.grads, ppo.policyGrad);

  const criticStep = critic.gradients(() => {
    const value = atActions(scalars(critic, batch), batch.host);
    return clippedValueLoss(value, tf.tensor1d(values), tf.tensor1d(returns), ppo.valueClip);
  });
  await comparer.values('ppo', 'value loss', criticStep.value, [ppo.valueLoss]);
  await comparer.pinned('ppo', 'value gradient of ', criticStep.grads, ppo.valueGrad);
}

async function checkGreedy(
  { greedy, batch: { tokens, promptLen } }: Golden,
  model: Transformer,
  comparer: Comparer,
): Promise<void> {
  const prompts = tokens.map((row, b) => Int32Array.from(row.slice(0, promptLen[b])));
  const options = { prompts, samplesPerPrompt: 1, greedy: true, maxLength: greedy.maxLen };
  const rollouts = await generate(model, { ...options, seed: 0, streamId: 0 });
  const stride = rollouts.tokens.length / prompts.length;
  greedy.sequences.forEach((expected, b) => {
    const own = rollouts.tokens.subarray(b * stride, b * stride + rollouts.totalLength[b]);
    let wrong = Math.abs(own.length - expected.length);
    for (let i = 0; i < Math.min(own.length, expected.length); i++) if (own[i] !== expected[i]) wrong++;
    comparer.add('greedy', `wrong tokens of row ${b}`, wrong, 0);
  });
}

/** What must hold of soft prompts on every backend, for tests that open one. */
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../batch/batch.ts';
import { generate } from '../generate/generate.ts';
import { type SoftRows, softTokens } from '../model/softRows.ts';
import { Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';

const config = { vocab: 21, width: 8, layers: 2, heads: 2, maxLength: 14 };
const count = 3;

function openModel(): { model: Transformer; soft: (values?: Float32Array) => SoftRows; rows: Float32Array } {
  const rng = stream(4, 'soft rows');
  // Far from GPT-2's small start, so that the prompt matters.
  const model = Transformer.create(config, { normal: () => 8 * rng.normal() });
  const rows = Float32Array.from({ length: count * config.width }, () => 0.5 * rng.normal());
  return {
    model,
    rows,
    soft: (values = rows) => tf.tensor2d(values, [values.length / config.width, config.width]),
  };
}

const texts = [
  [5, 9, 2, 7, 8, 1],
  [11, 2, 7, 7, 12, 9, 1],
];
const prefix = Array.from(softTokens(config.vocab, count));
const prefixed = texts.map((text) => ({ tokens: [...prefix, ...text], promptLength: count + 3 }));

/** The gradient of the sum of log-probabilities in every number of the soft rows: as computed, and by differences. */
export async function softGradients(): Promise<{ computed: Float32Array; differences: Float32Array }> {
  const { model, soft, rows } = openModel();
  const batch = upload(packSequences(prefixed));
  const loss = (values: tf.Tensor) =>
    tf.sum(tokenLogProbs(model, batch, values as SoftRows).logProb) as tf.Scalar;
  const grad = tf.tidy(() => tf.grad(loss)(soft()));
  const computed = new Float32Array(await grad.data());
  grad.dispose();
  const step = 0.01;
  const at = async (i: number, by: number) => {
    const moved = rows.slice();
    moved[i] += by;
    const value = tf.tidy(() => loss(soft(moved)));
    const [number] = await value.data();
    value.dispose();
    return number;
  };
  const differences = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++)
    differences[i] = ((await at(i, step)) - (await at(i, -step))) / (2 * step);
  batch.dispose();
  model.dispose();
  return { computed, differences };
}

export interface Written {
  tokens: Int32Array;
  /** As sampling reports it, and as a pass over the finished rows reads it again. */
  logProb: Float32Array;
  read: Float32Array;
}

/** Samples after a prompt, with the soft rows before it (`soft`), an empty prefix (`empty`), or as a plain model does. */
export async function writeAfter(kind: 'soft' | 'empty' | 'plain'): Promise<Written> {
  const { model, soft } = openModel();
  const rows = kind === 'plain' ? undefined : soft(kind === 'empty' ? new Float32Array(0) : undefined);
  const before = kind === 'soft' ? prefix : [];
  const rollouts = await generate(model, {
    prompts: texts.map((text) => Int32Array.from([...before, ...text.slice(0, 3)])),
    samplesPerPrompt: 4,
    seed: 3,
    streamId: 1,
    soft: rows,
  });
  const stride = rollouts.tokens.length / rollouts.totalLength.length;
  const finished = Array.from(rollouts.totalLength, (length, row) => ({
    tokens: rollouts.tokens.subarray(row * stride, row * stride + length),
    promptLength: rollouts.promptLength[row],
  }));
  const batch = upload(packSequences(finished));
  const head = tf.tidy(() => tokenLogProbs(model, batch, rows).logProb);
  const read = new Float32Array(await head.data());
  head.dispose();
  batch.dispose();
  rows?.dispose();
  model.dispose();
  return { tokens: rollouts.tokens, logProb: rollouts.logProb, read };
}

/** The largest difference of two columns. */
export function farthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

/** No soft row is among what was drawn. */
export function drawnWithin(tokens: Int32Array): boolean {
  const stride = config.maxLength + count;
  return Array.from(tokens).every((token, i) => i % stride < count || token < config.vocab);
}

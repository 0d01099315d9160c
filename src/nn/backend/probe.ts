/**
 * Two checks before a backend may be used: does it compute what the reference computes (parity), and how long does it
 * take (speed). Both run the same miniature of the real loop: sample, read, take gradients, update.
 */
import { packSequences, type SequenceRow, upload } from '../batch/batch.ts';
import { generate, type Rollouts } from '../generate/generate.ts';
import type { ModelConfig } from '../model/config.ts';
import { Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';

/** Small, and with sizes that no vector width divides. */
const parityModel: ModelConfig = { vocab: 29, width: 18, layers: 2, heads: 3, maxLength: 14 };
/** On a GPU, sizes that use the very shaders of the shipped model: compiling others would only delay the start. */
const parityModelOnGpu: ModelConfig = { vocab: 28, width: 32, layers: 2, heads: 2, maxLength: 14 };
/** The shipped model's size. */
const speedModel: ModelConfig = { vocab: 252, width: 64, layers: 2, heads: 4, maxLength: 48 };

/** Relative to the size of each tensor. */
const tolerance = 2e-3;

/**
 * Samples, then takes one optimiser step, on the current backend and on plain tfjs.
 * @returns null when they agree, else a sentence that says what does not
 */
export async function probeParity(): Promise<string | null> {
  const backend = tf.getBackend();
  const config = backend === 'webgpu' ? parityModelOnGpu : parityModel;
  const actual = await miniature(config);
  await tf.setBackend('cpu');
  let expected: Awaited<ReturnType<typeof miniature>>;
  try {
    expected = await miniature(config);
  } finally {
    await tf.setBackend(backend);
  }
  if (actual.tokens.some((token, i) => token !== expected.tokens[i]))
    return 'Sampled tokens differ from the reference.';
  for (const [name, values] of Object.entries(expected.values)) {
    const own = actual.values[name];
    let size = 1e-3;
    for (const value of values) size = Math.max(size, Math.abs(value));
    for (let i = 0; i < values.length; i++)
      if (!(Math.abs(own[i] - values[i]) <= tolerance * size))
        return `${name} differs from the reference: ${own[i]} instead of ${values[i]}.`;
  }
  return null;
}

/** Milliseconds for a small rollout and one training step on it: the median of three, after warming up. */
export async function probeSpeed(): Promise<number> {
  const model = Transformer.create(speedModel, pseudoNormal());
  const optimiser = new AdamW(model);
  const prompts = Array.from({ length: 12 }, (_, p) => Int32Array.from({ length: 14 }, (_, i) => 2 + p + i));
  const times: number[] = [];
  try {
    for (let turn = 0; turn < 5; turn++) {
      const start = performance.now();
      const rollouts = await generate(model, { prompts, samplesPerPrompt: 5, seed: turn, streamId: 0 });
      const { value, grads } = trainingStep(model, rollouts);
      const norm = optimiser.step(grads, 1e-3);
      await value.data<'float32'>();
      tf.dispose([value, grads, norm]);
      if (turn > 1) times.push(performance.now() - start);
    }
  } finally {
    optimiser.dispose();
    model.dispose();
  }
  return times.sort((a, b) => a - b)[1];
}

/** What the parity probe compares. */
async function miniature(
  config: ModelConfig,
): Promise<{ tokens: Int32Array; values: Record<string, Float32Array> }> {
  const model = Transformer.create(config, pseudoNormal(12));
  const optimiser = new AdamW(model);
  try {
    const prompts = [Int32Array.of(3, 7, 11), Int32Array.of(5), Int32Array.of(9, 4, 8, 2, 6)];
    const rollouts = await generate(model, { prompts, samplesPerPrompt: 2, seed: 1, streamId: 2 });
    const { value, grads } = trainingStep(model, rollouts);
    const norm = optimiser.step(grads, 1e-2);
    const values: Record<string, Float32Array> = {
      'The log-probability of sampling': rollouts.logProb,
      'The loss': await value.data<'float32'>(),
      'The gradient norm': await norm.data<'float32'>(),
    };
    for (const name of ['wte.weight', 'wpe.weight', 'h.0.attn.c_attn.weight', 'h.1.mlp.c_proj.bias'])
      values[`The gradient of ${name}`] = await grads[name].data<'float32'>();
    values['The updated weights'] = await model.params['h.0.mlp.c_fc.weight'].data<'float32'>();
    tf.dispose([value, grads, norm]);
    return { tokens: rollouts.tokens, values };
  } finally {
    optimiser.dispose();
    model.dispose();
  }
}

function trainingStep(model: Transformer, rollouts: Rollouts) {
  const rows: SequenceRow[] = Array.from(rollouts.totalLength, (length, row) => {
    const from = (row * rollouts.tokens.length) / rollouts.totalLength.length;
    return {
      tokens: rollouts.tokens.subarray(from, from + length),
      promptLength: rollouts.promptLength[row],
    };
  });
  const batch = upload(packSequences(rows));
  const result = model.gradients(() => {
    const { logProb, entropy } = tokenLogProbs(model, batch);
    return tf.sub(tf.neg(tf.mean(logProb)), tf.mul(tf.mean(entropy), 0.1)) as tf.Scalar;
  });
  batch.dispose();
  return result;
}

/** The same numbers every time, near enough to normal: a sum of uniforms, times `scale` to leave the linear regime. */
function pseudoNormal(scale = 1): { normal(): number } {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { normal: () => scale * (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3) };
}

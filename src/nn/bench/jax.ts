/**
 * The same transformer in @jax-js/jax, jitted: loss, gradient and AdamW in one compiled function. Arrays there are
 * owned and used up; `.ref` makes another reference.
 */
import {
  blockUntilReady,
  type Device,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  valueAndGrad,
} from '@jax-js/jax';
import type { ModelConfig } from '../model/config.ts';
import type { Weights } from '../model/transformer.ts';

/** jax-js uses iterator helpers, which Node 20 does not have: there its columns stay empty. */
const jaxRuns = 'Iterator' in globalThis;

type Arrays = Record<string, np.Array>;

/** Parameters and moments; a type, not an interface, to be one of jax-js's trees. */
type State = { params: Arrays; m: Arrays; v: Arrays };

/** A training step on `device`, or null where jax-js cannot use it. */
export async function jaxTrainingStep(
  device: Extract<Device, 'webgpu' | 'wasm'>,
  config: ModelConfig,
  shapes: Map<string, number[]>,
  weights: Weights,
  tokens: Int32Array[],
): Promise<(() => Promise<number>) | null> {
  if (!jaxRuns || !(await init(device)).includes(device)) return null;
  defaultDevice(device);
  const [B, S] = [tokens.length, tokens[0].length];
  const names = [...shapes.keys()];
  const filled = (make: (name: string, shape: number[]) => np.Array): Arrays =>
    Object.fromEntries(names.map((name) => [name, make(name, shapes.get(name)!)]));
  let state: State = {
    params: filled((name, shape) => np.array(Float32Array.from(weights.get(name)!), { shape })),
    m: filled((_, shape) => np.zeros(shape)),
    v: filled((_, shape) => np.zeros(shape)),
  };
  const flat = Int32Array.from(tokens.flatMap((row) => Array.from(row)));
  const batch = np.array(flat, { shape: [B, S], dtype: np.int32 });
  const step = jit((given: State, input: np.Array): [np.Array, State] => {
    const [loss, grads] = valueAndGrad((params: Arrays) => crossEntropy(config, params, input.ref))(
      refs(given.params),
    ) as [np.Array, Arrays];
    input.dispose();
    return [loss, adamw(given, grads)];
  });
  return async () => {
    const [loss, next] = step(state, batch.ref) as [np.Array, State];
    state = next;
    await blockUntilReady(state.params);
    return (await loss.data())[0];
  };
}

function refs(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.ref]));
}

function adamw({ params, m, v }: State, grads: Arrays): State {
  const next: State = { params: {}, m: {}, v: {} };
  for (const name of Object.keys(params)) {
    const g = grads[name];
    const first = np.add(np.multiply(m[name], 0.9), np.multiply(g.ref, 0.1));
    const second = np.add(np.multiply(v[name], 0.95), np.multiply(np.square(g), 0.05));
    const update = np.divide(first.ref, np.add(np.sqrt(second.ref), 1e-8));
    next.params[name] = np.subtract(np.multiply(params[name], 1 - 1e-5), np.multiply(update, 1e-3));
    next.m[name] = first;
    next.v[name] = second;
  }
  return next;
}

function crossEntropy(config: ModelConfig, p: Arrays, tokens: np.Array): np.Array {
  const [B, S] = tokens.shape;
  const { width: D, heads, layers, vocab } = config;
  const hot = nn.oneHot(tokens, vocab);
  const wte = p['wte.weight'];
  let x = np.add(np.matmul(hot.ref, wte.ref), p['wpe.weight'].slice([0, S]));
  const linear = (name: string, input: np.Array) =>
    np.add(np.matmul(input, p[`${name}.weight`]), p[`${name}.bias`]);
  const norm = (name: string, input: np.Array) =>
    np.add(np.multiply(nn.standardize(input, -1, { epsilon: 1e-5 }), p[`${name}.weight`]), p[`${name}.bias`]);
  for (let l = 0; l < layers; l++) {
    const qkv = linear(`h.${l}.attn.c_attn`, norm(`h.${l}.ln_1`, x.ref));
    const [q, k, v] = np.split(qkv, 3, -1).map((part) => np.reshape(part, [B, S, heads, D / heads]));
    const mixed = np.reshape(nn.dotProductAttention(q, k, v, { isCausal: true }), [B, S, D]);
    x = np.add(x, linear(`h.${l}.attn.c_proj`, mixed));
    const inner = nn.gelu(linear(`h.${l}.mlp.c_fc`, norm(`h.${l}.ln_2`, x.ref)), { approximate: true });
    x = np.add(x, linear(`h.${l}.mlp.c_proj`, inner));
  }
  const logits = np.matmul(norm('ln_f', x), np.transpose(wte));
  const logProb = nn.logSoftmax(logits.slice([], [0, S - 1]), -1);
  return np.negative(np.divide(np.sum(np.multiply(logProb, hot.slice([], [1, S]))), B * (S - 1)));
}

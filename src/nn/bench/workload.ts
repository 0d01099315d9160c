/** The work that every engine is given in the benchmarks: models, batches and prompts of stated sizes. */
import type { ModelConfig } from '../model/config.ts';
import { parameterShapes } from '../model/config.ts';
import type { Weights } from '../model/transformer.ts';

export interface Workload {
  name: string;
  config: ModelConfig;
  /** Sequences, all of full length, so that padded engines waste nothing. */
  sequences: number;
  length: number;
}

/** The shipped size and the larger one; 64 sequences of 48 tokens, as in a minibatch. */
export const trainingWorkloads = {
  small: workload('0.12 M, 64×48', { width: 64, layers: 2, heads: 4 }, 64, 48),
  larger: workload('0.8 M, 64×48', { width: 128, layers: 4, heads: 4 }, 64, 48),
  quick: workload('0.12 M, 16×32', { width: 64, layers: 2, heads: 4 }, 16, 32),
} as const;

function workload(
  name: string,
  size: Pick<ModelConfig, 'width' | 'layers' | 'heads'>,
  sequences: number,
  length: number,
): Workload {
  return { name, config: { vocab: 252, maxLength: 72, ...size }, sequences, length };
}

/** The same pseudo-random numbers every time, roughly normal. */
export function pseudoNormal(): { normal(): number } {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { normal: () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3) };
}

/** Initial weights as GPT-2 has them, for engines that are not ours. */
export function initialWeights(config: ModelConfig): Weights {
  const rng = pseudoNormal();
  const weights: Weights = new Map();
  for (const [name, shape] of parameterShapes(config, 0)) {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    if (/ln_[12f]\.weight$/.test(name)) values.fill(1);
    else if (name.endsWith('.weight'))
      for (let i = 0; i < values.length; i++) values[i] = 0.02 * rng.normal();
    weights.set(name, values);
  }
  return weights;
}

/** [sequences][length] token ids. */
export function tokensFor({ config, sequences, length }: Workload): Int32Array[] {
  return Array.from({ length: sequences }, (_, b) =>
    Int32Array.from({ length }, (_, i) => 2 + ((b * 7 + i * 13) % (config.vocab - 2))),
  );
}

/** Prompts of 14 to 21 tokens. */
export function promptsFor(count: number, vocab: number): Int32Array[] {
  return Array.from({ length: count }, (_, p) =>
    Int32Array.from({ length: 14 + (p % 8) }, (_, i) => 2 + ((p * 3 + i) % (vocab - 2))),
  );
}

/** Floating-point operations of one training step's matrix products: 6 per weight and token, attention aside. */
export function trainingFlops({ config, sequences, length }: Workload): number {
  const { width: D, layers, vocab } = config;
  return 6 * sequences * length * (layers * 12 * D * D + vocab * D);
}

/**
 * Sampling in plain TypeScript, one sequence after the other with cached keys and values: what the fast samplers are
 * held against, and what runs where there is none.
 */
import { endToken, layerNormEpsilon, type ModelConfig } from '../config.ts';
import type { Transformer, Weights } from '../transformer.ts';
import type { CompletedRows, GenerateJob } from './generator.ts';
import { drawKey, drawToken, rowKey } from './sampling.ts';

export async function generateReference(model: Transformer, job: GenerateJob): Promise<CompletedRows> {
  const { prompts, samplesPerPrompt, maxLength } = job;
  const reader = new Reader(model.config, await model.weights());
  const { guide } = job;
  const valuer = guide && new Reader(guide.model.config, await guide.model.weights());
  const rows = prompts.length * samplesPerPrompt;
  const tokens = new Int32Array(rows * maxLength);
  const logProb = new Float32Array(rows * maxLength);
  const totalLength = new Int32Array(rows);
  const scaled = new Float32Array(model.config.vocab);
  prompts.forEach((prompt, p) => {
    prompt.forEach((token, position) => {
      reader.read(token, position);
      valuer?.read(token, position);
    });
    const first = reader.logits.slice();
    const firstOdds = valuer?.logits.slice();
    for (let sample = 0; sample < samplesPerPrompt; sample++) {
      const row = p * samplesPerPrompt + sample;
      const own = tokens.subarray(row * maxLength, (row + 1) * maxLength);
      own.set(prompt);
      reader.logits.set(first);
      if (firstOdds) valuer!.logits.set(firstOdds);
      const key = rowKey(job.seed, job.streamId, row);
      let length = prompt.length;
      // The cache of the prompt is shared: a sample only ever overwrites what lies behind it.
      while (length < maxLength) {
        const steering = valuer && { how: guide!, logOdds: valuer.logits };
        const token = drawToken(reader.logits, scaled, drawKey(key, length), job, steering);
        own[length] = token;
        logProb[row * maxLength + length] = reader.logits[token] - logSumExp(reader.logits);
        length++;
        if (token === endToken || length === maxLength) break;
        reader.read(token, length - 1);
        valuer?.read(token, length - 1);
      }
      totalLength[row] = length;
    }
  });
  return { tokens, totalLength, logProb };
}

function logSumExp(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) max = Math.max(max, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** Reads one sequence token by token. `logits` belong to the last token read. */
class Reader {
  readonly logits: Float32Array;
  readonly #config: ModelConfig;
  readonly #weights: Weights;
  /** Keys and values of each layer, [L, 2D]. */
  readonly #cache: Float32Array[];

  constructor(config: ModelConfig, weights: Weights) {
    this.#config = config;
    this.#weights = weights;
    this.logits = new Float32Array(config.vocab);
    this.#cache = Array.from(
      { length: config.layers },
      () => new Float32Array(config.maxLength * 2 * config.width),
    );
  }

  read(token: number, position: number): void {
    const { width: D, layers, vocab } = this.#config;
    const wte = this.#weight('wte.weight');
    const wpe = this.#weight('wpe.weight');
    const x = new Float32Array(D);
    for (let d = 0; d < D; d++) x[d] = wte[token * D + d] + wpe[position * D + d];
    for (let l = 0; l < layers; l++) {
      const qkv = this.#linear(`h.${l}.attn.c_attn`, this.#norm(`h.${l}.ln_1`, x));
      this.#cache[l].set(qkv.subarray(D), position * 2 * D);
      addTo(x, this.#linear(`h.${l}.attn.c_proj`, this.#attend(qkv, this.#cache[l], position)));
      const inner = this.#linear(`h.${l}.mlp.c_fc`, this.#norm(`h.${l}.ln_2`, x)).map(gelu);
      addTo(x, this.#linear(`h.${l}.mlp.c_proj`, inner));
    }
    const h = this.#norm('ln_f', x);
    for (let v = 0; v < vocab; v++) {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += h[d] * wte[v * D + d];
      this.logits[v] = sum;
    }
  }

  #attend(qkv: Float32Array, cache: Float32Array, position: number): Float32Array {
    const { width: D, heads } = this.#config;
    const size = D / heads;
    const y = new Float32Array(D);
    const scores = new Float32Array(position + 1);
    for (let from = 0; from < D; from += size) {
      for (let t = 0; t <= position; t++) {
        let sum = 0;
        for (let d = from; d < from + size; d++) sum += qkv[d] * cache[t * 2 * D + d];
        scores[t] = sum / Math.sqrt(size);
      }
      const lse = logSumExp(scores);
      for (let t = 0; t <= position; t++) {
        const p = Math.exp(scores[t] - lse);
        for (let d = from; d < from + size; d++) y[d] += p * cache[t * 2 * D + D + d];
      }
    }
    return y;
  }

  #norm(name: string, x: Float32Array): Float32Array {
    const D = x.length;
    const gain = this.#weight(`${name}.weight`);
    const bias = this.#weight(`${name}.bias`);
    let mean = 0;
    for (const value of x) mean += value / D;
    let variance = 0;
    for (const value of x) variance += (value - mean) ** 2 / D;
    const rstd = 1 / Math.sqrt(variance + layerNormEpsilon);
    return x.map((value, d) => (value - mean) * rstd * gain[d] + bias[d]);
  }

  #linear(name: string, x: Float32Array): Float32Array {
    const w = this.#weight(`${name}.weight`);
    const y = this.#weight(`${name}.bias`).slice();
    const O = y.length;
    for (let i = 0; i < x.length; i++) {
      const value = x[i];
      for (let o = 0; o < O; o++) y[o] += value * w[i * O + o];
    }
    return y;
  }

  #weight(name: string): Float32Array {
    return this.#weights.get(name)!;
  }
}

function addTo(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] += y[i];
}

function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

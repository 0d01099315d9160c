/**
 * Sampling in plain TypeScript, one sequence after the other with cached keys and values: what the fast samplers are
 * held against, and what runs where there is none.
 */
import { layerNormEpsilon, type ModelConfig } from '../model/config.ts';
import type { Transformer, Weights } from '../model/transformer.ts';
import { binsOf } from '../model/valueHead.ts';
import { type GenerateJob, goesOn, promptRows, type Writer, type WrittenRows } from './generator.ts';
import { drawKey, drawToken, rowKey } from './sampling.ts';

export function writeReference(model: Transformer, job: GenerateJob): Writer {
  const written = promptRows(job);
  const stopped = new Set<number>();
  const { guide } = job;
  let readers: { policy: Reader; value?: Reader } | null = null;
  return {
    async advance(count) {
      readers ??= {
        policy: new Reader(model.config, await model.weights()),
        value: guide && new Reader(guide.model.config, await guide.model.weights(), binsOf(guide.model)),
      };
      for (let prompt = 0; prompt < job.prompts.length; prompt++)
        advancePrompt(readers, job, prompt, written, stopped, count);
      return written;
    },
    stop(rows) {
      for (const row of rows) stopped.add(row);
    },
    dispose() {},
  };
}

/** Writes on at the rows of one prompt. What a row has so far is read again, which gives the same numbers. */
function advancePrompt(
  { policy, value }: { policy: Reader; value?: Reader },
  job: GenerateJob,
  p: number,
  written: WrittenRows,
  stopped: ReadonlySet<number>,
  count: number,
): void {
  const { samplesPerPrompt, maxLength, guide } = job;
  const prompt = job.prompts[p];
  const read = (token: number, position: number) => {
    policy.read(token, position);
    value?.read(token, position);
  };
  prompt.forEach(read);
  const first = policy.logits.slice();
  const firstHidden = value?.hidden.slice();
  const scaled = new Float32Array(first.length);
  for (let row = p * samplesPerPrompt; row < (p + 1) * samplesPerPrompt; row++) {
    const own = written.tokens.subarray(row * maxLength, (row + 1) * maxLength);
    const key = rowKey(job.seed, job.streamId, row);
    // The cache of the prompt is shared: a row only ever overwrites what lies behind it.
    policy.logits.set(first);
    if (firstHidden) value!.hidden.set(firstHidden);
    let position = prompt.length;
    for (let left = count; left > 0 && !stopped.has(row) && goesOn(written, row, job); left--) {
      const length = written.totalLength[row];
      for (; position < length; position++) read(own[position], position);
      const steering = value && { how: guide!, said: (of: number) => value.said(of) };
      const token = drawToken(policy.logits, scaled, drawKey(key, length), job, steering);
      own[length] = token;
      written.logProb[row * maxLength + length] = policy.logits[token] - logSumExp(policy.logits);
      written.totalLength[row]++;
    }
  }
}

function logSumExp(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) max = Math.max(max, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - max);
  return max + Math.log(sum);
}

/** Reads one sequence token by token. `logits` and `hidden` belong to the last token read. */
export class Reader {
  readonly logits: Float32Array;
  /** After `ln_f`. */
  readonly hidden: Float32Array;
  readonly #bins: number;
  readonly #config: ModelConfig;
  readonly #weights: Weights;
  /** Keys and values of each layer, [L, 2D]. */
  readonly #cache: Float32Array[];

  /** @param bins of its histograms, where it is a value network that gives them */
  constructor(config: ModelConfig, weights: Weights, bins = 1) {
    this.#config = config;
    this.#weights = weights;
    this.logits = new Float32Array(config.vocab);
    this.hidden = new Float32Array(config.width);
    this.#bins = bins;
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
    this.hidden.set(this.#norm('ln_f', x));
    if (this.#bins === 1) for (let v = 0; v < vocab; v++) this.logits[v] = this.#product(v);
  }

  /** What a value network says of a token: see valueHead.ts. */
  said(token: number): number[] {
    if (this.#bins === 1) return [this.#product(token)];
    const bias = this.#weight('score.bias');
    return Array.from({ length: this.#bins }, (_, bin) => this.#product(token, bin) + bias[bin]);
  }

  /** hidden · embedding, entry by entry times the row of a bin where one is asked for. */
  #product(token: number, bin?: number): number {
    const D = this.#config.width;
    const wte = this.#weight('wte.weight');
    const score = bin === undefined ? null : this.#weight('score.weight');
    let sum = 0;
    for (let d = 0; d < D; d++) {
      const part = this.hidden[d] * wte[token * D + d];
      sum += score ? part * score[bin! * D + d] : part;
    }
    return sum;
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

/**
 * The policy of a noise mask (arXiv 2406.14568, after the authors' code): for every token of a sequence, and each block
 * of its embedding, log α and log β of the Beta distribution that its factor is drawn from.
 *
 *   log α = 0.9 · base + 0.1 · net(token, request)     base ← 0.99 · base + 0.01 · batch mean of net, position by position
 *
 * Theirs is a ResNet that reads an image; ours is a table of token embeddings and two networks with one hidden layer,
 * without batch normalisation. It is plain arithmetic in double precision, not tensors: a step costs a few
 * milliseconds, and its numbers are the same whatever computes the model.
 */
import { stream } from '../../../core/random.ts';
import { betaScore } from '../../../core/statistics/beta.ts';
import type { PackedBatch } from '../../../nn/batch/batch.ts';

const embeddingWidth = 12;
const hiddenWidth = 16;
const inputWidth = 2 * embeddingWidth;

const baseShare = 0.9;
const netShare = 1 - baseShare;
const baseMemory = 0.99;
const momentum = 0.9;
/** Of log α and log β: beyond, a draw is all but certain, and the score says nothing more. */
const bound = 5;

/** One number for α and one for β, for each block of each of T tokens: [T·K]. */
export interface MaskParameters {
  logAlpha: Float64Array;
  logBeta: Float64Array;
}

type Net = 'logAlpha' | 'logBeta';
const nets: readonly Net[] = ['logAlpha', 'logBeta'];

export interface MaskPolicyShape {
  vocab: number;
  /** Longest sequence. */
  maxLength: number;
  /** Factors of each token. */
  blocks: number;
}

/** What the policy said of a batch, and what learning from it needs. */
export interface MaskReading {
  batch: PackedBatch;
  /** [T·inputWidth] token embedding, then the mean of the request's embeddings. */
  input: Float64Array;
  hidden: Record<Net, Float64Array>;
  /** [T·K] before the base is mixed in. */
  out: Record<Net, Float64Array>;
  /** [T·K] with the base, bounded. */
  parameters: MaskParameters;
}

export class MaskPolicy {
  readonly #shape: MaskPolicyShape;
  readonly #weights: Record<string, Float64Array> = {};
  readonly #velocity: Record<string, Float64Array> = {};
  /** [maxLength·K] running means of the networks' outputs, for α and for β. */
  readonly #base: Record<Net, Float64Array>;

  /** @param centre where log α and log β lie at the start; the base spreads half a unit to both sides, as the paper's */
  constructor(shape: MaskPolicyShape, centre: Record<Net, number>, seed: number) {
    this.#shape = shape;
    const rng = stream(seed, 'mask policy');
    const add = (name: string, size: number, deviation: number, bias = 0) => {
      this.#weights[name] = Float64Array.from({ length: size }, () => bias + deviation * rng.normal());
      this.#velocity[name] = new Float64Array(size);
    };
    add('embedding', shape.vocab * embeddingWidth, 1);
    for (const net of nets) {
      add(`${net}.in`, hiddenWidth * inputWidth, Math.sqrt(2 / inputWidth));
      add(`${net}.inBias`, hiddenWidth, 0);
      add(`${net}.out`, shape.blocks * hiddenWidth, Math.sqrt(1 / hiddenWidth));
      add(`${net}.outBias`, shape.blocks, 0, centre[net]);
    }
    const base = (net: Net) =>
      Float64Array.from({ length: shape.maxLength * shape.blocks }, () => centre[net] - 0.5 + rng.uniform());
    this.#base = { logAlpha: base('logAlpha'), logBeta: base('logBeta') };
  }

  /** Running means of the networks' outputs, position by position: a copy. */
  get base(): Record<Net, Float64Array> {
    return { logAlpha: this.#base.logAlpha.slice(), logBeta: this.#base.logBeta.slice() };
  }

  /** Reads a batch: the distributions for every token, and what learning from them needs. */
  read(batch: PackedBatch): MaskReading {
    const { blocks } = this.#shape;
    const T = batch.tokens.length;
    const input = this.#inputs(batch);
    const empty = (size: number): Record<Net, Float64Array> => ({
      logAlpha: new Float64Array(T * size),
      logBeta: new Float64Array(T * size),
    });
    const [hidden, out, parameters] = [empty(hiddenWidth), empty(blocks), empty(blocks)];
    for (const net of nets) {
      const { wIn, bIn, wOut, bOut } = layersOf(this.#weights, net);
      const [h, o, mixed] = [hidden[net], out[net], parameters[net]];
      const base = this.#base[net];
      for (let t = 0; t < T; t++) {
        for (let j = 0; j < hiddenWidth; j++) {
          let sum = bIn[j];
          for (let i = 0; i < inputWidth; i++) sum += wIn[j * inputWidth + i] * input[t * inputWidth + i];
          h[t * hiddenWidth + j] = Math.max(0, sum);
        }
        for (let k = 0; k < blocks; k++) {
          let sum = bOut[k];
          for (let j = 0; j < hiddenWidth; j++) sum += wOut[k * hiddenWidth + j] * h[t * hiddenWidth + j];
          o[t * blocks + k] = sum;
          const mix = baseShare * base[batch.positions[t] * blocks + k] + netShare * sum;
          mixed[t * blocks + k] = Math.min(bound, Math.max(-bound, mix));
        }
      }
    }
    return { batch, input, hidden, out, parameters };
  }

  /** Takes the means of what the networks said of a batch into the base. */
  follow({ batch, out }: MaskReading): void {
    const { blocks, maxLength } = this.#shape;
    const count = new Float64Array(maxLength);
    for (const position of batch.positions) count[position]++;
    for (const net of nets) {
      const sum = new Float64Array(maxLength * blocks);
      batch.positions.forEach((position, t) => {
        for (let k = 0; k < blocks; k++) sum[position * blocks + k] += out[net][t * blocks + k];
      });
      const base = this.#base[net];
      // Positions that no sequence of the batch reaches keep what they have.
      for (let i = 0; i < base.length; i++) {
        const n = count[Math.floor(i / blocks)];
        if (n > 0) base[i] = baseMemory * base[i] + (1 - baseMemory) * (sum[i] / n);
      }
    }
  }

  /**
   * The gradient of Σ_b weight_b · log p(mask of sequence b) in every weight; the base counts as a constant.
   * @param mask [T·K] as drawn from the reading's parameters
   * @param weight [B]
   */
  gradient(
    { batch, input, hidden, parameters }: MaskReading,
    mask: ArrayLike<number>,
    weight: ArrayLike<number>,
  ): Record<string, Float64Array> {
    const { blocks } = this.#shape;
    const grads: Record<string, Float64Array> = {};
    for (const [name, { length }] of Object.entries(this.#weights)) grads[name] = new Float64Array(length);
    const dOut = scoresOf(mask, parameters);
    const dInput = new Float64Array(input.length);
    const dHidden = new Float64Array(hiddenWidth);
    for (const net of nets) {
      const { wIn, wOut } = layersOf(this.#weights, net);
      const { wIn: gIn, bIn: gInBias, wOut: gOut, bOut: gOutBias } = layersOf(grads, net);
      for (let b = 0; b < batch.sequences; b++) {
        for (let t = batch.starts[b]; t < batch.starts[b + 1]; t++) {
          const h = hidden[net].subarray(t * hiddenWidth, (t + 1) * hiddenWidth);
          const x = input.subarray(t * inputWidth, (t + 1) * inputWidth);
          const dx = dInput.subarray(t * inputWidth, (t + 1) * inputWidth);
          dHidden.fill(0);
          for (let k = 0; k < blocks; k++) {
            if (Math.abs(parameters[net][t * blocks + k]) >= bound) continue;
            const d = weight[b] * netShare * dOut[net][t * blocks + k];
            gOutBias[k] += d;
            for (let j = 0; j < hiddenWidth; j++) {
              gOut[k * hiddenWidth + j] += d * h[j];
              dHidden[j] += d * wOut[k * hiddenWidth + j];
            }
          }
          for (let j = 0; j < hiddenWidth; j++) {
            if (h[j] <= 0) continue;
            gInBias[j] += dHidden[j];
            for (let i = 0; i < inputWidth; i++) {
              gIn[j * inputWidth + i] += dHidden[j] * x[i];
              dx[i] += dHidden[j] * wIn[j * inputWidth + i];
            }
          }
        }
      }
    }
    this.#embeddingGradient(batch, dInput, grads.embedding);
    return grads;
  }

  /** One step of gradient ascent with momentum along `gradient`. */
  climb(gradient: Record<string, Float64Array>, learningRate: number): void {
    for (const [name, values] of Object.entries(this.#weights)) {
      const velocity = this.#velocity[name];
      const slope = gradient[name];
      for (let i = 0; i < values.length; i++) {
        velocity[i] = momentum * velocity[i] + slope[i];
        values[i] += learningRate * velocity[i];
      }
    }
  }

  /** Weights by name, as they are: to look at, and to move one by hand in a check. */
  get weights(): Readonly<Record<string, Float64Array>> {
    return this.#weights;
  }

  #inputs(batch: PackedBatch): Float64Array {
    const { embedding } = this.#weights;
    const input = new Float64Array(batch.tokens.length * inputWidth);
    const request = new Float64Array(embeddingWidth);
    for (let b = 0; b < batch.sequences; b++) {
      const prompt = batch.promptLengths[b];
      request.fill(0);
      for (let t = batch.starts[b]; t < batch.starts[b] + prompt; t++)
        for (let i = 0; i < embeddingWidth; i++)
          request[i] += embedding[batch.tokens[t] * embeddingWidth + i] / prompt;
      for (let t = batch.starts[b]; t < batch.starts[b + 1]; t++) {
        const from = batch.tokens[t] * embeddingWidth;
        input.set(embedding.subarray(from, from + embeddingWidth), t * inputWidth);
        input.set(request, t * inputWidth + embeddingWidth);
      }
    }
    return input;
  }

  #embeddingGradient(batch: PackedBatch, dInput: Float64Array, grad: Float64Array): void {
    const request = new Float64Array(embeddingWidth);
    for (let b = 0; b < batch.sequences; b++) {
      const prompt = batch.promptLengths[b];
      request.fill(0);
      for (let t = batch.starts[b]; t < batch.starts[b + 1]; t++)
        for (let i = 0; i < embeddingWidth; i++) {
          grad[batch.tokens[t] * embeddingWidth + i] += dInput[t * inputWidth + i];
          request[i] += dInput[t * inputWidth + embeddingWidth + i] / prompt;
        }
      for (let t = batch.starts[b]; t < batch.starts[b] + prompt; t++)
        for (let i = 0; i < embeddingWidth; i++) grad[batch.tokens[t] * embeddingWidth + i] += request[i];
    }
  }
}

const layersOf = (weights: Readonly<Record<string, Float64Array>>, net: Net) => ({
  wIn: weights[`${net}.in`],
  bIn: weights[`${net}.inBias`],
  wOut: weights[`${net}.out`],
  bOut: weights[`${net}.outBias`],
});

/** The gradient of the log-likelihood of each factor in its log α and log β. */
function scoresOf(mask: ArrayLike<number>, { logAlpha, logBeta }: MaskParameters): Record<Net, Float64Array> {
  const scores = { logAlpha: new Float64Array(mask.length), logBeta: new Float64Array(mask.length) };
  for (let i = 0; i < mask.length; i++) {
    const score = betaScore(mask[i], Math.exp(logAlpha[i]), Math.exp(logBeta[i]));
    scores.logAlpha[i] = score.logAlpha;
    scores.logBeta[i] = score.logBeta;
  }
  return scores;
}

/**
 * Noise on token embeddings while a model is pre-heated, and its policy's learning where it has one.
 *
 * The paper's code (arXiv 2406.14568) trains model and policy with one loss, mean(log Σ exp log p(mask) · loss). That
 * multiplies the model's gradient by a logarithm which is positive over 64×64 cells and may be negative over few: the
 * model would climb its own loss. Here the two are apart. The model descends its loss under the mask, and nothing else;
 * the policy climbs E[−loss] by REINFORCE, sequence by sequence, against a running mean. What is left of the paper's is
 * the sign of the lesson: a mask under which the loss is high becomes less likely.
 */
import { type Rng, stream } from '../../../core/random.ts';
import { drawBeta } from '../../../core/statistics/beta.ts';
import { mean } from '../../../core/statistics/stats.ts';
import {
  type EmbeddingMask,
  type PackedBatch,
  packSequences,
  type SequenceRow,
} from '../../../nn/batch/batch.ts';
import type { ModelConfig } from '../../../nn/model/config.ts';
import { cosine } from '../schedule.ts';
import { type MaskParameters, MaskPolicy, type MaskReading } from './maskPolicy.ts';
import { logParametersAt, type MaskLook, type NoiseSettings } from './settings.ts';

/** Blocks of an embedding that get a factor each, where they divide its width. */
const usualBlocks = 4;
/** The paper's, for the policy; it falls along a cosine, as the paper's. */
const policyRate = 0.01;
const baselineMemory = 0.9;

export class NoiseMask {
  readonly #settings: NoiseSettings;
  readonly #seed: number;
  readonly #blocks: number;
  readonly #policy: MaskPolicy | null;
  /** Running mean of the rewards, null before the first. */
  #baseline: number | null = null;
  #drawn: { reading: MaskReading; mask: Float64Array; rate: number } | null = null;
  #means: number[] = [];

  /** @param settings.noise anything but 'none' */
  constructor(
    settings: NoiseSettings,
    model: Pick<ModelConfig, 'vocab' | 'maxLength' | 'width'>,
    seed: number,
  ) {
    this.#settings = settings;
    this.#seed = seed;
    this.#blocks = model.width % usualBlocks === 0 ? usualBlocks : 1;
    this.#policy =
      settings.noise === 'learned'
        ? new MaskPolicy({ ...model, blocks: this.#blocks }, logParametersAt(settings.maskMean), seed)
        : null;
  }

  /** Whether `learn` wants to know what the mask of a step cost. */
  get learns(): boolean {
    return this.#policy !== null;
  }

  /** How many of the steps pre-heat: at least one, and not all. */
  heated(steps: number): number {
    return Math.max(1, Math.min(steps - 1, Math.round(this.#settings.preheat * steps)));
  }

  /** Mean of the factors of each step so far. */
  get means(): readonly number[] {
    return this.#means;
  }

  /**
   * The factors of a batch; null once pre-heating is over. The numbers follow from the seed, the step and what the policy
   * has learned.
   */
  draw(batch: PackedBatch, step: number, steps: number): EmbeddingMask | null {
    const heated = this.heated(steps);
    if (step >= heated) return null;
    const reading = this.#policy?.read(batch) ?? null;
    const mask = this.#factors(reading?.parameters ?? this.#fixed(batch), stream(this.#seed, 'mask', step));
    this.#drawn = reading && { reading, mask, rate: policyRate * cosine(step, heated, 0) };
    this.#means.push(mean(mask));
    return { blocks: this.#blocks, values: Float32Array.from(mask) };
  }

  /**
   * One step of REINFORCE on the batch that was drawn last.
   * @param losses [B] of each of its sequences under the mask
   */
  learn(losses: ArrayLike<number>): void {
    const drawn = this.#drawn;
    if (!this.#policy || !drawn) return;
    const { reading, mask, rate } = drawn;
    const reward = -mean(losses);
    const baseline = this.#baseline ?? reward;
    const weight = Float64Array.from(losses, (loss) => (-loss - baseline) / losses.length);
    const gradient = this.#policy.gradient(reading, mask, weight);
    this.#policy.follow(reading);
    this.#policy.climb(gradient, rate);
    this.#baseline = baselineMemory * baseline + (1 - baselineMemory) * reward;
    this.#drawn = null;
  }

  get baseline(): number | null {
    return this.#baseline;
  }

  /** The distributions for a few sequences as they are now; null for dropout, which has none. */
  look(rows: readonly SequenceRow[]): MaskLook[] | null {
    if (this.#settings.noise === 'dropout') return null;
    const batch = packSequences(rows);
    const { logAlpha, logBeta } = this.#policy?.read(batch).parameters ?? this.#fixed(batch);
    const ofToken = (values: Float64Array, t: number) =>
      Array.from(values.subarray(t * this.#blocks, (t + 1) * this.#blocks), Math.exp);
    return rows.map(({ tokens }, b) => {
      const places = Array.from(tokens, (_, i) => batch.starts[b] + i);
      return {
        tokens: Array.from(tokens),
        alpha: places.map((t) => ofToken(logAlpha, t)),
        beta: places.map((t) => ofToken(logBeta, t)),
      };
    });
  }

  #factors({ logAlpha, logBeta }: MaskParameters, rng: Rng): Float64Array {
    const { noise, maskMean } = this.#settings;
    if (noise === 'dropout') return logAlpha.map(() => (rng.uniform() < maskMean ? 1 : 0));
    return logAlpha.map((_, i) => drawBeta(rng, Math.exp(logAlpha[i]), Math.exp(logBeta[i])));
  }

  /** The same for every factor of a batch. */
  #fixed(batch: PackedBatch): MaskParameters {
    const { logAlpha, logBeta } = logParametersAt(this.#settings.maskMean);
    const size = batch.tokens.length * this.#blocks;
    return {
      logAlpha: new Float64Array(size).fill(logAlpha),
      logBeta: new Float64Array(size).fill(logBeta),
    };
  }
}

/** Null where there is to be no noise. */
export function noiseOf(
  settings: NoiseSettings,
  model: Pick<ModelConfig, 'vocab' | 'maxLength' | 'width'>,
  seed: number,
): NoiseMask | null {
  return settings.noise === 'none' ? null : new NoiseMask(settings, model, seed);
}

/**
 * What each sequence of a batch lost: nats per token of its completion, 0 without one.
 * @param logProb [A]
 */
export function sequenceLosses(logProb: ArrayLike<number>, { actionStarts }: PackedBatch): Float64Array {
  return Float64Array.from({ length: actionStarts.length - 1 }, (_, b) => {
    let sum = 0;
    for (let a = actionStarts[b]; a < actionStarts[b + 1]; a++) sum -= logProb[a];
    return sum / Math.max(1, actionStarts[b + 1] - actionStarts[b]);
  });
}

/**
 * What each row of a batch of pairs lost: both rows of a pair what the pair did, −log σ(scale · (chosen − rejected)).
 * @param reward [2P] of the chosen rows, then of the rejected ones
 */
export function pairLosses(reward: ArrayLike<number>, scale: number): Float64Array {
  const pairs = reward.length / 2;
  return Float64Array.from({ length: 2 * pairs }, (_, i) => {
    const difference = scale * (reward[i % pairs] - reward[pairs + (i % pairs)]);
    return Math.max(0, -difference) + Math.log1p(Math.exp(-Math.abs(difference)));
  });
}

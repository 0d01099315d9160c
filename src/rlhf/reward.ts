/**
 * Three sources of reward behind one interface: a learned model, the tests themselves, and the tests seen
 * through a reliability curve that a person draws.
 */
import { hash32, stream } from '../core/random.ts';
import type { UploadedBatch } from '../nn/batch.ts';
import { readAndDispose } from '../nn/readAndDispose.ts';
import type { tf } from '../nn/tf.ts';
import type { Transformer } from '../nn/transformer.ts';
import { rewards } from './rewardModel.ts';

/** What a source may look at: one entry per response. */
export interface Responses {
  batch: UploadedBatch;
  /** Source text of each program. */
  programs: string[];
  /** Identity of the problem that each program answers. */
  problems: string[];
  /** Distinguishes one look from another where noise is drawn anew: the iteration. */
  look: number;
}

export interface RewardSource {
  /** True when the reward is made from the true score: the judge must answer before the reward is known. */
  needsTruth: boolean;
  /** How many sequences a neural reward model reads for `n` responses (Table 6). */
  passes(n: number): number;
  /**
   * Rewards in [−1, 1], as a tensor [B] when a network computes them (so that one readback can serve
   * several results) or as an array when not.
   * @param truth [B] true scores; required when `needsTruth`
   */
  score(responses: Responses, truth: Float32Array | null): tf.Tensor1D | Float32Array;
}

/** A trained reward model. */
export function learnedReward(model: Transformer): RewardSource {
  return {
    needsTruth: false,
    passes: (n) => n,
    score: ({ batch }) => rewards(model, batch),
  };
}

/** The tests themselves: the true score, mapped from [0, 1] to [−1, 1]. */
export function oracleReward(): RewardSource {
  return {
    needsTruth: true,
    passes: () => 0,
    score: (_, truth) => truth!.map((score) => 2 * score - 1),
  };
}

/**
 * Synthetic: pass or fail seen through a reliability curve. A program that is not hit by noise is graded
 * truthfully: uniform in [0.8, 1] when it passes, in [−1, −0.8] when it fails.
 * @param noise share of all programs that get a meaningless reward, per band; bands divide [−1, 1] evenly
 * @param fresh draw the noise anew at each look; otherwise a program always gets the same reward
 */
export function syntheticReward(seed: number, noise: number[], fresh: boolean): RewardSource {
  const width = 2 / noise.length;
  return {
    needsTruth: true,
    passes: () => 0,
    score: ({ programs, problems, look }, truth) =>
      Float32Array.from(programs, (program, i) => {
        const path = ['synthetic reward', hash32(problems[i]), hash32(program)];
        const rng = fresh ? stream(seed, ...path, look, i) : stream(seed, ...path);
        let u = rng.uniform();
        for (let band = 0; band < noise.length; band++) {
          if (u < noise[band]) return -1 + width * (band + rng.uniform());
          u -= noise[band];
        }
        const size = 0.8 + 0.2 * rng.uniform();
        return truth![i] === 1 ? size : -size;
      }),
  };
}

/** Mean and deviation of the rewards of the starting policy; PPO learns from (r − mean) / deviation. */
export interface RewardScale {
  mean: number;
  deviation: number;
}

/** Brings rewards from wherever the source left them to an array. The caller keeps no tensor. */
export async function readRewards(value: tf.Tensor1D | Float32Array): Promise<Float32Array> {
  return value instanceof Float32Array ? value : readAndDispose(value);
}

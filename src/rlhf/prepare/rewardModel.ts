/**
 * The reward model: a transformer with a scalar head, trained on pairs of the policy's own programs that
 * execution has told apart (PF-PPO, section 3.1 and equations 1 and 2), or careless annotators by style.
 */
import { farthestPair } from '../../core/diversity/diversity.ts';
import { rowsByGroup } from '../../core/groups.ts';
import { stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../../nn/batch/batch.ts';
import { scalars, type Transformer } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { bradleyTerry, pooledReward } from '../../nn/training/losses.ts';
import { steepness } from '../score/reward/model.ts';
import { LossReader } from './lossReader.ts';
import { type NoiseMask, pairLosses } from './noise/noiseMask.ts';
import { cosine } from './schedule.ts';
import { styleTaste } from './style.ts';

/**
 * Rewards of whole responses: tanh(3 · mean of the scalar head over the completion tokens).
 * @returns [B] in (−1, 1), differentiable
 */
export function rewards(model: Transformer, batch: UploadedBatch): tf.Tensor1D {
  return tf.tidy(() => pooledReward(scalars(model, batch), batch.host, steepness));
}

/**
 * Bradley-Terry loss of rewards whose first half is of the chosen rows, and whose second half of the rejected ones.
 * @param reward [2·pairs]
 */
function pairLoss(reward: tf.Tensor1D, pairs: number): tf.Scalar {
  return bradleyTerry(tf.slice1d(reward, 0, pairs), tf.slice1d(reward, pairs, pairs), steepness);
}

/** Rows of a graded collection: the better one first. */
export interface Pair {
  chosen: number;
  rejected: number;
}

export interface PairSettings {
  /** `all`: every pair of a group that the annotator tells apart. `max-edit`: the paper's one pair of largest edit distance. */
  pairing: 'all' | 'max-edit';
  /**
   * By how much two scores must differ for the label to be the truth; a pair that differs by less is labelled by style.
   * 0: every label is the truth.
   */
  clearFrom: number;
  /** Which style: the seed of its taste for words. */
  style: number;
  /** Share of the pairs whose label is turned round, in [0, 0.5]. */
  flipped: number;
}

/** Every pair that differs, labelled by its true scores: what accuracy is measured on. */
export const truthful: PairSettings = { pairing: 'all', clearFrom: 0, style: 0, flipped: 0 };

/**
 * Pairs within groups, labelled by score, or by style where the scores are not far enough apart. Two programs that the
 * annotator cannot tell apart, by score or by style, give no pair.
 */
export function labelPairs(
  graded: { rows: SequenceRow[]; group: Int32Array; score: Float32Array },
  { pairing, clearFrom, style, flipped }: PairSettings,
  seed: number,
): Pair[] {
  const { rows, group, score } = graded;
  const taste = styleTaste(style);
  const preference = (a: number, b: number) => {
    const difference = score[a] - score[b];
    return Math.abs(difference) >= clearFrom ? difference : taste(rows[a]) - taste(rows[b]);
  };
  const completion = (row: number) => Array.from(rows[row].tokens).slice(rows[row].promptLength);
  const rng = stream(seed, 'label flips');
  const pairs: Pair[] = [];
  for (const members of rowsByGroup(group)) {
    const used = pairing === 'all' ? allPairs(members) : farthestPair(members, completion);
    for (const [a, b] of used) {
      const preferred = preference(a, b);
      if (preferred === 0) continue;
      const [better, worse] = preferred > 0 ? [a, b] : [b, a];
      const flip = rng.uniform() < flipped;
      pairs.push(flip ? { chosen: worse, rejected: better } : { chosen: better, rejected: worse });
    }
  }
  return pairs;
}

function allPairs(members: number[]): [number, number][] {
  return members.flatMap((a, i) => members.slice(i + 1).map((b): [number, number] => [a, b]));
}

export interface RewardTraining {
  epochs: number;
  /** Pairs per step. */
  batch: number;
  learningRate: number;
}

/**
 * Trains `model` in place; yields after each step, and may be left at any yield with what was learned so far.
 * The loss yielded may be of two steps before.
 * @param noise lies on the token embeddings of its first steps
 * @throws Error when the loss is not finite
 */
export async function* trainRewardModel(
  model: Transformer,
  rows: SequenceRow[],
  pairs: Pair[],
  settings: RewardTraining,
  seed: number,
  noise: NoiseMask | null = null,
): AsyncGenerator<{ step: number; steps: number; loss: number }> {
  const perEpoch = Math.ceil(pairs.length / settings.batch);
  const steps = perEpoch * settings.epochs;
  const optimiser = new AdamW(model);
  const losses = new LossReader("The reward model's loss");
  try {
    for (let step = 0; step < steps; step++) {
      const epoch = Math.floor(step / perEpoch);
      const order = stream(seed, 'pair order', epoch).shuffle(Int32Array.from(pairs, (_, i) => i));
      const from = (step % perEpoch) * settings.batch;
      const chosen = Array.from(order.subarray(from, from + settings.batch), (i) => pairs[i]);
      const packed = packSequences([
        ...chosen.map((pair) => rows[pair.chosen]),
        ...chosen.map((pair) => rows[pair.rejected]),
      ]);
      const mask = noise?.draw(packed, step, steps) ?? null;
      const batch = upload(packed, mask);
      const learningRate = settings.learningRate * cosine(step, steps, Math.min(20, steps / 10));
      let underMask: tf.Tensor1D | null = null;
      const loss = tf.tidy(() => {
        const { value: loss, grads } = model.gradients(() => {
          const reward = rewards(model, batch);
          if (mask && noise?.learns) underMask = tf.keep(tf.clone(reward));
          return pairLoss(reward, chosen.length);
        });
        optimiser.step(grads, learningRate);
        return loss;
      });
      batch.dispose();
      if (underMask) noise?.learn(pairLosses(await readAndDispose(underMask), steepness));
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps) };
    }
  } finally {
    optimiser.dispose();
  }
}

/** Share of labelled pairs that the model orders as execution does. */
export function pairAccuracy(reward: Float32Array, pairs: Pair[]): number {
  const right = pairs.filter(({ chosen, rejected }) => reward[chosen] > reward[rejected]).length;
  return right / pairs.length;
}

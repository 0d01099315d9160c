/**
 * A model that compares (a small GenRM, after arXiv 2503.22230): it reads a request and two programs, and gives the
 * probability that the first is better. It starts as the policy, with positions for two programs, and learns from the
 * policy's own programs, executed: each beside the reference program, and beside another program for the same request.
 * Two programs that both pass are as good as each other, so the answer to learn is one half.
 */
import { stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../../nn/batch/batch.ts';
import { completionMean } from '../../nn/batch/ragged.ts';
import { scalars, type Transformer } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { binaryCrossEntropy } from '../../nn/training/losses.ts';
import { comparedPositions, comparison } from '../score/comparison.ts';
import { steepness } from '../score/reward/model.ts';
import { LossReader } from './lossReader.ts';
import { cosine } from './schedule.ts';

/** A comparing model that has not learned to compare yet: the policy's body, and a head of zeros. */
export function comparingModel(policy: Transformer, seed: number): Transformer {
  const longer = policy.withLength(
    Math.max(comparedPositions, policy.config.maxLength),
    stream(seed, 'positions of comparisons'),
  );
  const model = longer.withScalarHead();
  longer.dispose();
  return model;
}

/** Log-odds that the first program of each comparison is better, [B]. Differentiable. */
export function firstIsBetter(model: Transformer, batch: UploadedBatch): tf.Tensor1D {
  return tf.tidy(() => tf.mul(completionMean(scalars(model, batch), batch.host), steepness));
}

/** Two programs for one request, and how surely the first is better: 1, 0, or ½ where both are right. */
export interface Comparison {
  request: ArrayLike<number>;
  first: ArrayLike<number>;
  second: ArrayLike<number>;
  target: number;
}

/** What was sampled and executed: rows of the same group answer the same request. */
export interface GradedPrograms {
  rows: readonly SequenceRow[];
  group: Int32Array;
  score: Float32Array;
  /** A program that passes, for the request of each row. */
  reference(row: number): ArrayLike<number>;
}

export interface Comparisons {
  /** Each program beside the reference. */
  withReference: Comparison[];
  /** Pairs of programs for one request that differ in score, or both pass. */
  among: Comparison[];
}

export function comparisonsOf({ rows, group, score, reference }: GradedPrograms): Comparisons {
  const parts = rows.map(({ tokens, promptLength }) => {
    const all = Array.from(tokens);
    return { request: all.slice(0, promptLength), program: all.slice(promptLength) };
  });
  const found: Comparisons = { withReference: [], among: [] };
  parts.forEach(({ request, program }, a) => {
    const target = score[a] === 1 ? 0.5 : 0;
    found.withReference.push({ request, first: program, second: reference(a), target });
    for (let b = a + 1; b < rows.length && group[b] === group[a]; b++) {
      if (score[a] === score[b] && score[a] !== 1) continue;
      const better = score[a] === score[b] ? 0.5 : score[a] > score[b] ? 1 : 0;
      found.among.push({ request, first: program, second: parts[b].program, target: better });
    }
  });
  return found;
}

export interface ComparingTraining {
  steps: number;
  /** Comparisons per step. */
  batch: number;
  learningRate: number;
  /** Share of the comparisons that are with the reference program. */
  withReference: number;
}

/**
 * Trains `model` in place; yields after each step, and may be left at any yield with what was learned so far. Each
 * comparison is read in an order drawn anew. The loss yielded may be of two steps before.
 * @throws Error when the loss is not finite
 */
export async function* trainComparing(
  model: Transformer,
  { withReference, among }: Comparisons,
  settings: ComparingTraining,
  seed: number,
): AsyncGenerator<{ step: number; steps: number; loss: number }> {
  const { steps } = settings;
  const optimiser = new AdamW(model);
  const losses = new LossReader("The comparing model's loss");
  try {
    for (let step = 0; step < steps; step++) {
      const rng = stream(seed, 'comparisons', step);
      const drawn = Array.from({ length: settings.batch }, () => {
        const useReference = among.length === 0 || rng.uniform() < settings.withReference;
        const from = useReference && withReference.length > 0 ? withReference : among;
        const { request, first, second, target } = from[rng.int(from.length)];
        return rng.uniform() < 0.5
          ? { row: comparison(request, first, second), target }
          : { row: comparison(request, second, first), target: 1 - target };
      });
      const batch = upload(packSequences(drawn.map(({ row }) => row)));
      const learningRate = settings.learningRate * cosine(step, steps, Math.min(50, steps / 10));
      const loss = tf.tidy(() => {
        const target = tf.tensor1d(drawn.map((one) => one.target));
        const { value: loss, grads } = model.gradients(() =>
          binaryCrossEntropy(firstIsBetter(model, batch), target),
        );
        optimiser.step(grads, learningRate);
        return loss;
      });
      batch.dispose();
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps) };
    }
  } finally {
    optimiser.dispose();
  }
}

/** Rows that are read in one go where nothing is trained. */
const atOnce = 512;

/**
 * s = ½ [P(candidate better | it is read first) + P(candidate better | it is read second)], for each row.
 * @param anchor what each candidate is compared with
 */
export async function scoreAgainst(
  model: Transformer,
  rows: readonly SequenceRow[],
  anchor: (row: number) => ArrayLike<number>,
): Promise<Float32Array> {
  const out = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce).map(({ tokens, promptLength }, i) => {
      const all = Array.from(tokens);
      return [all.slice(0, promptLength), all.slice(promptLength), anchor(from + i)] as const;
    });
    const batch = upload(
      packSequences([
        ...some.map(([request, candidate, other]) => comparison(request, candidate, other)),
        ...some.map(([request, candidate, other]) => comparison(request, other, candidate)),
      ]),
    );
    const logit = await readAndDispose(firstIsBetter(model, batch));
    batch.dispose();
    const probability = (at: number) => 1 / (1 + Math.exp(-logit[at]));
    some.forEach((_, i) => {
      out[from + i] = 0.5 * (probability(i) + 1 - probability(some.length + i));
    });
  }
  return out;
}

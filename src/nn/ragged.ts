/**
 * Differentiable moves between the three ragged layouts of a batch: one value per token [T], per action [A]
 * and per sequence [B]. Every entry goes to at most one place, so gradients are picked, never scattered.
 */
import type { PackedBatch } from './batch.ts';
import { take } from './kernels/take/take.ts';
import { tf } from './tf.ts';

/**
 * The values at the positions that choose actions: the critic's V(s) for each action.
 * @param x [T]
 * @returns [A]
 */
export function atActions(x: tf.Tensor1D, batch: PackedBatch): tf.Tensor1D {
  return pick(x, batch.actionRows);
}

/**
 * The values at each sequence's last token.
 * @param x [T]
 * @returns [B]
 */
export function atEnds(x: tf.Tensor1D, batch: PackedBatch): tf.Tensor1D {
  return pick(
    x,
    batch.starts.slice(1).map((end) => end - 1),
  );
}

/**
 * Mean over the completion tokens of each sequence; 0 for a sequence without completion.
 * @param x [T]
 * @returns [B]
 */
export function completionMean(x: tf.Tensor1D, batch: PackedBatch): tf.Tensor1D {
  const from = batch.promptLengths.map((length, b) => batch.starts[b] + length);
  const to = batch.starts.slice(1);
  const weights = Float32Array.from(from, (start, b) => (to[b] > start ? 1 / (to[b] - start) : 0));
  return segmentSums(x, from, to, weights);
}

/**
 * Sum over the actions of each sequence: log π of whole completions from those of their tokens.
 * @param x [A]
 * @returns [B]
 */
export function completionSums(x: tf.Tensor1D, batch: PackedBatch): tf.Tensor1D {
  const { actionStarts } = batch;
  const B = actionStarts.length - 1;
  return segmentSums(x, actionStarts.slice(0, B), actionStarts.slice(1), new Float32Array(B).fill(1));
}

/** [B] how many actions each sequence has; 1 for one without any, so that a sum divided by it is its mean, 0. */
export function actionCounts({ actionStarts }: PackedBatch): tf.Tensor1D {
  return tf.tensor1d(
    Float32Array.from(actionStarts.subarray(1), (end, b) => Math.max(1, end - actionStarts[b])),
  );
}

/** x[index], every index at most once. */
function pick(x: tf.Tensor1D, index: Int32Array): tf.Tensor1D {
  const N = x.shape[0];
  const M = index.length;
  const op = tf.customGrad((...args: unknown[]) => ({
    value: take(args[0] as tf.Tensor1D, tf.tensor1d(index, 'int32')),
    gradFunc: (dy: tf.Tensor) => {
      const inverse = new Int32Array(N).fill(M);
      for (let i = 0; i < M; i++) inverse[index[i]] = i;
      return take(dy as tf.Tensor1D, tf.tensor1d(inverse, 'int32'));
    },
  }));
  return op(x) as tf.Tensor1D;
}

/** Sum of x over [from, to) for each of B segments, times its weight; segments do not overlap. */
function segmentSums(x: tf.Tensor1D, from: Int32Array, to: Int32Array, weights: Float32Array): tf.Tensor1D {
  const N = x.shape[0];
  const B = from.length;
  let longest = 1;
  for (let b = 0; b < B; b++) longest = Math.max(longest, to[b] - from[b]);
  const op = tf.customGrad((...args: unknown[]) => {
    // Segments become the rows of a matrix, filled up with an index out of range, which reads as zero.
    const index = new Int32Array(B * longest).fill(N);
    for (let b = 0; b < B; b++) for (let i = from[b]; i < to[b]; i++) index[b * longest + i - from[b]] = i;
    const rows = tf.reshape(take(args[0] as tf.Tensor1D, tf.tensor1d(index, 'int32')), [B, longest]);
    return {
      value: tf.mul(tf.sum(rows, 1), tf.tensor1d(weights)),
      gradFunc: (dy: tf.Tensor) => {
        const owner = new Int32Array(N).fill(B);
        for (let b = 0; b < B; b++) owner.fill(b, from[b], to[b]);
        return take(tf.mul(dy as tf.Tensor1D, tf.tensor1d(weights)), tf.tensor1d(owner, 'int32'));
      },
    };
  });
  return op(x) as tf.Tensor1D;
}

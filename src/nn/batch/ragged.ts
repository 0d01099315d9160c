/**
 * Differentiable moves between the three ragged layouts of a batch: one value per token [T], per action [A]
 * and per sequence [B]. Every entry goes to at most one place, so gradients are picked, never scattered.
 */
import { segmentSums } from '../kernels/segmentSums/segmentSums.ts';
import { take } from '../kernels/take/take.ts';
import { tf } from '../tensors/tf.ts';
import type { PackedBatch } from './batch.ts';

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
export function completionMean(
  x: tf.Tensor1D,
  { sequences, starts, promptLengths }: PackedBatch,
): tf.Tensor1D {
  const bounds = new Int32Array(2 * sequences);
  for (let b = 0; b < sequences; b++) {
    bounds[2 * b] = starts[b] + promptLengths[b];
    bounds[2 * b + 1] = starts[b + 1];
  }
  return segmentSums(x, bounds, true);
}

/**
 * Sum over the actions of each sequence: log π of whole completions from those of their tokens.
 * @param x [A]
 * @returns [B]
 */
export function completionSums(x: tf.Tensor1D, batch: PackedBatch): tf.Tensor1D {
  return segmentSums(x, actionBounds(batch), false);
}

/** [B] how many actions each sequence has; 1 for one without any, so that a sum divided by it is its mean, 0. */
export function actionCounts({ actionStarts }: PackedBatch): tf.Tensor1D {
  return tf.tensor1d(
    Float32Array.from(actionStarts.subarray(1), (end, b) => Math.max(1, end - actionStarts[b])),
  );
}

/** Where the actions of each sequence start and end. */
function actionBounds({ sequences, actionStarts }: PackedBatch): Int32Array {
  return Int32Array.from({ length: 2 * sequences }, (_, i) => actionStarts[(i + 1) >> 1]);
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

/** x as a number that no gradient passes through. */
export function stopGradient(x: tf.Tensor1D): tf.Tensor1D {
  const op = tf.customGrad((...args: unknown[]) => ({
    value: tf.clone(args[0] as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, 0),
  }));
  return op(x) as tf.Tensor1D;
}

/**
 * Sequences of different lengths laid end to end, without padding: T tokens in all. Everything in `nn` works
 * on this layout, so no time is spent on tokens that are not there.
 *
 * An *action* is the choice of one completion token: the output at flat position t chooses token t+1. There
 * are A actions, in order of sequence and position.
 */
import { tf } from '../tensors/tf.ts';

/** One sequence: prompt and completion, end-of-sequence token included if it was written. */
export interface SequenceRow {
  tokens: ArrayLike<number>;
  promptLength: number;
}

export interface PackedBatch {
  /** B: number of sequences. */
  sequences: number;
  /** [T] token ids. */
  tokens: Int32Array;
  /** [T] position of each token in its own sequence. */
  positions: Int32Array;
  /** [B+1] where each sequence starts; the last entry is T. */
  starts: Int32Array;
  /** [B] prompt length of each sequence. */
  promptLengths: Int32Array;
  /** [A] flat position whose output chooses the action. Strictly increasing. */
  actionRows: Int32Array;
  /** [A] the token chosen, which is `tokens[actionRows[a] + 1]`. */
  actionTargets: Int32Array;
  /** [B+1] where the actions of each sequence start; the last entry is A. */
  actionStarts: Int32Array;
}

/** The same on the device, as int32 tensors. `host` stays at hand for shapes and slicing. */
export interface UploadedBatch {
  host: PackedBatch;
  tokens: tf.Tensor1D;
  positions: tf.Tensor1D;
  starts: tf.Tensor1D;
  actionRows: tf.Tensor1D;
  actionTargets: tf.Tensor1D;
  /** [T,K] by what token embeddings are multiplied, for each of K blocks of columns; absent in a batch without noise. */
  mask?: tf.Tensor2D;
  dispose(): void;
}

/** Factors on the token embeddings of a batch: `values` holds `blocks` for each of its tokens. */
export interface EmbeddingMask {
  blocks: number;
  values: Float32Array;
}

/**
 * Lays sequences end to end. Sequences may be of any length from 1; a sequence without completion gives no
 * actions.
 */
export function packSequences(rows: readonly SequenceRow[]): PackedBatch {
  const starts = new Int32Array(rows.length + 1);
  const actionStarts = new Int32Array(rows.length + 1);
  const promptLengths = new Int32Array(rows.length);
  rows.forEach(({ tokens, promptLength }, b) => {
    if (tokens.length < 1 || promptLength < 1 || promptLength > tokens.length)
      throw new RangeError(
        `Sequence ${b} has ${tokens.length} tokens and a prompt of ${promptLength}: ` +
          'a prompt must have at least one token and lie within its sequence.',
      );
    promptLengths[b] = promptLength;
    starts[b + 1] = starts[b] + tokens.length;
    actionStarts[b + 1] = actionStarts[b] + tokens.length - promptLength;
  });
  const T = starts[rows.length];
  const A = actionStarts[rows.length];
  const tokens = new Int32Array(T);
  const positions = new Int32Array(T);
  const actionRows = new Int32Array(A);
  const actionTargets = new Int32Array(A);
  rows.forEach((row, b) => {
    const start = starts[b];
    const length = row.tokens.length;
    for (let i = 0; i < length; i++) {
      tokens[start + i] = row.tokens[i];
      positions[start + i] = i;
    }
    let a = actionStarts[b];
    for (let i = row.promptLength - 1; i < length - 1; i++, a++) {
      actionRows[a] = start + i;
      actionTargets[a] = row.tokens[i + 1];
    }
  });
  return {
    sequences: rows.length,
    tokens,
    positions,
    starts,
    promptLengths,
    actionRows,
    actionTargets,
    actionStarts,
  };
}

/**
 * Puts a batch on the current backend. The caller disposes it.
 * @param mask what every model multiplies the batch's token embeddings by; without one it reads them as they are
 */
export function upload(host: PackedBatch, mask?: EmbeddingMask | null): UploadedBatch {
  const tensors = {
    tokens: tf.tensor1d(host.tokens, 'int32'),
    positions: tf.tensor1d(host.positions, 'int32'),
    starts: tf.tensor1d(host.starts, 'int32'),
    actionRows: tf.tensor1d(host.actionRows, 'int32'),
    actionTargets: tf.tensor1d(host.actionTargets, 'int32'),
    ...(mask && { mask: tf.tensor2d(mask.values, [host.tokens.length, mask.blocks]) }),
  };
  // Kept, so that a batch uploaded inside tf.tidy lives until it is disposed by hand.
  for (const tensor of Object.values(tensors)) tf.keep(tensor);
  return { host, ...tensors, dispose: () => tf.dispose(tensors) };
}

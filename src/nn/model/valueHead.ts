/**
 * What a value network says of every next token v, from the last hidden state h and the embedding e(v):
 *
 *   one number   h · e(v)                      the log-odds of success: the vocabulary head, as a policy's
 *   a histogram  score_k · (h ⊙ e(v)) + bias_k   a logit for each bin k of the reward, before any softmax
 *
 * A histogram reads the same products, entry by entry, as often as it has bins. With two rows, of zeros and of ones, it is
 * the vocabulary head again. Samplers make histograms for the tokens that are weighed, and for no other.
 */
import type { UploadedBatch } from '../batch/batch.ts';
import { atActions } from '../batch/ragged.ts';
import { embedding } from '../kernels/embedding/embedding.ts';
import { linear } from '../kernels/linear/linear.ts';
import { tf } from '../tensors/tf.ts';
import type { Transformer } from './transformer.ts';

/** How many numbers a value network gives for each token: 1, or as many as its histograms have bins. */
export const binsOf = ({ labels }: Pick<Transformer, 'labels'>): number => (labels > 1 ? labels : 1);

/**
 * The logit of every action of the batch, [A]: the log-odds of success once that token is written. Differentiable.
 */
export function actionLogits(model: Transformer, batch: UploadedBatch): tf.Tensor1D {
  return tf.tidy(() => {
    const { host } = batch;
    const { width } = model.config;
    const ones = tf.ones([width, 1]) as tf.Tensor2D;
    const sums = linear(actionProducts(model, batch), ones, tf.zeros([1]) as tf.Tensor1D);
    return atActions(tf.reshape(sums, [host.tokens.length]), host);
  });
}

/** Logits of the bins of the token behind every position, [T, bins]. Differentiable. */
export function nextBins(model: Transformer, batch: UploadedBatch): tf.Tensor2D {
  return tf.tidy(() => {
    const rows = tf.transpose(model.params['score.weight']) as tf.Tensor2D;
    const bias = model.params['score.bias'] as tf.Tensor as tf.Tensor1D;
    return linear(actionProducts(model, batch), rows, bias);
  });
}

/** The same of every action of the batch, [A, bins]. */
export function actionBins(model: Transformer, batch: UploadedBatch): tf.Tensor2D {
  return tf.tidy(() => tf.gather(nextBins(model, batch), batch.actionRows) as tf.Tensor2D);
}

/** h ⊙ e of the token behind each position, [T, D]. */
function actionProducts(model: Transformer, batch: UploadedBatch): tf.Tensor2D {
  const { host } = batch;
  const next = tf.tensor1d(
    host.tokens.map((_, t) => host.tokens[t + 1] ?? 0),
    'int32',
  );
  const wte = model.params['wte.weight'] as tf.Tensor as tf.Tensor2D;
  const nowhere = tf.zeros([1, model.config.width]) as tf.Tensor2D;
  const written = embedding(wte, nowhere, next, tf.zerosLike(next) as tf.Tensor1D);
  return tf.mul(model.hidden(batch), written) as tf.Tensor2D;
}

/** The head as one linear map: rows for bin 0 of every token, then for bin 1, and so on. */
function headTable(model: Transformer): { table: tf.Tensor2D; bias: tf.Tensor1D } {
  const { vocab, width } = model.config;
  return tf.tidy(() => {
    const wte = model.params['wte.weight'] as tf.Tensor as tf.Tensor2D;
    if (binsOf(model) === 1)
      return { table: tf.add(wte, 0) as tf.Tensor2D, bias: tf.zeros([vocab]) as tf.Tensor1D };
    const rows = tf.mul(
      tf.reshape(model.params['score.weight'], [model.labels, 1, width]),
      tf.reshape(wte, [1, vocab, width]),
    );
    const bias = tf.mul(tf.reshape(model.params['score.bias'], [model.labels, 1]), tf.ones([1, vocab]));
    const many = model.labels * vocab;
    return { table: tf.reshape(rows, [many, width]), bias: tf.reshape(bias, [many]) };
  });
}

/** What is said of all tokens at every position, [T, bins·V], bin by bin. For looking, not for training: it is large. */
export function allValues(model: Transformer, batch: UploadedBatch): tf.Tensor2D {
  return tf.tidy(() => {
    const { table, bias } = headTable(model);
    return linear(model.hidden(batch), tf.transpose(table) as tf.Tensor2D, bias);
  });
}

/**
 * The value network of guidance (Q#, arXiv 2502.20548, Algorithm 1): of the policy's size, it learns how likely the policy
 * is to succeed once a token is written, from rollouts and whether they passed; or a histogram of the share of tests that pass
 * in the end. Its head says it of every next token at once ("Q-type"): steering then costs one more network, however many
 * tokens are weighed, where a scalar head would have to read every candidate.
 */
import { stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../../nn/batch/batch.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { actionLogits, binsOf, nextBins } from '../../nn/model/valueHead.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { binaryCrossEntropy, histogramCrossEntropy } from '../../nn/training/losses.ts';
import { LossReader } from './lossReader.ts';
import { cosine } from './schedule.ts';

export interface ValueTraining {
  epochs: number;
  /** Rollouts per step. */
  batch: number;
  learningRate: number;
}

/** A rollout, learned from at every token behind its `promptLength`: behind the cut, where it was cut. */
export interface LabelledRow extends SequenceRow {
  /** Whether it succeeded, or the share of its tests that passed. */
  label: number;
}

/** Bins of a histogram of the share of tests: 0, .1, and so on to 1. */
export const shareBins = 11;

/** The bin of a share of tests: rounded down, so that only what passes all lies in the last. */
export const binOfShare = (share: number): number => Math.floor(share * (shareBins - 1) + 1e-6);

/** How far the head is turned down at the start, so that it begins near even odds. */
const quiet = 0.1;

/**
 * A value network that has learned nothing yet, over what the policy knows of the text.
 * @param bins of its histograms; 1 for log-odds of success
 */
export function startValueNetwork(policy: Transformer, bins = 1): Transformer {
  const value = bins > 1 ? policy.withHistogramHead(bins) : policy.clone();
  tf.tidy(() => {
    for (const name of ['ln_f.weight', 'ln_f.bias'])
      value.params[name].assign(tf.mul(value.params[name], quiet));
  });
  return value;
}

/**
 * Trains `model` in place; yields after each step, and may be left at any yield with what was learned so far.
 * The loss yielded may be of two steps before.
 * @throws Error when the loss is not finite
 */
export async function* trainValueNetwork(
  model: Transformer,
  rows: readonly LabelledRow[],
  settings: ValueTraining,
  seed: number,
): AsyncGenerator<{ step: number; steps: number; loss: number }> {
  const perEpoch = Math.ceil(rows.length / settings.batch);
  const steps = perEpoch * settings.epochs;
  const optimiser = new AdamW(model);
  const losses = new LossReader("The value network's loss");
  try {
    for (let step = 0; step < steps; step++) {
      const epoch = Math.floor(step / perEpoch);
      const order = stream(seed, 'rollout order', epoch).shuffle(Int32Array.from(rows, (_, i) => i));
      const from = (step % perEpoch) * settings.batch;
      const chosen = Array.from(order.subarray(from, from + settings.batch), (i) => rows[i]);
      const batch = upload(packSequences(chosen));
      const { actionStarts } = batch.host;
      const labels = new Float32Array(actionStarts[chosen.length]);
      chosen.forEach(({ label }, i) => {
        labels.fill(label, actionStarts[i], actionStarts[i + 1]);
      });
      const learningRate = settings.learningRate * cosine(step, steps, Math.min(50, steps / 10));
      const loss = tf.tidy(() => {
        const { value, grads } = model.gradients(() => valueLoss(model, batch, labels));
        optimiser.step(grads, learningRate);
        return value;
      });
      batch.dispose();
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps) };
    }
  } finally {
    optimiser.dispose();
  }
}

/** @param labels [A] what became of the rollout of each action, in [0, 1] */
export function valueLoss(model: Transformer, batch: UploadedBatch, labels: Float32Array): tf.Scalar {
  return binsOf(model) > 1
    ? histogramCrossEntropy(nextBins(model, batch), batch.host.actionRows, labels.map(binOfShare))
    : binaryCrossEntropy(actionLogits(model, batch), tf.tensor1d(labels));
}

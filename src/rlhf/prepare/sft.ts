/** Supervised fine-tuning: the policy learns to write programs from a corpus that is right about half the time. */
import { stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, upload } from '../../nn/batch/batch.ts';
import { type Transformer, tokenLogProbs } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { crossEntropy } from '../../nn/training/losses.ts';
import { LossReader } from './lossReader.ts';
import { type NoiseMask, sequenceLosses } from './noise/noiseMask.ts';
import { cosine } from './schedule.ts';

export interface SftTraining {
  steps: number;
  /** Sequences per step. */
  batch: number;
  learningRate: number;
}

/**
 * Trains `model` in place; yields after each step, and may be left at any yield with what was learned so far.
 * The loss is taken on the program's tokens only; the one yielded may be of two steps before.
 * @param noise lies on the token embeddings of its first steps
 * @throws Error when the loss is not finite
 */
export async function* trainPolicy(
  model: Transformer,
  corpus: readonly SequenceRow[],
  settings: SftTraining,
  seed: number,
  noise: NoiseMask | null = null,
): AsyncGenerator<{ step: number; steps: number; loss: number; tokens: number }> {
  const { steps } = settings;
  const optimiser = new AdamW(model);
  const losses = new LossReader('The loss');
  let tokens = 0;
  try {
    for (let step = 0; step < steps; step++) {
      const rng = stream(seed, 'corpus order', step);
      const packed = packSequences(
        Array.from({ length: settings.batch }, () => corpus[rng.int(corpus.length)]),
      );
      const mask = noise?.draw(packed, step, steps) ?? null;
      const batch = upload(packed, mask);
      tokens += packed.tokens.length;
      const learningRate = settings.learningRate * cosine(step, steps, Math.min(50, steps / 10));
      let underMask: tf.Tensor1D | null = null;
      const loss = tf.tidy(() => {
        const { value: loss, grads } = model.gradients(() => {
          const { logProb } = tokenLogProbs(model, batch);
          if (mask && noise?.learns) underMask = tf.keep(tf.clone(logProb));
          return crossEntropy(logProb);
        });
        optimiser.step(grads, learningRate);
        return loss;
      });
      batch.dispose();
      if (underMask) noise?.learn(sequenceLosses(await readAndDispose(underMask), packed));
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps), tokens };
    }
  } finally {
    optimiser.dispose();
  }
}

/**
 * Soft prompts that make a frozen teacher say what it knows, after the abstract and Figure 1 of RetriKT (arXiv 2310.15594):
 * k learned vectors before the request are trained by imitation first. `softPpo.ts` goes on with PPO. How many there are,
 * what they imitate and every number is our construction.
 */
import { type Rng, stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, type UploadedBatch, upload } from '../../nn/batch/batch.ts';
import { mostPositions } from '../../nn/model/config.ts';
import { type SoftRows, softTokens } from '../../nn/model/softRows.ts';
import { type Transformer, tokenLogProbs } from '../../nn/model/transformer.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { crossEntropy } from '../../nn/training/losses.ts';
import { LossReader } from './lossReader.ts';
import { cosine } from './schedule.ts';

export interface SoftTraining {
  steps: number;
  /** Sequences per step. */
  batch: number;
  learningRate: number;
}

/** A frozen teacher with a prefix of its own. Only the prefix is ever trained. */
export class SoftPrompt {
  readonly teacher: Transformer;
  /** The token ids that stand before every request. */
  readonly prefix: Int32Array;
  /** What an optimiser trains. */
  readonly params: { 'soft.weight': tf.Variable };

  private constructor(teacher: Transformer, rows: tf.Tensor2D) {
    this.teacher = teacher;
    this.params = { 'soft.weight': tf.variable(rows) };
    rows.dispose();
    this.prefix = softTokens(teacher.config.vocab, rows.shape[0]);
  }

  /** A prefix of `length` vectors that start as the embeddings of words, as Lester et al. found best. */
  static create(teacher: Transformer, length: number, rng: Rng): SoftPrompt {
    const { vocab, width, maxLength } = teacher.config;
    const room = mostPositions - maxLength;
    if (!Number.isInteger(length) || length < 0 || length > room)
      throw new RangeError(`A soft prompt must have 0 to ${room} vectors for this model, not ${length}.`);
    const words = Int32Array.from({ length }, () => 3 + rng.int(vocab - 3));
    return new SoftPrompt(
      teacher,
      tf.tidy(() =>
        length === 0
          ? tf.zeros([0, width])
          : (tf.gather(teacher.params['wte.weight'], tf.tensor1d(words, 'int32')) as tf.Tensor2D),
      ),
    );
  }

  get rows(): SoftRows {
    return this.params['soft.weight'] as tf.Tensor as tf.Tensor2D;
  }

  /** Tokens of a request as the teacher reads them. */
  before(prompt: ArrayLike<number>): Int32Array {
    return Int32Array.from([...this.prefix, ...Array.from(prompt)]);
  }

  /** A sequence with the prefix before it. */
  prefixed({ tokens, promptLength }: SequenceRow): SequenceRow {
    return { tokens: this.before(tokens), promptLength: promptLength + this.prefix.length };
  }

  /** log π and entropy at every action of a batch of prefixed sequences. Differentiable in the prefix. */
  read(batch: UploadedBatch, rows: SoftRows = this.rows): ReturnType<typeof tokenLogProbs> {
    return tokenLogProbs(this.teacher, batch, rows);
  }

  /** A loss and its gradient in the prefix alone. The caller disposes both. */
  gradients(loss: () => tf.Scalar): { value: tf.Scalar; grads: tf.NamedTensorMap } {
    const rows = this.params['soft.weight'];
    const { value, grads } = tf.variableGrads(loss, [rows]);
    return { value, grads: { 'soft.weight': grads[rows.name] } };
  }

  /** The prefix as numbers, [k·D]. */
  async values(): Promise<Float32Array> {
    return new Float32Array(await this.rows.data());
  }

  /** Frees the prefix. The teacher is not touched. */
  dispose(): void {
    this.params['soft.weight'].dispose();
  }
}

/**
 * Imitation: trains the prefix in place so that the frozen teacher writes what is in `examples`; yields after each step,
 * and may be left at any yield with what was learned so far. The loss yielded may be of two steps before.
 * @throws Error when the loss is not finite
 */
export async function* trainSoftPrompt(
  soft: SoftPrompt,
  examples: readonly SequenceRow[],
  { steps, batch: size, learningRate }: SoftTraining,
  seed: number,
): AsyncGenerator<{ step: number; steps: number; loss: number }> {
  const optimiser = new AdamW(soft, { weightDecay: 0 });
  const losses = new LossReader("The soft prompt's loss");
  try {
    for (let step = 0; step < steps; step++) {
      const rng = stream(seed, 'soft prompt examples', step);
      const chosen = Array.from({ length: size }, () => soft.prefixed(examples[rng.int(examples.length)]));
      const batch = upload(packSequences(chosen));
      const loss = tf.tidy(() => {
        const { value, grads } = soft.gradients(() => crossEntropy(soft.read(batch).logProb));
        optimiser.step(grads, learningRate * cosine(step, steps, Math.min(20, steps / 10)));
        return value;
      });
      batch.dispose();
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps) };
    }
  } finally {
    optimiser.dispose();
  }
}

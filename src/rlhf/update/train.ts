/** The update: minibatch steps of every network in training on what the filter kept. */
import { atTokens } from '../../core/advantage.ts';
import { stream } from '../../core/random.ts';
import type { SequenceRow, UploadedBatch } from '../../nn/batch/batch.ts';
import { pace } from '../../nn/tensors/devicePace.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import type { Costs } from '../loop/costs.ts';
import { onlyKept } from '../loop/pickRows.ts';
import { referenceOf } from '../loop/reference.ts';
import { gatherRows, type Scored } from '../loop/responses.ts';
import type { ArmState, Network } from '../loop/state.ts';
import type { Arm, Examples } from '../slots.ts';

/** What an update logs and costs. */
export interface Trained {
  /** Means over the steps, and what the method knew before them. Without a step there are no means. */
  metrics: Record<string, number>;
  costs: Pick<Costs, 'referencePasses' | 'criticPasses' | 'policyPasses' | 'updateTokens'>;
  /** [T] what it took each sampled token to be worth; null where it does not know that of all of them. */
  advantage: Float32Array | null;
}

export async function train(
  arm: Arm,
  state: ArmState,
  sampled: Scored,
  letThrough: Int32Array,
  iteration: number,
): Promise<Trained> {
  const { seed, settings, methods } = arm;
  const { epochs, minibatches, accounting, normalise } = settings.training;
  // What an update compares a response with is all that it is given.
  const { scored, kept } =
    normalise === 'after' ? onlyKept(sampled, letThrough) : { scored: sampled, kept: letThrough };
  const known = methods.update.examples(scored, kept, settings.update);
  const examples = await completed(arm, state, scored, known);
  const steps: Step[] = [];
  let rows = 0;
  let tokens = 0;
  const count = examples.rows.length;
  // The paper's steps are as large as those of an update on everything; a filter that keeps less takes fewer of them.
  const perExample = examples.rows.reduce((sum, { length }) => sum + length, 0) / Math.max(1, count);
  const budget = accounting === 'equal-steps' ? count : sampled.rows.length / Math.max(1, perExample);
  const size = Math.max(1, Math.ceil(budget / minibatches));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = stream(seed, 'minibatch', iteration, epoch).shuffle(
      Int32Array.from(examples.rows, (_, i) => i),
    );
    for (let from = 0; from < order.length; from += size) {
      const parts = Array.from(order.subarray(from, from + size), (example) => examples.rows[example]);
      const chosen = parts.flat();
      const sequences = chosen.map((row) => examples.sequences[row]);
      const batch = arm.nn.upload(arm.nn.packSequences(sequences));
      const sizes = parts.map(({ length }) => length);
      steps.push(step(arm, state, batch, { ...columnsAt(chosen, examples), sizes }));
      batch.dispose();
      rows += chosen.length;
      for (const sequence of sequences) tokens += sequence.tokens.length;
      await pace();
    }
  }
  const critic = 'critic' in state.networks;
  return {
    metrics: { ...examples.metrics, ...(await meansOf(steps)) },
    costs: {
      referencePasses: examples.further?.length ?? 0,
      criticPasses: critic ? rows : 0,
      policyPasses: rows,
      updateTokens: tokens,
    },
    // Normalised after the filter, what was dropped has no advantage, so the column would not be one.
    advantage: normalise === 'after' ? null : advantagesOf(examples, scored.starts),
  };
}

/** [T] what each token is worth to the update; null where it knows no advantages. */
function advantagesOf({ perToken, perRow }: Examples, starts: Int32Array): Float32Array | null {
  return perToken.advantage ?? (perRow?.advantage ? atTokens(perRow.advantage, starts) : null);
}

type Columns = Readonly<Record<string, Float32Array>>;

/** Examples with every sequence that they speak of. */
export interface CompleteExamples extends Examples {
  /** Of the sampled rows and the further ones. */
  sequences: readonly SequenceRow[];
  /** Where each begins in the columns over completion tokens. */
  starts: Int32Array;
}

/** The further sequences of examples stand beside the sampled ones, with what the reference says of them. */
async function completed(
  arm: Arm,
  state: ArmState,
  { rows, starts }: Scored,
  examples: Examples,
): Promise<CompleteExamples> {
  const { nn } = arm;
  const { further } = examples;
  if (!further || further.length === 0) return { ...examples, sequences: rows, starts };
  const packed = nn.packSequences(further);
  const batch = nn.upload(packed);
  try {
    const { refLogProb } = await nn.readTogether(() => ({
      refLogProb: nn.tokenLogProbs(referenceOf(arm, state), batch).logProb,
    }));
    return withFurther(rows, starts, examples, packed.actionStarts, refLogProb);
  } finally {
    batch.dispose();
  }
}

/** @param furtherStarts where each further sequence begins in `refLogProb`, the reference's word on them */
export function withFurther(
  rows: readonly SequenceRow[],
  starts: Int32Array,
  examples: Examples,
  furtherStarts: Int32Array,
  refLogProb: Float32Array,
): CompleteExamples {
  const sampled = starts[rows.length];
  return {
    ...examples,
    sequences: [...rows, ...(examples.further ?? [])],
    starts: Int32Array.from([...starts, ...furtherStarts.subarray(1).map((start) => sampled + start)]),
    perToken: { refLogProb: Float32Array.from([...examples.perToken.refLogProb, ...refLogProb]) },
  };
}

/** What the losses know of the rows of a minibatch. */
export function columnsAt(
  chosen: readonly number[],
  { starts, perToken, perRow = {} }: Pick<CompleteExamples, 'starts' | 'perToken' | 'perRow'>,
): { old: Columns; row: Columns } {
  const gather = (columns: Columns, at: (column: Float32Array) => Float32Array): Columns =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, at(column)]));
  return {
    old: gather(perToken, (column) => gatherRows(column, starts, chosen)),
    row: gather(perRow, (column) => Float32Array.from(chosen, (row) => column[row])),
  };
}

export const uploadColumns = (columns: Columns): Record<string, tf.Tensor1D> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(column)]));

/** The numbers of one step, still on the device. */
interface Step {
  names: string[];
  values: tf.Tensor1D;
}

/** One step of each network in training. */
function step(
  arm: Arm,
  state: ArmState,
  batch: UploadedBatch,
  columns: { old: Columns; row: Columns; sizes: readonly number[] },
): Step {
  const { nn, settings, methods } = arm;
  const plans = methods.update.networks(settings.update);
  const names: string[] = [];
  const values = tf.tidy(() => {
    const [old, row] = [uploadColumns(columns.old), uploadColumns(columns.row)];
    const logged: tf.Scalar[] = [];
    const log = (name: string, value: tf.Scalar) => {
      names.push(name);
      logged.push(value);
    };
    for (const [name, loss] of Object.entries(methods.update.losses)) {
      const { model, optimiser }: Network = state.networks[name];
      const watched: [string, tf.Scalar][] = [];
      const { value, grads } = model.gradients(() => {
        const now =
          name === 'policy'
            ? nn.tokenLogProbs(model, batch).logProb
            : nn.atActions(nn.scalars(model, batch), batch.host);
        const drift = () => nn.actionKl(referenceOf(arm, state), model, batch);
        const minibatch = { batch, now, old, row, sizes: columns.sizes, drift };
        const { loss: scalar, watch = {} } = loss(nn, minibatch, settings.update);
        for (const [metric, watching] of Object.entries(watch)) watched.push([metric, tf.keep(watching)]);
        return scalar;
      });
      const rate = name === 'policy' ? settings.training.learningRate : plans[name].learningRate;
      log(name === 'policy' ? 'policyLoss' : plans[name].loss, value);
      for (const [metric, watching] of watched) {
        log(metric, tf.clone(watching));
        watching.dispose();
      }
      log(`${name}GradNorm`, optimiser.step(grads, rate));
    }
    return tf.stack(logged) as tf.Tensor1D;
  });
  return { names, values };
}

async function meansOf(steps: readonly Step[]): Promise<Record<string, number>> {
  if (steps.length === 0) return {};
  const means = await readAndDispose(tf.tidy(() => tf.mean(tf.stack(steps.map(({ values }) => values)), 0)));
  for (const { values } of steps) values.dispose();
  return Object.fromEntries(steps[0].names.map((name, i) => [name, means[i]]));
}

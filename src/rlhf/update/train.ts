/** The update: minibatch steps of every network in training on what the filter kept. */
import { atTokens } from '../../core/advantage.ts';
import { stream } from '../../core/random.ts';
import type { UploadedBatch } from '../../nn/batch.ts';
import { pace } from '../../nn/devicePace.ts';
import { readAndDispose } from '../../nn/readback.ts';
import { tf } from '../../nn/tf.ts';
import type { Costs } from '../costs.ts';
import { gatherRows, onlyKept, type Scored } from '../responses.ts';
import type { Arm, Examples } from '../slots.ts';
import type { ArmState, Network } from '../state.ts';

/** What an update logs and costs. */
export interface Trained {
  /** Means over the steps, and what the method knew before them. Without a step there are no means. */
  metrics: Record<string, number>;
  costs: Pick<Costs, 'criticPasses' | 'policyPasses' | 'updateTokens'>;
  /** [T] what it took each token to be worth, where it knows that. */
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
  const examples = methods.update.examples(scored, kept, settings.update);
  const steps: Step[] = [];
  let rows = 0;
  let tokens = 0;
  // The paper's steps are as large as those of an update on everything; a filter that keeps less takes fewer of them.
  const budget = accounting === 'equal-steps' ? examples.rows.length : sampled.rows.length;
  const size = Math.max(1, Math.ceil(budget / minibatches));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = stream(seed, 'minibatch', iteration, epoch).shuffle(
      Int32Array.from(examples.rows, (_, i) => i),
    );
    for (let from = 0; from < order.length; from += size) {
      const chosen = Array.from(order.subarray(from, from + size)).flatMap(
        (example) => examples.rows[example],
      );
      const sequences = chosen.map((row) => scored.rows[row]);
      const batch = arm.nn.upload(arm.nn.packSequences(sequences));
      steps.push(step(arm, state, batch, columnsAt(chosen, scored, examples)));
      batch.dispose();
      rows += chosen.length;
      for (const sequence of sequences) tokens += sequence.tokens.length;
      await pace();
    }
  }
  const critic = 'critic' in state.networks;
  return {
    metrics: { ...examples.metrics, ...(await meansOf(steps)) },
    costs: { criticPasses: critic ? rows : 0, policyPasses: rows, updateTokens: tokens },
    advantage: advantagesOf(examples, scored.starts),
  };
}

/** [T] what each token is worth to the update; null where it knows no advantages. */
function advantagesOf({ perToken, perRow }: Examples, starts: Int32Array): Float32Array | null {
  return perToken.advantage ?? (perRow?.advantage ? atTokens(perRow.advantage, starts) : null);
}

type Columns = Readonly<Record<string, Float32Array>>;

/** What the losses know of the rows of a minibatch. */
export function columnsAt(
  chosen: readonly number[],
  { starts }: Scored,
  { perToken, perRow = {} }: Examples,
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
  { networks }: ArmState,
  batch: UploadedBatch,
  columns: { old: Columns; row: Columns },
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
      const { model, optimiser }: Network = networks[name];
      const watched: [string, tf.Scalar][] = [];
      const { value, grads } = model.gradients(() => {
        const now =
          name === 'policy'
            ? nn.tokenLogProbs(model, batch).logProb
            : nn.atActions(nn.scalars(model, batch), batch.host);
        const { loss: scalar, watch = {} } = loss(nn, { batch, now, old, row }, settings.update);
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

/**
 * Everything that an arm needs to go on as if it had never stopped: random streams are named by seed and iteration,
 * so weights, optimiser moments, counters and what methods remember are all of it.
 */
import { parameterShapes } from '../../../nn/model/config.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import type { AdamW } from '../../../nn/training/adamw.ts';
import { noCosts } from '../../../rlhf/loop/costs.ts';
import type { ArmState } from '../../../rlhf/loop/state.ts';
import { LabFailure } from '../errors.ts';
import { type ModelName, slotText } from '../models/modelSlots.ts';
import type { ArmSnapshot, ModelSnapshot } from '../protocol.ts';

/** @param iteration the last one finished */
export async function takeSnapshot(
  state: ArmState,
  iteration: number,
  rewardScale: ArmSnapshot['rewardScale'],
): Promise<ArmSnapshot> {
  const networks = {} as ArmSnapshot['networks'];
  for (const [name, { model, optimiser }] of Object.entries(state.networks)) {
    networks[name] = await takeModel(model, optimiser);
  }
  const { reference, memory, costs } = state;
  return {
    iteration,
    networks,
    ...(reference ? { reference: join([...(await reference.weights()).values()]) } : {}),
    memory,
    costs,
    rewardScale,
  };
}

const otherwise =
  'Go on with it on the page and with the model files that it began with, or reset it: then it starts anew with those of now.';

/**
 * What a run goes on with is not all in its snapshot: what it measures from, the store that it learns from and the model
 * that grades are made from the models that it began with.
 * @throws LabFailure when one of these is another now
 */
export function requireSameStart({ began }: ArmSnapshot, prints: Readonly<Record<string, string>>): void {
  const other = Object.keys(began ?? {}).filter((slot) => began?.[slot] !== prints[slot]) as ModelName[];
  if (other.length === 0) return;
  throw new LabFailure({
    code: 'bad-checkpoint',
    field: other[0],
    message: `The run began with another ${other.map((slot) => slotText[slot] ?? slot).join(' and another ')} than the one that is here now. ${otherwise}`,
  });
}

/** @throws LabFailure when the snapshot is of other networks, or of networks of another size */
export function restoreSnapshot(state: ArmState, snapshot: ArmSnapshot): void {
  for (const [name, { model, optimiser }] of Object.entries(state.networks)) {
    const stored = snapshot.networks[name];
    if (!stored) throw misfit(name, `The snapshot holds no ${name}, which these settings train.`);
    restoreModel(name, model, optimiser, stored);
  }
  state.reference?.dispose();
  state.reference = snapshot.reference
    ? referenceFrom(state.networks.policy.model, snapshot.reference)
    : null;
  state.memory = snapshot.memory ?? {};
  // Snapshots of before did not count what the reference read.
  state.costs = { ...noCosts, ...snapshot.costs };
}

async function takeModel(model: Transformer, optimiser: AdamW): Promise<ModelSnapshot> {
  const { time, m, v } = await optimiser.state();
  return { weights: join([...(await model.weights()).values()]), time, m: join(m), v: join(v) };
}

const misfit = (field: string, message: string) =>
  new LabFailure({ code: 'bad-checkpoint', field, message: `${message} ${otherwise}` });

function restoreModel(
  name: string,
  model: Transformer,
  optimiser: AdamW,
  { weights, time, m, v }: ModelSnapshot,
): void {
  const sizes = sizesOf(name, model, [weights, m, v]);
  assignWeights(model, split(weights, sizes));
  optimiser.restore({ time, m: split(m, sizes), v: split(v, sizes) });
}

/** A model of the policy's shape with these weights. */
function referenceFrom(policy: Transformer, weights: Float32Array): Transformer {
  const parts = split(weights, sizesOf('reference', policy, [weights]));
  const reference = policy.clone();
  assignWeights(reference, parts);
  return reference;
}

/** How many values each weight of a model has; the columns must hold as many together. */
function sizesOf(name: string, { config, labels }: Transformer, columns: readonly Float32Array[]): number[] {
  const sizes = [...parameterShapes(config, labels)].map(([, shape]) =>
    shape.reduce((product, size) => product * size, 1),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (const { length } of columns) {
    if (length !== total) {
      throw misfit(
        name,
        `The ${name} of the snapshot has another size: ${length} values, where the run now has ${total}.`,
      );
    }
  }
  return sizes;
}

function assignWeights(model: Transformer, parts: readonly Float32Array[]): void {
  const shapes = [...parameterShapes(model.config, model.labels)];
  parts.forEach((values, i) => {
    const [name, shape] = shapes[i];
    tf.tidy(() => model.params[name].assign(tf.tensor(values, shape)));
  });
}

function join(parts: Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function split(column: Float32Array, sizes: number[]): Float32Array[] {
  let at = 0;
  return sizes.map((size) => column.slice(at, (at += size)));
}

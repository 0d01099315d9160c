/**
 * Everything that an arm needs to go on as if it had never stopped: random streams are named by seed and iteration,
 * so weights, optimiser moments and counters are all of it.
 */
import type { AdamW } from '../../nn/adamw.ts';
import { parameterShapes } from '../../nn/config.ts';
import { tf } from '../../nn/tf.ts';
import type { Transformer } from '../../nn/transformer.ts';
import type { ArmState } from '../../rlhf/state.ts';
import type { ArmSnapshot, ModelSnapshot } from './protocol.ts';

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
  return { iteration, networks, costs: state.costs, rewardScale };
}

/** @throws RangeError when the snapshot is of other networks, or of networks of another size */
export function restoreSnapshot(state: ArmState, snapshot: ArmSnapshot): void {
  for (const [name, { model, optimiser }] of Object.entries(state.networks)) {
    const stored = snapshot.networks[name];
    if (!stored) throw new RangeError(`The snapshot holds no ${name}, which these settings train.`);
    restoreModel(model, optimiser, stored);
  }
  state.costs = snapshot.costs;
}

async function takeModel(model: Transformer, optimiser: AdamW): Promise<ModelSnapshot> {
  const { time, m, v } = await optimiser.state();
  return { weights: join([...(await model.weights()).values()]), time, m: join(m), v: join(v) };
}

function restoreModel(model: Transformer, optimiser: AdamW, { weights, time, m, v }: ModelSnapshot): void {
  const shapes = [...parameterShapes(model.config, model.hasScalarHead)];
  const sizes = shapes.map(([, shape]) => shape.reduce((product, size) => product * size, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  for (const column of [weights, m, v]) {
    if (column.length !== total) {
      throw new RangeError(`The snapshot holds ${column.length} values for a model of ${total}.`);
    }
  }
  split(weights, sizes).forEach((values, i) => {
    const [name, shape] = shapes[i];
    tf.tidy(() => model.params[name].assign(tf.tensor(values, shape)));
  });
  optimiser.restore({ time, m: split(m, sizes), v: split(v, sizes) });
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

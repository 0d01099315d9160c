/** AdamW on WebGPU against the plain-tfjs reference, over several steps and awkward gradients. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import { tf } from '../../tensors/tf.ts';
import type { GpuBackend } from '../../webgpu/backend.ts';
import { closeWebGPU, openWebGPU } from '../../webgpu/open.ts';
import { createUpdater } from './adamw.ts';
import type { AdamWUpdater } from './updater.ts';

const shapes = [[13, 7], [1], [64], [5, 3, 3]];
const settings = { beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: 0.1, clipNorm: 1 };

interface Fixture {
  params: tf.Variable[];
  updater: AdamWUpdater;
}

function make(seed: number): Fixture {
  const initial = values(seed);
  const params = initial.map((tensor) => tf.variable(tensor));
  tf.dispose(initial);
  return { params, updater: createUpdater(params, settings) };
}

function values(seed: number, scale = 1): tf.Tensor[] {
  const rng = stream(seed, 'adamw');
  return shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => scale * rng.normal()),
      shape,
    );
  });
}

/** Four steps: clipped, unclipped, one parameter without gradient, one step that is not finite. */
async function run({ params, updater }: Fixture): Promise<number[][]> {
  const norms: tf.Scalar[] = [];
  for (const [time, scale] of [
    [1, 3],
    [2, 0.01],
    [3, 1],
    [4, Number.NaN],
    [5, 1],
  ]) {
    const grads: (tf.Tensor | null)[] = values(time, scale);
    if (time === 3) grads[2] = null;
    norms.push(updater.update(grads, 0.05, time));
  }
  const moments = await updater.read();
  const tensors = await Promise.all([...norms, ...params].map((tensor) => tensor.data<'float32'>()));
  return [...tensors, ...moments.m, ...moments.v].map((array) => Array.from(array));
}

let gpu: GpuBackend;
let expected: number[][];
beforeAll(async () => {
  await tf.setBackend('cpu');
  expected = await run(make(0));
  gpu = await openWebGPU({ variant: 'direct' });
});
afterAll(closeWebGPU);

function expectClose(actual: number[][], wanted: number[][]): void {
  expect(actual.map((row) => row.length)).toEqual(wanted.map((row) => row.length));
  wanted.forEach((row, i) => {
    row.forEach((value, j) => {
      if (Number.isFinite(value)) expect(actual[i][j]).toBeCloseTo(value, 5);
      else expect(Number.isFinite(actual[i][j]), `entry ${j} of array ${i}`).toBe(false);
    });
  });
}

it('takes the same steps as the reference, in three dispatches or fewer', async () => {
  const fixture = make(0);
  gpu.resetCounters();
  const actual = await run(fixture);
  expect(gpu.counters.dispatches / 5).toBeLessThanOrEqual(3);
  expect(gpu.counters.readbacks).toBe(2);
  expectClose(actual, expected);
});

it('goes on from restored moments', async () => {
  const through = make(1);
  const first = through.updater.update(values(9), 0.05, 1);
  const resumed = make(1);
  for (const [i, param] of through.params.entries()) resumed.params[i].assign(tf.add(param, 0));
  resumed.updater.write(await through.updater.read());
  for (const { updater } of [through, resumed]) updater.update(values(10), 0.05, 2).dispose();
  const read = ({ params }: Fixture) => Promise.all(params.map((param) => param.data()));
  expect(await read(resumed)).toEqual(await read(through));
  first.dispose();
});

it('updates a variable that was assigned to between steps', async () => {
  const { params, updater } = make(2);
  updater.update(values(3), 0.05, 1).dispose();
  params[1].assign(tf.tensor([5]));
  updater.update(values(4, 0), 0.05, 2).dispose();
  // Zero gradient: only momentum and decay move it, from the new value.
  const [value] = await params[1].data();
  expect(Math.abs(value - 5)).toBeLessThan(0.2);
});

it('leaves no buffers behind when optimiser and parameters are disposed of', async () => {
  const used = () => gpu.pool.getNumUsedBuffers();
  gpu.flush();
  const before = used();
  const { params, updater } = make(3);
  const grads = values(5);
  const norm = updater.update(grads, 0.1, 1);
  await norm.data();
  updater.dispose();
  tf.dispose([...grads, norm]);
  for (const param of params) param.dispose();
  gpu.flush();
  expect(used() - before).toBe(0);
});

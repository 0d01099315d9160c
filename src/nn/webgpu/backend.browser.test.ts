/** The backend itself: errors that are never swallowed, loss and recovery, bounded memory, counted work. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../batch/batch.ts';
import { atActions } from '../batch/ragged.ts';
import { generate } from '../generate/generate.ts';
import { scalars, Transformer, tokenLogProbs } from '../model/transformer.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../training/losses.ts';
import type { GpuBackend } from './backend.ts';
import { DeviceLostError, GpuFaultError } from './errors.ts';
import { closeWebGPU, openWebGPU } from './open.ts';
import { chooseKernels } from './probe.ts';
import { defineProgram } from './program.ts';
import { warmUp } from './warmUp.ts';

const config = { vocab: 20, width: 8, layers: 2, heads: 2, maxLength: 12 };

let gpu: GpuBackend;
let failures: Error[];

async function open(): Promise<void> {
  failures = [];
  gpu = await openWebGPU({ variant: 'direct', onFailure: (error) => failures.push(error) });
}

beforeEach(open);
afterAll(closeWebGPU);

/** One PPO step of policy and critic on ragged random rows, as rlhf does it. */
class Trainer {
  readonly policy = Transformer.create(config, stream(1, 'policy'));
  readonly critic = Transformer.create(config, stream(2, 'critic'), { scalarHead: true });
  readonly #optimisers = [new AdamW(this.policy), new AdamW(this.critic)];

  async step(seed: number): Promise<Float32Array> {
    const rng = stream(seed, 'rows');
    const rows = Array.from({ length: 6 }, () => {
      const length = 3 + rng.int(config.maxLength - 2);
      return { tokens: Int32Array.from({ length }, () => rng.int(config.vocab)), promptLength: 2 };
    });
    const batch = upload(packSequences(rows));
    const numbers = tf.tidy(() => {
      const A = batch.host.actionRows.length;
      const column = () => tf.tensor1d(Float32Array.from({ length: A }, () => rng.normal() - 2));
      const [logProb, advantage, value, returns] = [column(), column(), column(), column()];
      const actor = this.policy.gradients(
        () => clippedPolicyLoss(tokenLogProbs(this.policy, batch).logProb, logProb, advantage, 0.2).loss,
      );
      const actorNorm = this.#optimisers[0].step(actor.grads, 0.01);
      const critic = this.critic.gradients(() =>
        clippedValueLoss(atActions(scalars(this.critic, batch), batch.host), value, returns, 0.2),
      );
      const criticNorm = this.#optimisers[1].step(critic.grads, 0.01);
      return tf.stack([actor.value, actorNorm, critic.value, criticNorm]);
    });
    const read = await numbers.data<'float32'>();
    tf.dispose(numbers);
    batch.dispose();
    return read;
  }
}

describe('errors', () => {
  it('throws instead of returning what a rejected dispatch left in memory', async () => {
    const broken = defineProgram({
      label: 'too many workgroups',
      bindings: ['y: f32 out'],
      params: [],
      workgroup: [1],
      main: 'y[0] = 1.0;',
    });
    const y = gpu.output([1]);
    gpu.dispatch(broken, [y], [], [100_000]);
    const result = tf.engine().makeTensorFromTensorInfo(y);
    await expect(result.data()).rejects.toThrow(GpuFaultError);
    expect(failures).toHaveLength(1);
    expect(() => tf.add(tf.tensor1d([1]), 1)).toThrow(GpuFaultError);
  });

  it('turns a lost device into a typed error, told once, and a new device works', async () => {
    const before = tf.tensor1d([1, 2, 3]);
    const doubled = tf.add(before, before);
    gpu.device.destroy();
    await expect(doubled.data()).rejects.toThrow(DeviceLostError);
    expect(failures.map((error) => error.name)).toEqual(['DeviceLostError']);
    expect(() => tf.add(before, 1)).toThrow(DeviceLostError);
    await open();
    const again = tf.add(tf.tensor1d([1, 2, 3]), 1);
    expect(Array.from(await again.data())).toEqual([2, 3, 4]);
  });

  it('refuses synchronous reads with advice', () => {
    expect(() => tf.add(tf.tensor1d([1]), 1).dataSync()).toThrow('use data()');
  });
});

describe('work', () => {
  it('joins reads that start together into one readback', async () => {
    const tensors = [3, 5, 7].map((n) => tf.add(tf.range(0, n, 1, 'float32'), n));
    gpu.resetCounters();
    const values = await Promise.all(tensors.map((tensor) => tensor.data()));
    expect(gpu.counters.readbacks).toBe(1);
    expect(values.map((array) => Array.from(array))).toEqual([
      [3, 4, 5],
      [5, 6, 7, 8, 9],
      [7, 8, 9, 10, 11, 12, 13],
    ]);
  });

  it('reads what a tensor held when it was read, even if it is disposed of at once', async () => {
    const tensor = tf.add(tf.tensor1d([1, 2]), 1);
    const reading = tensor.data();
    tensor.dispose();
    const other = tf.mul(tf.tensor1d([9, 9]), 9);
    expect(Array.from(await reading)).toEqual([2, 3]);
    other.dispose();
  });

  it('needs at most 110 dispatches for a step of policy and critic, and one readback', async () => {
    const trainer = new Trainer();
    await trainer.step(1);
    gpu.resetCounters();
    await trainer.step(2);
    expect(gpu.counters.dispatches).toBeLessThanOrEqual(110);
    expect(gpu.counters.readbacks).toBe(1);
  });

  it('keeps its memory over 200 steps and rollouts of varying size', async () => {
    const trainer = new Trainer();
    const iterate = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        await trainer.step(i);
        const prompts = [Int32Array.of(2, 3), Int32Array.of(4, 5, 6)].slice(0, 1 + (i % 2));
        await generate(trainer.policy, { prompts, samplesPerPrompt: 1 + (i % 3), seed: 1, streamId: i });
      }
    };
    await iterate(0, 20);
    const before = { ...gpu.memory(), tensors: tf.memory().numTensors };
    await iterate(20, 200);
    const after = { ...gpu.memory(), tensors: tf.memory().numTensors };
    expect(after.tensors).toBe(before.tensors);
    expect(after.numBytesInGPU).toBe(before.numBytesInGPU);
    expect(after.numBytesAllocatedInGPU).toBeLessThan(1.5 * before.numBytesAllocatedInGPU);
  });

  it('takes the same steps twice', async () => {
    const run = async () => {
      const trainer = new Trainer();
      return [await trainer.step(1), await trainer.step(2), await trainer.step(3)];
    };
    expect(await run()).toEqual(await run());
  });
});

describe('start', () => {
  it('measures which matrix kernels are faster', async () => {
    const { variant, milliseconds, speed } = await chooseKernels(gpu);
    expect(gpu.variant).toBe(variant);
    expect(milliseconds[variant]).toBe(Math.min(milliseconds.direct, milliseconds.shared));
    expect(speed).toBeGreaterThan(0);
  });

  it('compiles all pipelines of a step and a rollout beforehand', async () => {
    const progress: [number, number][] = [];
    await warmUp(gpu, config, (done, total) => progress.push([done, total]));
    const [done, total] = progress[progress.length - 1];
    expect(total).toBeGreaterThan(30);
    expect(done).toBe(total);
    const compiled = () => gpu.counters.pipelines;
    const before = compiled();
    const trainer = new Trainer();
    expect((await trainer.step(1)).every(Number.isFinite)).toBe(true);
    await generate(trainer.policy, {
      prompts: [Int32Array.of(2)],
      samplesPerPrompt: 2,
      seed: 1,
      streamId: 1,
    });
    expect(compiled()).toBe(before);
  });
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { Transformer } from '../model/transformer.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from './adamw.ts';

const config = { vocab: 11, width: 6, layers: 1, heads: 2, maxLength: 5 };

function setUp() {
  const model = Transformer.create(config, stream(1, 'adamw'));
  const rng = stream(2, 'gradients');
  const gradients = (scale: number) =>
    Object.fromEntries(
      Object.entries(model.params).map(([name, { shape, size }]) => [
        name,
        tf.tensor(
          Float32Array.from({ length: size }, () => scale * rng.normal()),
          shape,
        ),
      ]),
    ) as tf.NamedTensorMap;
  return { model, gradients };
}

const flat = async (model: Transformer) =>
  [...(await model.weights()).values()].flatMap((w) => Array.from(w));

describe.each(['cpu', 'simd'])('AdamW on %s', (backend) => {
  beforeEach(async () => {
    await openSimd();
    await tf.setBackend(backend);
  });
  afterAll(() => tf.setBackend('cpu'));

  it('follows the textbook for several steps, with and without clipping', async () => {
    const { model, gradients } = setUp();
    const optimiser = new AdamW(model, { weightDecay: 0.1, clipNorm: 1 });
    const expected = await flat(model);
    const m = expected.map(() => 0);
    const v = expected.map(() => 0);
    for (let time = 1; time <= 4; time++) {
      const grads = gradients(time % 2 ? 3 : 0.001);
      const g = Object.keys(model.params).flatMap((name) => Array.from(grads[name].dataSync()));
      const norm = optimiser.step(grads, 0.01);
      const exact = Math.hypot(...g);
      expect(norm.dataSync()[0]).toBeCloseTo(exact, 4);
      const scale = Math.min(1, 1 / (exact + 1e-6));
      for (let i = 0; i < g.length; i++) {
        const clipped = g[i] * scale;
        m[i] = 0.9 * m[i] + 0.1 * clipped;
        v[i] = 0.95 * v[i] + 0.05 * clipped ** 2;
        const step = m[i] / (1 - 0.9 ** time) / (Math.sqrt(v[i] / (1 - 0.95 ** time)) + 1e-8);
        expected[i] = expected[i] * (1 - 0.01 * 0.1) - 0.01 * step;
      }
      tf.dispose([norm, grads]);
    }
    const actual = await flat(model);
    for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i], 5);
    optimiser.dispose();
    model.dispose();
  });

  it('goes on from a saved state as if nothing had happened', async () => {
    const { model, gradients } = setUp();
    const grads = gradients(0.1);
    const first = new AdamW(model);
    first.step(grads, 0.01).dispose();
    const copy = model.clone();
    const second = new AdamW(copy);
    second.restore(await first.state());
    first.step(grads, 0.01).dispose();
    second.step(grads, 0.01).dispose();
    expect(await flat(copy)).toEqual(await flat(model));
    tf.dispose(grads);
    for (const thing of [first, second, model, copy]) thing.dispose();
  });

  it('leaves weights and moments alone when the gradient is not finite', async () => {
    const { model, gradients } = setUp();
    const optimiser = new AdamW(model);
    const grads = gradients(1);
    optimiser.step(grads, 0.01).dispose();
    const before = { weights: await flat(model), ...(await optimiser.state()) };
    const bad = { ...grads, 'ln_f.bias': tf.fill([config.width], Number.NaN) };
    const norm = optimiser.step(bad, 0.01);
    expect(norm.dataSync()[0]).toBeNaN();
    expect(await flat(model)).toEqual(before.weights);
    expect((await optimiser.state()).m).toEqual(before.m);
    tf.dispose([norm, grads, bad]);
    optimiser.dispose();
    model.dispose();
  });

  it('leaves a parameter without gradient alone, and keeps no memory', async () => {
    const before = tf.memory().numTensors;
    const { model, gradients } = setUp();
    const optimiser = new AdamW(model);
    const { 'wpe.weight': left, ...grads } = gradients(1);
    const untouched = model.params['wpe.weight'].dataSync().slice();
    const { heap } = await openSimd();
    await tf.setBackend(backend);
    optimiser.step(grads, 0.01).dispose();
    const { used } = heap;
    for (let i = 0; i < 5; i++) optimiser.step(grads, 0.01).dispose();
    expect(heap.used).toBe(used);
    expect(model.params['wpe.weight'].dataSync()).toEqual(untouched);
    tf.dispose([left, grads]);
    optimiser.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

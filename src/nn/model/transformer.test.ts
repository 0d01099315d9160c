import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../batch/batch.ts';
import { completionMean } from '../batch/ragged.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { AdamW } from '../training/adamw.ts';
import { checkConfig } from './config.ts';
import { scalars, Transformer, tokenLogProbs } from './transformer.ts';

const config = { vocab: 23, width: 12, layers: 2, heads: 2, maxLength: 16 };

/** Rows of changing lengths, so that shapes differ from step to step. */
const rows = (step: number) =>
  Array.from({ length: 5 }, (_, b) => ({
    tokens: Array.from({ length: 4 + ((b * 3 + step * 5) % 12) }, (_, i) => 2 + ((i * 3 + b) % 20)),
    promptLength: 2,
  }));

beforeAll(async () => {
  await openSimd();
});

describe('Transformer', () => {
  it('has the advertised number of parameters', () => {
    const model = Transformer.create(
      { vocab: 252, width: 64, layers: 2, heads: 4, maxLength: 72 },
      stream(1, 'count'),
    );
    const counted = Object.values(model.params).reduce((sum, { size }) => sum + size, 0);
    expect(counted).toBe(120_832);
    model.dispose();
  });

  it('gives a sequence the same numbers whatever it is packed with', async () => {
    const model = Transformer.create(config, stream(1, 'packing'));
    const logProbs = async (chosen: ReturnType<typeof rows>) => {
      const batch = upload(packSequences(chosen));
      const { logProb, entropy } = tokenLogProbs(model, batch);
      const values = await logProb.data();
      tf.dispose([logProb, entropy]);
      batch.dispose();
      return Array.from(values);
    };
    const together = await logProbs(rows(1));
    const apart: number[] = [];
    for (const row of rows(1)) apart.push(...(await logProbs([row])));
    together.forEach((value, i) => {
      expect(value).toBeCloseTo(apart[i], 5);
    });
    model.dispose();
  });

  it('learns, without holding on to tensors or memory as shapes change', async () => {
    const model = Transformer.create(config, stream(1, 'learning'));
    const optimiser = new AdamW(model);
    const { heap } = await openSimd();
    const step = async (i: number) => {
      const batch = upload(packSequences(rows(i % 7)));
      const { value, grads } = model.gradients(
        () => tf.neg(tf.mean(tokenLogProbs(model, batch).logProb)) as tf.Scalar,
      );
      optimiser.step(grads, 1e-2).dispose();
      const [loss] = await value.data();
      tf.dispose([value, grads]);
      batch.dispose();
      return loss;
    };
    const first = await step(0);
    for (let i = 1; i < 30; i++) await step(i);
    const before = { tensors: tf.memory().numTensors, used: heap.used, held: heap.held };
    let last = first;
    for (let i = 0; i < 70; i++) last = await step(i);
    expect(last).toBeLessThan(first / 4);
    expect(tf.memory().numTensors).toBe(before.tensors);
    expect(heap.used).toBe(before.used);
    expect(heap.held).toBeLessThanOrEqual(1.05 * before.held);
    optimiser.dispose();
    model.dispose();
  });

  it('is copied with memory of its own', async () => {
    const model = Transformer.create(config, stream(1, 'copies'));
    const copy = model.clone();
    const critic = model.withScalarHead();
    const original = await model.weights();
    const batch = upload(packSequences(rows(0)));
    const optimiser = new AdamW(model);
    const { value, grads } = model.gradients(() => tf.mean(tokenLogProbs(model, batch).entropy) as tf.Scalar);
    optimiser.step(grads, 0.1).dispose();
    expect(await copy.weights()).toEqual(original);
    expect((await critic.weights()).get('wte.weight')).toEqual(original.get('wte.weight'));
    expect((await model.weights()).get('wte.weight')).not.toEqual(original.get('wte.weight'));
    tf.dispose([value, grads]);
    batch.dispose();
    for (const thing of [model, copy, critic, optimiser]) thing.dispose();
  });

  it('reads longer sequences as a longer copy, and those of before as it did', async () => {
    const model = Transformer.create(config, stream(1, 'short'));
    const longer = model.withLength(20, stream(2, 'positions'));
    expect(longer.config).toEqual({ ...config, maxLength: 20 });
    const batch = upload(packSequences(rows(0)));
    const said = async (of: Transformer) => [...(await tokenLogProbs(of, batch).logProb.data())];
    expect(await said(longer)).toEqual(await said(model));
    const [before, after] = [await model.weights(), await longer.weights()];
    expect(after.get('wpe.weight')!.length).toBe(20 * config.width);
    expect(after.get('h.0.mlp.c_fc.weight')).toEqual(before.get('h.0.mlp.c_fc.weight'));
    expect(() => longer.withLength(16, stream(2, 'positions'))).toThrow('cannot be cut to 16 positions');
    batch.dispose();
    for (const each of [model, longer]) each.dispose();
  });

  it.each(['cpu', 'simd'])(
    'reads a mask of ones as no mask, to the bit, gradients included, on %s',
    async (backend) => {
      await tf.setBackend(backend);
      const model = Transformer.create(config, stream(1, 'mask'));
      const packed = packSequences(rows(0));
      const read = async (factor: number | null) => {
        const values = new Float32Array(packed.tokens.length * 3).fill(factor ?? 0);
        const batch = upload(packed, factor === null ? null : { blocks: 3, values });
        const { value, grads } = model.gradients(
          () => tf.neg(tf.mean(tokenLogProbs(model, batch).logProb)) as tf.Scalar,
        );
        const all = [value, ...Object.values(grads)];
        const numbers = await Promise.all(all.map((tensor) => tensor.data()));
        tf.dispose(all);
        batch.dispose();
        return numbers;
      };
      const before = tf.memory().numTensors;
      const plain = await read(null);
      expect(await read(1)).toEqual(plain);
      expect((await read(0.5))[0]).not.toEqual(plain[0]);
      expect(tf.memory().numTensors).toBe(before);
      model.dispose();
      await openSimd();
    },
  );

  it('has a scalar head that starts at zero and learns', async () => {
    const policy = Transformer.create(config, stream(1, 'scalar'));
    expect(() => scalars(policy, upload(packSequences(rows(0))))).toThrow(/no scalar head/);
    const critic = policy.withScalarHead();
    const batch = upload(packSequences(rows(0)));
    const means = () => completionMean(scalars(critic, batch), batch.host);
    expect(Array.from(await means().data()).every((value) => value === 0)).toBe(true);
    const optimiser = new AdamW(critic);
    for (let i = 0; i < 40; i++) {
      const { value, grads } = critic.gradients(() => tf.mean(tf.square(tf.sub(means(), 1))) as tf.Scalar);
      optimiser.step(grads, 1e-2).dispose();
      tf.dispose([value, grads]);
    }
    for (const value of await means().data()) expect(value).toBeCloseTo(1, 1);
    batch.dispose();
    for (const thing of [policy, critic, optimiser]) thing.dispose();
  });
});

describe('checkConfig', () => {
  it.each([
    [{ ...config, heads: 5 }, /width 12 cannot be split into 5 heads/],
    [{ ...config, layers: 0 }, /"layers" must be a positive whole number/],
    [{ ...config, maxLength: 200 }, /"maxLength" must be 128 or less/],
    [{ ...config, vocab: 1 }, /"vocab" must be 2 or more/],
  ])('refuses %o', (wrong, message) => {
    expect(() => checkConfig(wrong)).toThrow(message);
  });
});

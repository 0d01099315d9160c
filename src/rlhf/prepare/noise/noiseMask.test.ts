import { describe, expect, it } from 'vitest';
import { stream } from '../../../core/random.ts';
import { betaLogDensity } from '../../../core/statistics/beta.ts';
import { mean } from '../../../core/statistics/stats.ts';
import { packSequences } from '../../../nn/batch/batch.ts';
import { Transformer } from '../../../nn/model/transformer.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import { trainRewardModel } from '../rewardModel.ts';
import { trainPolicy } from '../sft.ts';
import { MaskPolicy } from './maskPolicy.ts';
import { NoiseMask, noiseOf, pairLosses, sequenceLosses } from './noiseMask.ts';
import { logParametersAt, type NoiseSettings } from './settings.ts';

const shape = { vocab: 9, maxLength: 6, width: 8 };
const batch = packSequences([
  { tokens: [1, 2, 3, 4], promptLength: 2 },
  { tokens: [5, 2, 6], promptLength: 1 },
]);
const settings = (change: Partial<NoiseSettings>): NoiseSettings => ({
  noise: 'learned',
  preheat: 0.5,
  maskMean: 0.7,
  ...change,
});

describe('the policy of the mask', () => {
  const policy = () => new MaskPolicy({ ...shape, blocks: 2 }, { logAlpha: 0.9, logBeta: 0.2 }, 3);
  const rng = stream(1, 'a mask');
  const mask = Float64Array.from({ length: 14 }, () => 0.05 + 0.9 * rng.uniform());
  const weight = [0.7, -1.3];

  it('has the gradient of its log-likelihood that finite differences show, in every weight', () => {
    const one = policy();
    const logLikelihood = () => {
      const { logAlpha, logBeta } = one.read(batch).parameters;
      let sum = 0;
      mask.forEach((m, i) => {
        const sequence = i < 8 ? 0 : 1;
        sum += weight[sequence] * betaLogDensity(m, Math.exp(logAlpha[i]), Math.exp(logBeta[i]));
      });
      return sum;
    };
    const gradient = one.gradient(one.read(batch), mask, weight);
    for (const [name, values] of Object.entries(one.weights)) {
      let largest = 0;
      for (let i = 0; i < values.length; i++) {
        const [step, held] = [1e-5, values[i]];
        values[i] = held + step;
        const up = logLikelihood();
        values[i] = held - step;
        const down = logLikelihood();
        values[i] = held;
        expect(gradient[name][i], `${name} ${i}`).toBeCloseTo((up - down) / (2 * step), 6);
        largest = Math.max(largest, Math.abs(gradient[name][i]));
      }
      expect(largest, name).toBeGreaterThan(0);
    }
  });

  it('mixes 0.9 of the base with 0.1 of the networks, and the base follows their means by a hundredth', () => {
    const one = policy();
    const before = one.base.logAlpha;
    const { logAlpha } = one.read(batch).parameters;
    // What the networks say, from what is told: (told − 0.9 · base) / 0.1.
    const net = (t: number, k: number) =>
      (logAlpha[t * 2 + k] - 0.9 * before[batch.positions[t] * 2 + k]) / 0.1;
    one.follow(one.read(batch));
    const after = one.base.logAlpha;
    for (const k of [0, 1]) {
      // Position 2 has a token of both sequences, position 3 of the first alone, position 5 of none.
      expect(after[4 + k]).toBeCloseTo(0.99 * before[4 + k] + 0.01 * ((net(2, k) + net(6, k)) / 2), 10);
      expect(after[6 + k]).toBeCloseTo(0.99 * before[6 + k] + 0.01 * net(3, k), 10);
      expect(after[10 + k]).toBe(before[10 + k]);
    }
    for (const value of before) expect(Math.abs(value - 0.9)).toBeLessThanOrEqual(0.5);
  });
});

describe('REINFORCE', () => {
  it('weighs each sequence by its reward less the running mean', () => {
    const noise = new NoiseMask(settings({}), shape, 1);
    noise.draw(batch, 0, 10);
    noise.learn([2, 4]);
    // The first baseline is the first mean reward.
    expect(noise.baseline).toBeCloseTo(-3, 12);
    noise.draw(batch, 1, 10);
    noise.learn([1, 1]);
    expect(noise.baseline).toBeCloseTo(0.9 * -3 + 0.1 * -1, 12);
  });

  it('takes the step that the gradient of its weights gives', () => {
    const noise = new NoiseMask(settings({}), shape, 1);
    const before = noise.look([{ tokens: [1, 2, 3, 4], promptLength: 2 }])!;
    const { values, blocks } = noise.draw(batch, 0, 10)!;
    expect(blocks).toBe(4);
    noise.learn([2, 4]);
    const policy = new MaskPolicy({ ...shape, blocks: 4 }, logParametersAt(0.7), 1);
    const reading = policy.read(batch);
    expect(Math.exp(reading.parameters.logAlpha[5])).toBeCloseTo(before[0].alpha[1][1], 12);
    const gradient = policy.gradient(reading, Float64Array.from(values), [1 / 2, -1 / 2]);
    policy.follow(reading);
    policy.climb(gradient, 0.01);
    const [look] = noise.look([{ tokens: [1, 2, 3, 4], promptLength: 2 }])!;
    expect(look.alpha.flat()[5]).toBeCloseTo(Math.exp(policy.read(batch).parameters.logAlpha[5]), 5);
    expect(look.alpha).not.toEqual(before[0].alpha);
  });

  it('learns that a token is better read where reading it lowers the loss', () => {
    const noise = new NoiseMask(settings({ preheat: 0.95, maskMean: 0.5 }), shape, 5);
    const steps = 150;
    for (let step = 0; step < 0.9 * steps; step++) {
      const { values } = noise.draw(batch, step, steps)!;
      // Only token 2, the second of both sequences, matters: 4 factors each.
      const read = (t: number) => mean(values.subarray(4 * t, 4 * t + 4));
      noise.learn([4 * (1 - read(1)), 4 * (1 - read(5))]);
    }
    const [look] = noise.look([{ tokens: [1, 2, 3, 4], promptLength: 2 }])!;
    const meanOf = (t: number) => mean(look.alpha[t].map((a, k) => a / (a + look.beta[t][k])));
    expect(meanOf(1)).toBeGreaterThan(0.6);
    expect(meanOf(1)).toBeGreaterThan(meanOf(2) + 0.1);
  });
});

describe('noise', () => {
  it('is there for the first steps only, at least one and not all', () => {
    const noise = new NoiseMask(settings({ noise: 'beta' }), shape, 1);
    expect(noise.draw(batch, 4, 10)).not.toBeNull();
    expect(noise.draw(batch, 5, 10)).toBeNull();
    expect([noise.heated(2), noise.heated(1000)]).toEqual([1, 500]);
    expect(noiseOf(settings({ noise: 'none' }), shape, 1)).toBeNull();
  });

  it.each(['dropout', 'beta'] as const)('%s has the mean that was asked for', (kind) => {
    const noise = new NoiseMask(settings({ noise: kind, preheat: 0.9 }), shape, 1);
    const drawn = Array.from({ length: 400 }, (_, step) => noise.draw(batch, step, 1000)!.values).flatMap(
      (values) => [...values],
    );
    expect(Math.abs(mean(drawn) - 0.7)).toBeLessThan(0.02);
    if (kind === 'dropout') expect(new Set(drawn)).toEqual(new Set([0, 1]));
  });

  it('draws the same for the same seed and step, whatever was drawn before', () => {
    const [a, b] = [1, 2].map(() => new NoiseMask(settings({}), shape, 4));
    a.draw(batch, 0, 10);
    expect(a.draw(batch, 3, 10)).toEqual(b.draw(batch, 3, 10));
    expect(a.draw(batch, 2, 10)).not.toEqual(b.draw(batch, 3, 10));
  });

  it('takes nats per token of a program, and what a pair lost for both of its rows', () => {
    expect([...sequenceLosses([-1, -3, -0.5, -0.5], batch)]).toEqual([2, 0.5]);
    const [chosen, rejected] = [0.4, -0.2];
    const loss = Math.log1p(Math.exp(-2 * (chosen - rejected)));
    expect([...pairLosses([chosen, rejected], 2)]).toEqual([
      expect.closeTo(loss, 12),
      expect.closeTo(loss, 12),
    ]);
    expect(pairLosses([-400, 400], 2)[0]).toBe(1600);
  });
});

describe('training under noise', () => {
  const config = { vocab: 9, width: 8, layers: 1, heads: 2, maxLength: 6 };
  const rows = Array.from({ length: 6 }, (_, i) => ({
    tokens: [1, 2 + (i % 3), 3, 4 + (i % 4)],
    promptLength: 2,
  }));
  const pairs = [0, 1, 2].map((i) => ({ chosen: i, rejected: 5 - i }));
  const train = async (noise: NoiseMask | null, reward: boolean) => {
    const base = Transformer.create(config, stream(1, 'model'));
    const model = reward ? base.withScalarHead(stream(2, 'head')) : base;
    const before = tf.memory().numTensors;
    const training = reward
      ? trainRewardModel(model, rows, pairs, { epochs: 6, batch: 3, learningRate: 1e-2 }, 1, noise)
      : trainPolicy(model, rows, { steps: 6, batch: 3, learningRate: 1e-2 }, 1, noise);
    const losses: number[] = [];
    for await (const { loss } of training) losses.push(loss);
    expect(tf.memory().numTensors).toBe(before);
    const weights = await model.weights();
    model.dispose();
    if (reward) base.dispose();
    return { losses, weights };
  };

  it.each([false, true])(
    'is the same twice and another than without, leaving no tensor (reward: %s)',
    async (reward) => {
      await tf.setBackend('cpu');
      const learned = () => noiseOf(settings({ maskMean: 0.5 }), config, 7);
      const first = await train(learned(), reward);
      expect(await train(learned(), reward)).toEqual(first);
      const plain = await train(null, reward);
      expect(first.losses).not.toEqual(plain.losses);
      // The steps after pre-heating carry no mask: from equal weights they would be those of plain training.
      expect(first.losses.every(Number.isFinite)).toBe(true);
    },
  );
});

import { beforeAll, describe, expect, it } from 'vitest';
import { type GuideRule, guideOffset } from '../../core/decoding/guidance.ts';
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { generate } from '../../nn/generate/generate.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { actionBins, actionLogits, nextBins } from '../../nn/model/valueHead.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { binaryCrossEntropy, histogramCrossEntropy } from '../../nn/training/losses.ts';
import { meanKl, readSteering } from '../sample/decode/steering.ts';
import {
  binOfShare,
  type LabelledRow,
  startValueNetwork,
  trainValueNetwork,
  valueLoss,
} from './valueNetwork.ts';

const config = { vocab: 9, width: 8, layers: 1, heads: 2, maxLength: 6 };
const policy = () => {
  const rng = stream(1, 'value test');
  return Transformer.create(config, { normal: () => 4 * rng.normal() });
};

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
});

/** A token decides at once: who writes 5 first succeeds. */
function rollouts(): LabelledRow[] {
  const rng = stream(2, 'rollouts');
  return Array.from({ length: 256 }, () => {
    const first = 2 + rng.int(7);
    return { tokens: [3, first, 2 + rng.int(7)], promptLength: 1, label: first === 5 ? 1 : 0 };
  });
}

describe('the value network', () => {
  it('learns which token decides, and guidance writes it', async () => {
    const model = policy();
    const value = startValueNetwork(model);
    const losses: number[] = [];
    const settings = { epochs: 20, batch: 64, learningRate: 2e-2 };
    for await (const { loss } of trainValueNetwork(value, rollouts(), settings, 1)) losses.push(loss);
    expect(losses.at(-1)!).toBeLessThan(0.1);
    const options = { prompts: [Int32Array.of(3)], samplesPerPrompt: 400, seed: 1, streamId: 1 };
    const share = async (inverse: number) => {
      const guide = { model: value, rule: 'q-sharp', inverse, candidates: 9 } as const;
      const { tokens } = await generate(model, { ...options, guide });
      return Array.from({ length: 400 }, (_, row) => tokens[row * 6 + 1]).filter((t) => t === 5).length / 400;
    };
    const before = await share(0);
    expect(before).toBeLessThan(0.3);
    expect(await share(6)).toBeGreaterThan(before + 0.4);
    model.dispose();
    value.dispose();
  });

  it('is trained by binary cross-entropy', async () => {
    const loss = binaryCrossEntropy(tf.tensor1d([2, -1]), tf.tensor1d([1, 0.25]));
    const odds = (z: number) => 1 / (1 + Math.exp(-z));
    const due = -(Math.log(odds(2)) + 0.25 * Math.log(odds(-1)) + 0.75 * Math.log(1 - odds(-1))) / 2;
    expect((await loss.data())[0]).toBeCloseTo(due, 5);
    loss.dispose();
  });
});

describe('a value network of histograms', () => {
  it('puts a share into the bin below it, and only a whole one into the last', () => {
    for (let tests = 1; tests <= 40; tests++)
      for (let passed = 0; passed <= tests; passed++)
        expect(binOfShare(Math.fround(passed / tests))).toBe(Math.floor((10 * passed) / tests));
  });

  it('is trained by the cross-entropy of the bin that came', async () => {
    const loss = histogramCrossEntropy(tf.tensor2d([1, 2, 0, 9, 9, 9, -1, 0, 3], [3, 3]), [0, 2], [1, 0]);
    const share = (of: number, all: number[]) =>
      Math.exp(of) / all.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const due = -(Math.log(share(2, [1, 2, 0])) + Math.log(share(-1, [-1, 0, 3]))) / 2;
    expect((await loss.data())[0]).toBeCloseTo(due, 5);
    loss.dispose();
  });

  it('has the gradient that small steps have, in every kind of weight', async () => {
    const model = policy();
    const value = startValueNetwork(model, 11);
    const batch = upload(packSequences([{ tokens: [3, 5, 6, 1], promptLength: 1 }]));
    const labels = Float32Array.of(0.35, 0.35, 0.35);
    const { value: loss, grads } = value.gradients(() => valueLoss(value, batch, labels));
    const at = async (name: string, index: number, step: number) => {
      const weight = value.params[name];
      const before = await weight.data();
      const moved = Float32Array.from(before, (x, i) => (i === index ? x + step : x));
      tf.tidy(() => weight.assign(tf.tensor(moved, weight.shape)));
      const there = tf.tidy(() => valueLoss(value, batch, labels));
      const [result] = await there.data();
      there.dispose();
      tf.tidy(() => weight.assign(tf.tensor(before, weight.shape)));
      return result;
    };
    for (const name of ['score.weight', 'score.bias', 'wte.weight', 'ln_f.weight', 'h.0.mlp.c_fc.weight']) {
      const gradient = await grads[name].data<'float32'>();
      const index = gradient.reduce((best, g, i) => (Math.abs(g) > Math.abs(gradient[best]) ? i : best), 0);
      const step = 1e-2;
      const slope = ((await at(name, index, step)) - (await at(name, index, -step))) / (2 * step);
      expect(slope / gradient[index], name).toBeGreaterThan(0.95);
      expect(slope / gradient[index], name).toBeLessThan(1.05);
    }
    for (const held of [loss, ...Object.values(grads), batch, model, value]) held.dispose();
  });

  it('begins as a network of log-odds with two bins', async () => {
    const model = policy();
    const batch = upload(packSequences([{ tokens: [3, 5, 6, 1], promptLength: 1 }]));
    const [odds, pair] = [startValueNetwork(model), startValueNetwork(model, 2)];
    const one = await actionLogits(odds, batch).data();
    const two = await actionBins(pair, batch).data();
    one.forEach((z, i) => {
      expect(two[2 * i + 1] - two[2 * i]).toBeCloseTo(z, 4);
    });
    // A label in between would be counted as a failure by two bins; 0 and 1 are learned from alike.
    const labels = Float32Array.of(1, 0, 1);
    const bernoulli = valueLoss(odds, batch, labels);
    const bins = histogramCrossEntropy(nextBins(pair, batch), batch.host.actionRows, labels);
    expect((await bins.data())[0]).toBeCloseTo((await bernoulli.data())[0], 5);
    for (const held of [bernoulli, bins, batch, model, odds, pair]) held.dispose();
  });

  it('tells a share of the tests from none, and guidance writes what has more', async () => {
    const model = policy();
    const value = startValueNetwork(model, 11);
    const rng = stream(3, 'shares');
    // Nothing passes all, but who writes 5 first has 60 % of the tests.
    const rows: LabelledRow[] = Array.from({ length: 256 }, () => {
      const first = 2 + rng.int(7);
      return { tokens: [3, first, 2 + rng.int(7)], promptLength: 1, label: first === 5 ? 0.6 : 0.1 };
    });
    let last = Number.POSITIVE_INFINITY;
    const settings = { epochs: 20, batch: 64, learningRate: 2e-2 };
    for await (const { loss } of trainValueNetwork(value, rows, settings, 1)) last = loss;
    expect(last).toBeLessThan(0.2);
    const share = async (rule: GuideRule, inverse: number) => {
      const guide = { model: value, rule, inverse, candidates: 9 };
      const options = { prompts: [Int32Array.of(3)], samplesPerPrompt: 400, seed: 1, streamId: 1, guide };
      const { tokens } = await generate(model, options);
      return Array.from({ length: 400 }, (_, row) => tokens[row * 6 + 1]).filter((t) => t === 5).length / 400;
    };
    const before = await share('cd', 0);
    expect(await share('cd', 12)).toBeGreaterThan(before + 0.4);
    expect(await share('q-sharp', 6)).toBeGreaterThan(before + 0.4);
    model.dispose();
    value.dispose();
  });
});

describe('reading what guidance did', () => {
  it('has the distance that the offsets make, and none without', async () => {
    const [model, value] = [policy(), startValueNetwork(policy())];
    const rows = [{ tokens: [3, 5, 6, 1], promptLength: 1 }];
    const plain = await readSteering(model, model, undefined, rows);
    // Padding is never drawn: what the policy gives to it is all the distance there is.
    expect(meanKl(plain)).toBeLessThan(3);
    const guide = { model: value, rule: 'q-sharp', inverse: 4, candidates: 9 } as const;
    const steered = await readSteering(model, model, guide, rows);
    const same = await readSteering(model, model, { ...guide, inverse: 0 }, rows);
    expect(same.kl).toEqual(plain.kl);
    expect(meanKl(steered)).toBeGreaterThan(meanKl(plain));
    const batch = upload(packSequences(rows));
    const logOdds = await actionLogits(value, batch).data();
    steered.success.forEach((p, i) => {
      expect(Math.log(p / (1 - p))).toBeCloseTo(logOdds[i], 3);
      // No token rises by more than its own offset.
      const rise = Math.log(steered.now[i] / plain.now[i]);
      expect(rise).toBeLessThanOrEqual(guideOffset('q-sharp', logOdds[i], 4) + 1e-4);
    });
    batch.dispose();
    model.dispose();
    value.dispose();
  });
});

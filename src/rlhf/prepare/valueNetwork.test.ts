import { beforeAll, describe, expect, it } from 'vitest';
import { guideOffset } from '../../core/decoding/guidance.ts';
import { stream } from '../../core/random.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { generate } from '../../nn/generate/generate.ts';
import { actionLogits, Transformer } from '../../nn/model/transformer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { binaryCrossEntropy } from '../../nn/training/losses.ts';
import { meanKl, readSteering } from '../sample/decode/steering.ts';
import { type LabelledRow, startValueNetwork, trainValueNetwork } from './valueNetwork.ts';

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

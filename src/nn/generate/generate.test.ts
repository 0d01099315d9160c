import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { packSequences, type SequenceRow, upload } from '../batch/batch.ts';
import { Transformer, tokenLogProbs } from '../model/transformer.ts';
import { actionLogits } from '../model/valueHead.ts';
import { openSimd } from '../simd/open.ts';
import { tf } from '../tensors/tf.ts';
import { finished, type GenerateOptions, generate, type Rollouts, startGenerating } from './generate.ts';
import { gumbel, log32, threshold, uniform } from './sampling.ts';

const config = { vocab: 37, width: 20, layers: 2, heads: 2, maxLength: 19 };

/** Ten times GPT-2's initial spread, so that distributions are far from uniform. */
function model(name = 'generate test'): Transformer {
  const rng = stream(5, name);
  return Transformer.create(config, { normal: () => 10 * rng.normal() });
}

const prompts = [Int32Array.of(3, 7, 11, 30), Int32Array.of(5), Int32Array.of(9, 4, 8), Int32Array.of(5)];

/** @param bins of its histograms; 1 for log-odds */
function valueNetwork(bins: number): Transformer {
  const plain = model('value network');
  if (bins === 1) return plain;
  const value = plain.withHistogramHead(bins);
  plain.dispose();
  // A prior and rows of its own, so that each bin reads something else.
  const rng = stream(6, 'bins');
  const noise = (name: string, size: number) =>
    tf.tidy(() =>
      value.params[name].assign(
        tf.add(
          value.params[name],
          tf.tensor(
            Float32Array.from({ length: size }, () => rng.normal()),
            value.params[name].shape,
          ),
        ),
      ),
    );
  if (bins > 2) for (const name of ['score.weight', 'score.bias']) noise(name, value.params[name].size);
  return value;
}

type Steering = Omit<NonNullable<GenerateOptions['guide']>, 'model'>;

async function on(
  backend: 'cpu' | 'simd',
  options: GenerateOptions,
  steering?: Steering,
  bins = 1,
): Promise<Rollouts> {
  await tf.setBackend(backend);
  const policy = model();
  const value = valueNetwork(bins);
  const guide = steering && { ...steering, model: value };
  const rollouts = await generate(policy, { ...options, guide });
  policy.dispose();
  value.dispose();
  return rollouts;
}

beforeAll(async () => {
  await openSimd();
});

describe('generate', () => {
  const common = { prompts, samplesPerPrompt: 5, seed: 11, streamId: 3 };
  it.each<[string, Partial<GenerateOptions>]>([
    ['plain', {}],
    ['greedy', { greedy: true }],
    ['at low temperature', { temperature: 0.6 }],
    ['among the top 4', { topK: 4 }],
    ['among the top 80 %', { topP: 0.8, temperature: 1.5 }],
    ['with banned tokens', { banned: [0, 2, 36], maxLength: 12 }],
    [
      'with half of the vocabulary banned',
      { banned: Array.from({ length: 18 }, (_, i) => 2 * i), temperature: 0.5 },
    ],
    ['with large seeds', { seed: 4294967295, streamId: 2147483650 }],
  ])('draws the same on SIMD kernels as in the reference: %s', async (_, special) => {
    const options = { ...common, ...special };
    const expected = await on('cpu', options);
    const actual = await on('simd', options);
    expect(actual.tokens).toEqual(expected.tokens);
    expect(actual.totalLength).toEqual(expected.totalLength);
    expect(actual.starts).toEqual(expected.starts);
    expect(Math.max(...actual.logProb.map((x, i) => Math.abs(x - expected.logProb[i])))).toBeLessThan(1e-4);
  });

  const steered: [string, Partial<GenerateOptions>, Steering][] = [
    ['Q#', {}, { rule: 'q-sharp', inverse: 10, candidates: 20 }],
    ['CD among few', { temperature: 0.7 }, { rule: 'cd', inverse: 4, candidates: 3 }],
    ['Q# greedily', { greedy: true }, { rule: 'q-sharp', inverse: 3, candidates: 37 }],
    [
      'Q# among the top 60 %',
      { topP: 0.6, banned: [0, 2, 9] },
      { rule: 'q-sharp', inverse: 2, candidates: 8 },
    ],
  ];
  const byHead = steered.flatMap(([name, special, steering]) =>
    [1, 11].map((bins) => [name, bins, special, steering] as const),
  );
  it.each(byHead)(
    'steered by %s with %i bins it draws the same on both, and not what the policy draws',
    async (_, bins, special, steering) => {
      const options = { ...common, ...special };
      const expected = await on('cpu', options, steering, bins);
      const actual = await on('simd', options, steering, bins);
      expect(actual.tokens).toEqual(expected.tokens);
      expect(Math.max(...actual.logProb.map((x, i) => Math.abs(x - expected.logProb[i])))).toBeLessThan(1e-4);
      expect(actual.tokens).not.toEqual((await on('simd', options)).tokens);
    },
  );

  it.each(['q-sharp', 'cd'] as const)(
    'is the frozen policy, to the bit, where η has no end: %s',
    async (rule) => {
      for (const backend of ['cpu', 'simd'] as const) {
        const plain = await on(backend, common);
        for (const bins of [1, 11])
          expect(await on(backend, common, { rule, inverse: 0, candidates: 5 }, bins)).toEqual(plain);
      }
    },
  );

  it('draws by a histogram of two bins what it draws by log-odds', async () => {
    const steering = { rule: 'q-sharp', inverse: 3, candidates: 37 } as const;
    for (const backend of ['cpu', 'simd'] as const)
      expect((await on(backend, common, steering, 2)).tokens).toEqual(
        (await on(backend, common, steering)).tokens,
      );
  });

  it('draws steered tokens in proportion to π e^offset', async () => {
    await tf.setBackend('simd');
    const [policy, value] = [model(), model('value network')];
    const prompt = prompts[0];
    const [samplesPerPrompt, candidates, inverse] = [4000, 6, 2];
    const maxLength = prompt.length + 1;
    const options = { ...common, prompts: [prompt], samplesPerPrompt, maxLength, banned: [] };
    const { tokens } = await generate(policy, {
      ...options,
      guide: { model: value, rule: 'q-sharp', inverse, candidates },
    });
    const rows = Array.from({ length: config.vocab }, (_, token) => ({
      tokens: [...prompt, token],
      promptLength: prompt.length,
    }));
    const batch = upload(packSequences(rows));
    const logProb = await tokenLogProbs(policy, batch).logProb.data();
    const logOdds = await actionLogits(value, batch).data();
    for (const held of [batch, policy, value]) held.dispose();
    const least = Array.from(logProb).sort((a, b) => b - a)[candidates - 1];
    const weight = Array.from(logProb, (z, v) => {
      const p = 1 / (1 + Math.exp(-logOdds[v]));
      return Math.exp(z) * (z >= least ? 1 + p * (Math.exp(inverse) - 1) : 1);
    });
    const total = weight.reduce((sum, w) => sum + w);
    for (let v = 0; v < config.vocab; v++) {
      const share = weight[v] / total;
      let count = 0;
      for (let row = 0; row < samplesPerPrompt; row++)
        if (tokens[row * maxLength + prompt.length] === v) count++;
      const spread = Math.sqrt(samplesPerPrompt * share * (1 - share));
      expect(Math.abs(count - samplesPerPrompt * share)).toBeLessThan(5 * spread + 1);
    }
  });

  it('gives log-probabilities that a second reading agrees with', async () => {
    await tf.setBackend('simd');
    const policy = model();
    const rollouts = await generate(policy, { ...common, temperature: 0.7 });
    const rows: SequenceRow[] = Array.from(rollouts.totalLength, (length, row) => ({
      tokens: rollouts.tokens.subarray(row * config.maxLength, row * config.maxLength + length),
      promptLength: rollouts.promptLength[row],
    }));
    const batch = upload(packSequences(rows));
    const again = await tokenLogProbs(policy, batch).logProb.data();
    expect(again.length).toBe(rollouts.logProb.length);
    for (let i = 0; i < again.length; i++) expect(again[i]).toBeCloseTo(rollouts.logProb[i], 4);
    batch.dispose();
    policy.dispose();
  });

  it('ends rows at the end token or at the length limit, and bans padding', async () => {
    const rollouts = await on('simd', { ...common, samplesPerPrompt: 20 });
    let ended = 0;
    for (let row = 0; row < rollouts.totalLength.length; row++) {
      const all = rollouts.tokens.subarray(row * config.maxLength, (row + 1) * config.maxLength);
      const length = rollouts.totalLength[row];
      const completion = all.subarray(rollouts.promptLength[row], length);
      expect(completion).not.toContain(0);
      expect(completion.slice(0, -1)).not.toContain(1);
      expect(Array.from(all.subarray(length)).every((token) => token === 0)).toBe(true);
      if (finished(rollouts, row)) ended++;
      else expect(length).toBe(config.maxLength);
    }
    expect(ended).toBeGreaterThan(0);
  });

  it('draws a row alike whatever is drawn beside it', async () => {
    const all = await on('simd', common);
    const first = await on('simd', { ...common, prompts: prompts.slice(0, 1) });
    expect(first.tokens).toEqual(all.tokens.subarray(0, first.tokens.length));
  });

  it.each(['cpu', 'simd'] as const)(
    'draws the same in pieces, whatever is stopped in between: %s',
    async (backend) => {
      const wanted = await on(backend, common);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ count: fc.nat(9), stop: fc.uniqueArray(fc.nat(19)) }), { maxLength: 4 }),
          async (plan) => {
            const policy = model();
            const generation = startGenerating(policy, common);
            let { totalLength } = await generation.advance(1);
            const stoppedAt = new Map<number, number>();
            for (const { count, stop } of plan) {
              ({ totalLength } = await generation.advance(count));
              generation.stop(stop);
              for (const row of stop) if (!stoppedAt.has(row)) stoppedAt.set(row, totalLength[row]);
            }
            const { tokens, logProb, starts } = await generation.advance(config.maxLength);
            for (let row = 0; row < totalLength.length; row++) {
              const length = stoppedAt.get(row) ?? wanted.totalLength[row];
              const from = row * config.maxLength;
              expect(tokens.slice(from, from + length)).toEqual(wanted.tokens.slice(from, from + length));
              expect(tokens.slice(from + length, from + config.maxLength).every((token) => token === 0)).toBe(
                true,
              );
              expect(starts[row + 1] - starts[row]).toBe(length - wanted.promptLength[row]);
              expect(logProb[starts[row]]).toBe(wanted.logProb[wanted.starts[row]]);
            }
            generation.dispose();
            policy.dispose();
          },
        ),
        { numRuns: backend === 'cpu' ? 5 : 25 },
      );
    },
  );

  it('draws in proportion to the probabilities', async () => {
    await tf.setBackend('simd');
    const policy = model();
    const samplesPerPrompt = 4000;
    const prompt = prompts[0];
    const { tokens, logProb } = await generate(policy, {
      ...common,
      prompts: [prompt],
      samplesPerPrompt,
      maxLength: prompt.length + 1,
      banned: [],
    });
    policy.dispose();
    const counts = new Map<number, { count: number; probability: number }>();
    for (let row = 0; row < samplesPerPrompt; row++) {
      const token = tokens[row * (prompt.length + 1) + prompt.length];
      const seen = counts.get(token) ?? { count: 0, probability: Math.exp(logProb[row]) };
      seen.count++;
      counts.set(token, seen);
    }
    for (const { count, probability } of counts.values()) {
      const spread = Math.sqrt(samplesPerPrompt * probability * (1 - probability));
      expect(Math.abs(count - samplesPerPrompt * probability)).toBeLessThan(5 * spread + 1);
    }
  });

  it('keeps no memory', async () => {
    await tf.setBackend('simd');
    const policy = model();
    await generate(policy, common);
    const { heap } = await openSimd();
    const before = { used: heap.used, tensors: tf.memory().numTensors };
    for (let i = 0; i < 5; i++) await generate(policy, { ...common, seed: i });
    expect({ used: heap.used, tensors: tf.memory().numTensors }).toEqual(before);
    policy.dispose();
  });

  it.each<[Partial<GenerateOptions>, RegExp]>([
    [{ temperature: 0 }, /"temperature" must be above 0/],
    [{ topP: 1.5 }, /"topP" must lie in/],
    [{ maxLength: 40 }, /"maxLength" must lie in 1 to 19/],
    [{ prompts: [Int32Array.of()] }, /prompt 0 has 0 tokens/],
    [{ prompts: [Int32Array.of(99)] }, /prompt 0 has a token outside/],
  ])('refuses %o', async (special, message) => {
    const policy = model();
    await expect(generate(policy, { ...common, ...special })).rejects.toThrow(message);
    policy.dispose();
  });
});

describe('the arithmetic of drawing', () => {
  it('log32 agrees with Math.log', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(1e-30), max: Math.fround(1e30), noNaN: true }), (x) => {
        const exact = Math.log(x);
        expect(Math.abs(log32(x) - exact)).toBeLessThanOrEqual(3e-7 * Math.max(Math.abs(exact), 1e-3));
      }),
    );
  });

  it('uniform stays inside (0, 1) and noise is finite', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(1000), (draw, token) => {
        const u = uniform(draw, token);
        expect(u).toBeGreaterThan(0);
        expect(u).toBeLessThan(1);
        expect(Math.fround(u)).toBe(u);
        expect(Number.isFinite(gumbel(u))).toBe(true);
      }),
    );
    expect(Number.isFinite(gumbel(1 - 2 ** -24))).toBe(true);
    expect(Number.isFinite(gumbel(2 ** -24))).toBe(true);
  });

  it('top-k and top-p let through whole levels', () => {
    const scaled = Float32Array.of(1, 3, 2, 3, Number.NEGATIVE_INFINITY);
    expect(threshold(scaled, { topK: 1, topP: 1 })).toBe(3);
    expect(threshold(scaled, { topK: 3, topP: 1 })).toBe(2);
    expect(threshold(scaled, { topK: 0, topP: 0.5 })).toBe(3);
    expect(threshold(scaled, { topK: 0, topP: 0.99 })).toBe(1);
    expect(threshold(scaled, { topK: 0, topP: 1 })).toBe(Number.NEGATIVE_INFINITY);
  });
});

/**
 * Pins what training computes: two iterations of the fixture's small world for every filter under every reward, held
 * to numbers in loop.golden.json. Two runs of the same code always agree; this notices when the code computes
 * something else. `GOLDEN=write npx vitest run src/rlhf/loop.golden.test.ts` writes the numbers anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { tf } from '../nn/tensors/tf.ts';
import { iterate } from './loop.ts';
import { finish, small, start } from './testing/loop.fixture.ts';

const path = new URL('./loop.golden.json', import.meta.url);
const golden: Record<string, Numbers[]> = JSON.parse(readFileSync(path, 'utf8'));
const writing = process.env.GOLDEN === 'write';

interface Numbers {
  /** How often each response was learned from. */
  uses: string;
  /** A sum over all sampled tokens that notices when one of them changes. */
  tokens: number;
  rewards: number;
  metrics: Record<string, number>;
}
const pinned = [
  'score',
  'passRate',
  'rewardPi',
  'rewardMu',
  'passRateMu',
  'r2All',
  'kl',
  'entropy',
  'explainedVariance',
  'policyLoss',
  'clipFraction',
  'approxKl',
  'clippedResponses',
  'groupSpread',
  'flatGroups',
  'policyGradNorm',
  'valueLoss',
  'criticGradNorm',
  'samples',
  'rewardPasses',
  'criticPasses',
  'policyPasses',
  'updateTokens',
  'beta',
];

const own: Record<string, Record<string, unknown>> = {
  custom: { customFilter: 'abs' },
  top: { thresholdHigh: 0.2 },
  'top-rand': { thresholdHigh: 0.2 },
  'top-bott': { thresholdHigh: 0.2, thresholdLow: -0.2 },
  pods: { keep: 3 },
  cppo: { keep: 3 },
  positives: { passAt: 0.1 },
  negatives: { passAt: 0.1 },
  'w-reinforce': { passAt: 0.1, positiveWeight: 0.5 },
  'pass-band': { passAt: 0.5 },
  'difficulty-band': { passAt: 0.5 },
  'variance-top-p': { varianceShare: 0.6 },
  'variance-top-k': { keepPrompts: 2 },
  synthetic: { syntheticNoise: [0, 0.1, 0.2, 0.1, 0] },
};

const cases: Record<string, Record<string, unknown>> = {};
for (const reward of ['model', 'oracle', 'synthetic']) {
  for (const method of [
    'ppo-m',
    'ppo-s',
    'bon',
    'br',
    'bw',
    'wr',
    'rand2',
    'top',
    'top-rand',
    'top-bott',
    'pow',
    'custom',
  ]) {
    cases[`${reward} ${method}`] = { reward, method, ...own[reward], ...own[method] };
  }
}
for (const sampler of ['draw', 'resample', 'verl']) {
  cases[`bw, sampler ${sampler}`] = { method: 'bw', sampler };
  cases[`top-rand, sampler ${sampler}`] = { method: 'top-rand', sampler, ...own['top-rand'] };
}
cases['custom by rank weights'] = { method: 'custom', rankWeights: [0.4, 0.1, 0, 0.1, 0.4] };
cases['two epochs, steps of one size'] = { method: 'bw', epochs: 2, accounting: 'paper' };
cases['synthetic, fresh noise'] = {
  reward: 'synthetic',
  method: 'br',
  syntheticErrors: 'fresh',
  ...own.synthetic,
};
cases.ppocoder = { reward: 'ppocoder' };
cases['rtv, one visible test for half of the problems'] = {
  reward: 'rtv',
  verifierTests: 'visible',
  testShare: 0.5,
  verifiedShare: 0.5,
};
cases['adaptive price'] = { price: 'adaptive', klTarget: 0.05, klHorizon: 240 };
cases['synthetic, systematic'] = {
  reward: 'synthetic',
  method: 'top-bott',
  syntheticErrors: 'systematic',
  ...own.synthetic,
};
cases.genrm = { reward: 'genrm' };
cases['genrm, anchored by the start, bw'] = {
  reward: 'genrm',
  anchor: 'sft-best',
  anchorSamples: 3,
  method: 'bw',
};
cases.hybrid = { reward: 'hybrid', verifiedShare: 0.5 };
cases['hybrid of the reward model'] = { reward: 'hybrid', verifiedShare: 0.5, elsewhere: 'strong' };
cases['cool and narrow'] = { temperature: 0.7, topP: 0.9 };
for (const update of ['reinforce', 'rloo', 'grpo', 'dr-grpo', 'dapo']) {
  cases[update] = { update };
  cases[`${update}, bw, three epochs`] = { update, method: 'bw', epochs: 3, learningRate: 1e-2 };
}
for (const method of ['pods', 'cppo', 'gfpo', 'gfpo-per-token', 'positives', 'negatives', 'w-reinforce']) {
  cases[method] = { method, ...own[method] };
}
for (const prompts of ['zero-variance', 'pass-band', 'difficulty-band', 'variance-top-p', 'variance-top-k']) {
  cases[`${prompts}, bw`] = { method: `${prompts}+bw`, filterOn: 'truth', ...own[prompts] };
}
for (const update of ['ppo', 'grpo']) {
  cases[`${update}, normalised after filtering`] = { update, method: 'bw', normalise: 'after' };
}
cases['pre-ppo'] = { order: 'pre-ppo' };
cases.curriculum = { order: 'curriculum', firstSwitch: 1, secondSwitch: 1 };
cases['dynamic sampling'] = { order: 'dynamic', contrast: 0.5, rounds: 3 };
cases['difficulty band'] = { order: 'band', low: -0.2, high: 0.8 };
cases['speculative rejection'] = { decode: 'speculative', lanes: 12, memory: 24 };
cases['steered by Q#'] = { decode: 'guided', eta: 0.1, candidates: 6 };
cases['steered by CD, frozen'] = { decode: 'guided', rule: 'cd', eta: 0.2, candidates: 12, update: 'frozen' };
cases.discounted = { gamma: 0.9, lambda: 0.5, clip: 0.05, valueClip: 0.05, epochs: 3 };

async function twoIterations(changes: Record<string, unknown>): Promise<Numbers[]> {
  const { arm, state, dispose } = start(11, small(changes));
  const numbers: Numbers[] = [];
  for (const iteration of [1, 2]) {
    const { metrics, samples } = (await finish(iterate(arm, state, iteration))).value;
    numbers.push({
      uses: samples.uses.join(''),
      tokens: samples.tokens.reduce((sum, token, i) => (sum * 31 + token + i) % 1_000_003, 7),
      rewards: samples.reward.reduce((sum, reward, i) => sum + reward * (i + 1), 0),
      metrics: Object.fromEntries(pinned.flatMap((key) => (key in metrics ? [[key, metrics[key]]] : []))),
    });
  }
  dispose();
  return numbers;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it.each(Object.entries(cases))('computes what it always did: %s', async (name, changes) => {
  const numbers = await twoIterations(changes);
  if (writing) {
    golden[name] = numbers;
    writeFileSync(path, `${JSON.stringify(golden, null, 1)}\n`);
  }
  const expected = golden[name];
  expect(numbers.map(({ uses, tokens }) => ({ uses, tokens }))).toEqual(
    expected.map(({ uses, tokens }) => ({ uses, tokens })),
  );
  numbers.forEach(({ rewards, metrics }, i) => {
    expect(rewards).toBeCloseTo(expected[i].rewards, 5);
    expect(Object.keys(metrics)).toEqual(Object.keys(expected[i].metrics));
    // Another machine's exponentials may differ in their last bits; nothing else may.
    for (const [key, value] of Object.entries(metrics)) {
      const due = expected[i].metrics[key];
      expect(Math.abs(value - due), `${key} of iteration ${i + 1}`).toBeLessThan(1e-6 + 1e-5 * Math.abs(due));
    }
  });
});

it('holds no numbers that nothing computes', () => {
  expect(Object.keys(golden).sort()).toEqual(Object.keys(cases).sort());
});

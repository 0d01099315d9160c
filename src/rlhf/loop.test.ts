import { beforeAll, expect, it } from 'vitest';
import { tf } from '../nn/tensors/tf.ts';
import type { JudgePrograms } from './loop/run.ts';
import { iterate } from './loop.ts';
import { finish, small, start } from './testing/loop.fixture.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('passes the five stations in order, and runs before it scores when the reward is the truth', async () => {
  const learned = start(1, small());
  const first = await finish(iterate(learned.arm, learned.state, 1));
  expect(first.stations).toEqual(['sample', 'score', 'run', 'filter', 'update']);
  learned.dispose();
  const oracle = start(1, small({ reward: 'oracle' }));
  const second = await finish(iterate(oracle.arm, oracle.state, 1));
  expect(second.stations).toEqual(['sample', 'run', 'score', 'filter', 'update']);
  expect(second.value.samples.reward).toEqual(second.value.samples.score.map((s) => 2 * s - 1));
  oracle.dispose();
});

it('logs what a naive judge makes of the same programs, and learns nothing from it', async () => {
  const asked: string[][] = [];
  const run = async (naive: boolean) => {
    const { state, arm, dispose } = start(2, small());
    const naiveJudge: JudgePrograms = async (_, programs) => {
      asked.push(programs);
      return {
        score: new Float32Array(programs.length).fill(0.75),
        status: new Uint8Array(programs.length),
        raised: new Uint8Array(programs.length),
        cacheHits: 0,
      };
    };
    const { value } = await finish(iterate(naive ? { ...arm, naiveJudge } : arm, state, 1));
    dispose();
    return value;
  };
  const without = await run(false);
  const beside = await run(true);
  expect(asked.map((programs) => programs.length)).toEqual([20]);
  expect(without.metrics.naiveScore).toBeUndefined();
  expect(beside.metrics.naiveScore).toBe(0.75);
  expect(beside.metrics.score).toBe(without.metrics.score);
  expect(beside.metrics.policyLoss).toBe(without.metrics.policyLoss);
});

it('is paid by the naive judge where the reward believes it, and measured by the true one', async () => {
  const { state, arm, dispose } = start(2, small({ reward: 'rtv', verifierJudge: 'naive' }));
  const naiveJudge: JudgePrograms = async (_, programs) => ({
    score: Float32Array.from(programs, (_, i) => i % 2),
    status: new Uint8Array(programs.length),
    raised: new Uint8Array(programs.length),
    cacheHits: 0,
  });
  const { stations, value } = await finish(iterate({ ...arm, naiveJudge }, state, 1));
  dispose();
  expect(stations).toEqual(['sample', 'run', 'score', 'filter', 'update']);
  const { reward, score } = value.samples;
  expect([...reward]).toEqual(Array.from(reward, (_, i) => (i % 2 ? 1 : -1)));
  expect(value.metrics.naiveScore).toBe(0.5);
  // The truth is the same as where the naive judge is not asked.
  const other = start(2, small({ reward: 'rtv' }));
  const truthful = await finish(iterate(other.arm, other.state, 1));
  other.dispose();
  expect([...score]).toEqual([...truthful.value.samples.score]);
  expect([...truthful.value.samples.reward]).toEqual(Array.from(score, (s) => (s === 1 ? 1 : -1)));
});

it('gives the same numbers for the same seed, and others for another', async () => {
  const twoIterations = async (seed: number) => {
    const { state, arm, dispose } = start(seed, small());
    const records = [await finish(iterate(arm, state, 1)), await finish(iterate(arm, state, 2))];
    dispose();
    return records.map(({ value }) => [value.metrics.kl, value.metrics.policyLoss, ...value.samples.reward]);
  };
  const once = await twoIterations(3);
  expect(await twoIterations(3)).toEqual(once);
  expect(await twoIterations(4)).not.toEqual(once);
});

it('never lets the filter change what is sampled, only what is learned', async () => {
  const first = async (method: string) => {
    const { state, arm, dispose } = start(5, small({ method }));
    const { value } = await finish(iterate(arm, state, 1));
    dispose();
    return value;
  };
  const all = await first('ppo-m');
  const extremes = await first('bw');
  expect(extremes.samples.tokens).toEqual(all.samples.tokens);
  expect(extremes.samples.reward).toEqual(all.samples.reward);
  expect([...all.samples.uses]).toEqual(new Array(20).fill(1));
  expect(extremes.samples.uses.reduce((a, b) => a + b)).toBe(8);
  expect(all.metrics).toMatchObject({ samples: 20, rewardPasses: 20, policyPasses: 20, criticPasses: 20 });
  expect(extremes.metrics).toMatchObject({ samples: 20, rewardPasses: 20, policyPasses: 8, criticPasses: 8 });
});

it('keeps the first update on-policy: nothing is clipped and the reference has not been left', async () => {
  const { state, arm, dispose } = start(6, small({ minibatches: 1 }));
  const { value } = await finish(iterate(arm, state, 1));
  expect(value.metrics.clipFraction).toBe(0);
  expect(value.metrics.kl).toBeCloseTo(0, 5);
  expect(value.metrics.approxKl).toBeCloseTo(0, 6);
  dispose();
});

it('leaks no tensor over iterations', async () => {
  const { state, arm, dispose } = start(7, small({ method: 'custom', customFilter: 'x' }));
  await finish(iterate(arm, state, 1));
  const before = tf.memory().numTensors;
  await finish(iterate(arm, state, 2));
  expect(tf.memory().numTensors).toBe(before);
  dispose();
});

it('raises the reward that it is trained on', async () => {
  const eager = small({
    reward: 'oracle',
    prompts: 12,
    pool: 8,
    beta: 0,
    learningRate: 1e-2,
    minibatches: 4,
  });
  const { state, arm, dispose } = start(8, eager);
  const scores: number[] = [];
  for (let iteration = 1; iteration <= 12; iteration++) {
    scores.push((await finish(iterate(arm, state, iteration))).value.metrics.score);
  }
  expect(Math.min(...scores.slice(-3))).toBeGreaterThan(scores[0] + 0.2);
  dispose();
}, 120_000);

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSimd } from '../../../nn/simd/open.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { modelsOf } from '../../catalogue/catalogue.ts';
import { initialValues, type ValuesOf } from '../../catalogue/knobs.ts';
import { iterate } from '../../loop.ts';
import { finish, small, start } from '../../testing/loop.fixture.ts';
import { band } from './band.ts';
import { curriculum } from './curriculum.ts';
import { pickLowest, prePpo, standardised } from './prePpo.ts';
import { uniform } from './uniform.ts';

beforeAll(async () => {
  await openSimd();
});

const problems = Array.from({ length: 60 }, (_, i) => ({ id: `p${i}`, tier: 1 + (i % 3) })) as Problem[];
const all = Int32Array.from(problems, (_, i) => i);
const asked = { seed: 4, pool: 45, problems, memory: undefined, drawn: 0 };

describe('Pre-PPO', () => {
  const lowest = (rewards: readonly number[], share: number) =>
    pickLowest(all, standardised(all, rewards, problems, 'tier'), share);
  const rewards = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 60, maxLength: 60 });

  it('takes the share that is rewarded least, and no kind only for being low as a whole', () => {
    fc.assert(
      fc.property(rewards, fc.constantFrom(0.1, 0.2, 0.5), (values, share) => {
        const joined = lowest(values, share);
        expect(joined.length).toBe(60 * share);
        expect(new Set(joined).size).toBe(joined.length);
        const shifted = values.map((value, i) => (problems[i].tier === 3 ? value * 4 - 10 : value * 4));
        // The same in other units, up to how the last bits round.
        const again = new Set(lowest(shifted, share));
        expect([...joined].filter((at) => again.has(at)).length).toBeGreaterThanOrEqual(joined.length - 1);
        for (const tier of [1, 2, 3]) {
          const own = [...all].filter((at) => problems[at].tier === tier);
          const taken = own.filter((at) => joined.includes(at));
          const left = own.filter((at) => !joined.includes(at));
          for (const at of taken)
            for (const other of left) expect(values[at]).toBeLessThanOrEqual(values[other]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('trains on the original prompts and those that join, and counts its look', async () => {
    const settings = small({ order: 'pre-ppo', fresh: 2, share: 0.5, prompts: 7 });
    const { arm, state, dispose } = start(5, settings);
    const { samples, metrics } = (await finish(iterate(arm, state, 1))).value;
    expect(new Set(samples.problem).size).toBe(7);
    expect(metrics.samples).toBe(7 * 5 + 2);
    expect(metrics.rewardPasses).toBe(7 * 5 + 2);
    expect(metrics.sampledTokens).toBeGreaterThan(samples.tokens.length);
    dispose();
    const full = start(5, small({ order: 'pre-ppo', pool: 8 }));
    await expect(finish(iterate(full.arm, full.state, 1))).rejects.toThrow(
      /needs new prompts, but all 8 problems/,
    );
    full.dispose();
  });

  it('has the selection of the small policy whatever the arm starts from, and counts the look of the small one', async () => {
    const at = (selectedBy: string) => start(8, small({ order: 'pre-ppo', pool: 2, share: 0.5, selectedBy }));
    const select = async ({ arm }: ReturnType<typeof start>, reference = arm.reference) => {
      const { memory, costs } = await prePpo.memory!.start(
        { ...arm, reference },
        arm.settings.order as unknown as ValuesOf<typeof prePpo.knobs>,
      );
      return { joined: memory.joined as number[], costs: costs! };
    };
    const [own, bySmall] = [at('own'), at('small')];
    const smallest = bySmall.arm.models['small-policy'];
    expect(modelsOf(own.arm.settings)).toEqual(['strong']);
    expect(modelsOf(bySmall.arm.settings)).toEqual(['small-policy', 'strong']);
    const expected = await select(own, smallest);
    expect(expected.joined.length).toBe(3);
    expect(expected.costs).toMatchObject({ samples: 6, rewardPasses: 6 });
    for (const reference of [bySmall.arm.reference, smallest])
      expect(await select(bySmall, reference)).toEqual(expected);
    expect((await select(own)).joined).not.toEqual(expected.joined);
    own.dispose();
    bySmall.dispose();
  });
});

describe('a curriculum', () => {
  it('has the first tier, then two, then all, each problem once before any comes again', () => {
    const knobs = { ...initialValues(curriculum.knobs), firstSwitch: 2, secondSwitch: 5 };
    const seen: number[][] = [];
    for (let iteration = 1; iteration <= 8; iteration++)
      seen.push([...curriculum.choose({ ...asked, iteration, count: 6 }, knobs)]);
    const highest = seen.map((chosen) => Math.max(...chosen.map((at) => problems[at].tier)));
    expect(highest.slice(0, 2)).toEqual([1, 1]);
    expect(Math.max(...highest.slice(2, 5))).toBe(2);
    expect(Math.max(...highest.slice(5))).toBe(3);
    for (const [from, to] of [
      [0, 2],
      [2, 5],
      [5, 8],
    ]) {
      const stage = seen.slice(from, to).flat();
      expect(new Set(stage).size).toBe(stage.length);
    }
  });

  it('is uniform once all have joined from the start', () => {
    const knobs = { ...initialValues(curriculum.knobs), firstSwitch: 0, secondSwitch: 0 };
    const ask = { ...asked, iteration: 3, count: 10 };
    expect(curriculum.choose(ask, knobs)).toEqual(uniform.choose(ask, {}));
  });
});

describe('dynamic sampling', () => {
  const run = async (changes: Record<string, unknown>) => {
    const { arm, state, dispose } = start(6, small(changes));
    const first = await finish(iterate(arm, state, 1));
    const memory = state.memory.order;
    const second = await finish(iterate(arm, state, 2));
    dispose();
    return { first, second, memory };
  };
  const spreads = (reward: Float32Array) =>
    Array.from({ length: reward.length / 5 }, (_, g) => {
      const own = reward.subarray(5 * g, 5 * g + 5);
      return Math.max(...own) - Math.min(...own);
    });

  it('replaces groups without contrast and counts them', async () => {
    const uniformly = (await run({})).first.value.samples;
    // Two of the four groups have less.
    const ranked = spreads(uniformly.reward).sort((a, b) => a - b);
    const contrast = (ranked[1] + ranked[2]) / 2;
    const { first, memory } = await run({ order: 'dynamic', contrast, rounds: 20 });
    const { samples, metrics } = first.value;
    expect(samples.reward.length).toBe(20);
    expect(Math.min(...spreads(samples.reward))).toBeGreaterThan(contrast);
    expect(metrics.samples).toBe(5 * (memory.drawn as number));
    expect(metrics.samples).toBeGreaterThan(20);
    expect(metrics.rewardPasses).toBe(metrics.samples);
    expect(metrics.referencePasses).toBe(metrics.samples);
    expect(metrics.thrownShare).toBeCloseTo(1 - samples.tokens.length / metrics.sampledTokens, 6);
    expect(first.stations.filter((station) => station === 'sample').length).toBeGreaterThan(1);
    expect(first.stations.slice(-2)).toEqual(['filter', 'update']);
  });

  it('is uniform, to the bit, where every group has contrast', async () => {
    const plain = await run({});
    const dynamic = await run({ order: 'dynamic', contrast: 0 });
    expect(dynamic.first.value.samples).toEqual(plain.first.value.samples);
    expect(dynamic.second.value.samples).toEqual(plain.second.value.samples);
    expect(dynamic.first.stations).toEqual(plain.first.stations);
  });

  it('waits for verdicts in every round where the reward is made from them', async () => {
    const { first } = await run({ order: 'dynamic', reward: 'oracle', contrast: 0, rounds: 4 });
    const { samples } = first.value;
    samples.reward.forEach((reward, row) => {
      expect(reward).toBeCloseTo(2 * samples.score[row] - 1, 6);
    });
    expect(first.stations.slice(0, 3)).toEqual(['sample', 'run', 'score']);
  });
});

describe('a difficulty band', () => {
  it('keeps to the band where it holds enough prompts, and to its neighbours where not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 12 }),
        (mean, count) => {
          const knobs = { ...initialValues(band.knobs), low: -0.5, high: 0.5 };
          const memory = { members: mean.map((_, i) => 3 * i), mean };
          const chosen = band.choose({ ...asked, memory, iteration: 1, count }, knobs);
          const distance = (at: number) => Math.max(-0.5 - mean[at / 3], mean[at / 3] - 0.5, 0);
          const inside = mean.filter((m) => Math.abs(m) <= 0.5).length;
          const used = new Set(chosen);
          expect(used.size).toBe(count);
          if (inside >= count) for (const at of used) expect(distance(at)).toBe(0);
          else {
            const farthest = Math.max(...[...used].map(distance));
            for (const at of memory.members)
              if (!used.has(at)) expect(distance(at)).toBeGreaterThanOrEqual(farthest);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('follows what the policy is rewarded', async () => {
    const { arm, state, dispose } = start(7, small({ order: 'band', renewal: 1, prompts: 2 }));
    const { samples } = (await finish(iterate(arm, state, 1))).value;
    const { members, mean } = state.memory.order as { members: readonly number[]; mean: readonly number[] };
    for (const at of new Set(samples.problem)) {
      const own = samples.reward.filter((_, row) => samples.problem[row] === at);
      expect(mean[members.indexOf(at)]).toBeCloseTo(own.reduce((sum, r) => sum + r, 0) / own.length, 5);
    }
    dispose();
  });
});

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import * as nn from '../../nn/forMethods.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import type { TaskSet } from '../../rlhf/loop/responses.ts';
import type { Problem } from '../../tasks/problem.ts';
import { type ArenaSettings, type PromptResult, runArena, type SideNow } from './arena.ts';
import { bestOf, reach, reportOf } from './report.ts';

const config = { vocab: 12, width: 8, layers: 1, heads: 2, maxLength: 16 };
const tasks: TaskSet = {
  problems: Array.from({ length: 6 }, (_, i) => ({ id: `p${i}`, tier: 1 }) as Problem),
  prompts: Array.from({ length: 6 }, (_, i) => Int32Array.of(2, 3 + i)),
  reference: () => Int32Array.of(5, 1),
  source: (tokens) => Array.from(tokens).join(' '),
};
const settings: ArenaSettings = { prompts: 4, lanes: 12, alpha: 0.5, memory: 36, cutBy: 'reward', seed: 5 };

beforeAll(async () => {
  await openSimd();
});

async function run(changes: Partial<ArenaSettings>, stride = 2) {
  const spread = (seed: number) => {
    const rng = stream(seed, 'arena test');
    return { normal: () => 5 * rng.normal() };
  };
  const policy = Transformer.create(config, spread(1));
  const reward = Transformer.create(config, spread(2), { scalarHead: true });
  const critic = Transformer.create(config, spread(3), { scalarHead: true });
  const models = { policy, reward, critic };
  const pieces = runArena(nn, models, tasks, { ...settings, ...changes }, stride);
  const seen: SideNow[] = [];
  let results: PromptResult[];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) {
      results = value;
      break;
    }
    seen.push(value);
  }
  for (const model of [policy, reward, critic]) model.dispose();
  return { seen, results };
}

describe('the arena', () => {
  it('is the same on both sides, to the bit, when nothing is cut', async () => {
    const { results } = await run({ alpha: 0 });
    for (const { outcomes } of results) expect(outcomes.rejection).toEqual(outcomes.bon);
    const report = reportOf(results, settings.lanes);
    expect(report.difference).toEqual({ value: 0, low: 0, high: 0 });
    expect(report.foresight).toEqual([]);
  });

  it.each(['reward', 'value', 'likelihood'] as const)(
    'costs less when lanes are cut, and never answers better than Best-of-N of the same lanes: by %s',
    async (cutBy) => {
      const { results, seen } = await run({ cutBy });
      for (const { outcomes, rewards, decisions } of results) {
        const { bon, rejection } = outcomes;
        expect(bon.reward).toBe(Math.max(...rewards));
        expect(rejection.reward).toBeLessThanOrEqual(bon.reward);
        expect(rejection.reward).toBeCloseTo(rewards[rejection.answer], 5);
        expect(rejection.policyTokens).toBeLessThan(bon.policyTokens);
        expect(decisions.length).toBeGreaterThan(0);
        expect(rejection.peak).toBeLessThanOrEqual(settings.memory);
      }
      const last = seen.filter(({ side }) => side === 'rejection').at(-1)!;
      expect(last.states).toContain('cut');
      expect(last.states).not.toContain('live');
      const { foresight, speedUp } = reportOf(results, settings.lanes);
      expect(foresight.length).toBeGreaterThan(0);
      for (const { pairs } of foresight)
        for (const [, final] of pairs) expect(Math.abs(final)).toBeLessThanOrEqual(1);
      expect(speedUp.policy.low).toBeLessThanOrEqual(speedUp.policy.value);
      expect(speedUp.policy.high).toBeGreaterThanOrEqual(speedUp.policy.value);
    },
  );

  it('ends alike however large its pieces are', async () => {
    expect((await run({}, 1)).results).toEqual((await run({}, 100)).results);
  });
});

describe('the report', () => {
  it('knows the best of n that is to be expected', () => {
    expect(bestOf([3, 1, 2])).toEqual([expect.closeTo(2, 9), expect.closeTo(8 / 3, 9), 3]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 7 }), (rewards) => {
        const curve = bestOf(rewards);
        expect(curve[0]).toBeCloseTo(rewards.reduce((sum, r) => sum + r, 0) / rewards.length, 9);
        expect(curve.at(-1)).toBeCloseTo(Math.max(...rewards), 9);
        // All pairs, counted.
        if (rewards.length >= 2) {
          const pairs = rewards.flatMap((a, i) => rewards.slice(i + 1).map((b) => Math.max(a, b)));
          expect(curve[1]).toBeCloseTo(pairs.reduce((sum, r) => sum + r, 0) / pairs.length, 9);
        }
      }),
    );
  });

  it('finds where a curve reaches a reward', () => {
    const curve = [0, 1, 1.5, 1.75];
    expect([-1, 0, 1, 1.5, 1.75, 2].map((reward) => reach(curve, reward))).toEqual([1, 1, 2, 3, 4, 4]);
    expect(reach(curve, 0.5)).toBeCloseTo(Math.SQRT2, 9);
  });
});

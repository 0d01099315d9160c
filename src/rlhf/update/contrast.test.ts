/** Laws of the updates that learn from comparisons. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSimd } from '../../nn/simd/open.ts';
import { methodOf } from '../catalogue/catalogue.ts';
import type { About } from '../catalogue/method.ts';
import { withChanges } from '../catalogue/paths.ts';
import type { ArmSettings } from '../catalogue/settings.ts';
import type { IterationMetrics } from '../loop/metrics.ts';
import type { Scored } from '../loop/responses.ts';
import { iterate } from '../loop.ts';
import type { UpdateMethod } from '../slots.ts';
import { finish, small, start } from '../testing/loop.fixture.ts';
import { contrasts } from './contrast.ts';
import { updates } from './index.ts';

beforeAll(async () => {
  await openSimd();
});

/** One iteration of the fixture's world in a single step, so that the loss is that of the starting policy. */
async function firstStep(changes: Record<string, unknown>): Promise<IterationMetrics> {
  const { arm, state, dispose } = start(7, small({ minibatches: 1, filter: 'bw', ...changes }));
  const { metrics } = (await finish(iterate(arm, state, 1))).value;
  dispose();
  return metrics;
}

describe('at the start, where policy and reference are one', () => {
  it.each(['dpo', 'cdpo', 'dpop', 'tdpo'])('the loss of %s is log 2', async (update) => {
    expect((await firstStep({ update })).policyLoss).toBeCloseTo(Math.log(2), 5);
  });
  it('the loss of IPO is the square of the margin to reach', async () => {
    expect((await firstStep({ update: 'ipo', tau: 0.25 })).policyLoss).toBeCloseTo(4, 4);
  });
  it('half of what KTO can lose is lost, on either side', async () => {
    expect((await firstStep({ update: 'kto' })).policyLoss).toBeCloseTo(0.5, 5);
  });
});

it('an update that compares with no reference never reads it', () => {
  const blind = updates.filter(({ priced, compares }: UpdateMethod) => !priced && !compares);
  expect(blind.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['simpo', 'orpo', 'cpo', 'slic', 'rrhf', 'pro']),
  );
  const scored = {
    rows: Array.from({ length: 4 }, () => ({ tokens: [2, 3, 1], promptLength: 1 })),
    group: Int32Array.of(0, 0, 1, 1),
    starts: Int32Array.of(0, 2, 4, 6, 8),
    logProb: new Float32Array(8),
    standardised: Float32Array.of(1, 0, 2, 0),
    get refLogProb(): Float32Array {
      throw new Error('The reference was read.');
    },
  } as unknown as Scored;
  for (const method of blind as UpdateMethod[]) {
    expect(() =>
      method.examples(scored, Int32Array.of(0, 1, 2, 3), small({ update: method.id }).update),
    ).not.toThrow();
  }
  expect(() =>
    methodOf('update', 'dpo').examples(scored, Int32Array.of(0, 1), small({ update: 'dpo' }).update),
  ).toThrow('The reference was read.');
});

it('compares every kept row with every other to its prompt, best first, once', () => {
  const rewards = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(
      rewards,
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.nat()),
      (reward, size, random) => {
        const group = Int32Array.from(reward, (_, row) => Math.floor(row / size));
        const scored = { standardised: Float32Array.from(reward), group } as Scored;
        const kept = Int32Array.from(
          { length: reward.length },
          () => Number(random.next().value) % reward.length,
        );
        const { rows, metrics } = contrasts(scored, kept);
        const distinct = new Set(kept);
        let pairs = 0;
        for (const i of distinct)
          for (const j of distinct) if (group[i] === group[j] && reward[i] > reward[j]) pairs++;
        expect(metrics.comparisons).toBe(pairs);
        for (const members of rows) {
          expect(new Set(members).size).toBe(members.length);
          for (const row of members) expect(distinct.has(row)).toBe(true);
          for (let at = 1; at < members.length; at++) {
            expect(reward[members[at - 1]]).toBeGreaterThanOrEqual(reward[members[at]]);
          }
          expect(reward[members[0]]).toBeGreaterThan(reward[members.at(-1)!]);
        }
      },
    ),
  );
});

describe('a store', () => {
  const settings = small({ update: 'dpo', filter: 'bw', decode: 'stored', storedIterations: 2 });

  it('is written once, and costs nothing when it is read again', async () => {
    const { arm, state, dispose } = start(3, settings);
    const rows: Int32Array[] = [];
    const samples: number[] = [];
    for (let iteration = 1; iteration <= 4; iteration++) {
      const { value } = await finish(iterate(arm, state, iteration));
      rows.push(Int32Array.from(value.samples.tokens));
      samples.push(value.metrics.samples);
      expect(value.metrics).not.toHaveProperty('kl');
    }
    expect(rows[2]).toEqual(rows[0]);
    expect(rows[3]).toEqual(rows[1]);
    expect(samples).toEqual([20, 40, 40, 40]);
    dispose();
  });

  it('of a renewed reference is written anew in every round', async () => {
    const round = small({
      ...{ update: 'dpo', filter: 'bw', decode: 'stored' },
      storedIterations: 1,
      reference: 'renewed',
      renewEvery: 2,
      learningRate: 0.01,
    });
    const { arm, state, dispose } = start(3, round);
    const samples: number[] = [];
    for (let iteration = 1; iteration <= 4; iteration++) {
      samples.push((await finish(iterate(arm, state, iteration))).value.metrics.samples);
    }
    expect(samples).toEqual([20, 20, 40, 40]);
    dispose();
  });
});

it('a reference renewed after every iteration sees no distance', async () => {
  const { arm, state, dispose } = start(
    5,
    small({ update: 'dpo', reference: 'renewed', renewEvery: 1, minibatches: 1 }),
  );
  for (let iteration = 1; iteration <= 3; iteration++) {
    expect((await finish(iterate(arm, state, iteration))).value.metrics.policyLoss).toBeCloseTo(
      Math.log(2),
      4,
    );
  }
  dispose();
});

it('samples hold an advantage for every token, or none at all', async () => {
  for (const normalise of ['before', 'after']) {
    const { arm, state, dispose } = start(5, small({ update: 'grpo', filter: 'bw', normalise }));
    const { samples } = (await finish(iterate(arm, state, 1))).value;
    if (normalise === 'before') expect(samples.advantage).toHaveLength(samples.tokens.length);
    else expect(samples).not.toHaveProperty('advantage');
    dispose();
  }
});

it.each([
  [{ update: 'kto', filter: 'positives' }, 'filter', 'it keeps good ones only'],
  [{ update: 'kto', filter: 'negatives' }, 'filter', 'it keeps bad ones only'],
  [{ update: 'dpo', filter: 'bon' }, 'filter', 'it keeps one'],
  [{ update: 'rrhf', filter: 'br', keep: 1 }, 'filter.keep', 'keep must be 2 or more'],
  [{ update: 'simpo', responses: 1 }, 'training.responses', 'responses must be 2 or more'],
  [{ update: 'bond' }, 'decode', 'decode must be beside'],
  [
    { update: 'bond', decode: 'beside', referenceResponses: 1 },
    'decode.referenceResponses',
    'must be 2 or more',
  ],
])('%j is refused at %s, with a repair that holds', (changes, path, message) => {
  const conflictsOf = (settings: ArmSettings) => {
    const method: About = methodOf('update', settings.update.method);
    return method.conflicts?.(settings.update as never, settings) ?? [];
  };
  const settings = small(changes);
  const conflict = conflictsOf(settings).find((each) => each.path === path)!;
  expect(conflict.message).toContain(message);
  const repaired = withChanges(settings, conflict.repair);
  expect(conflictsOf(repaired).filter((each) => each.path === path)).toEqual([]);
});

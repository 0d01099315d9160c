import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../random.ts';
import { expectedUses } from './expectedUses.ts';
import {
  type Filter,
  type RankPreset,
  rankGroups,
  rankWeights,
  type Sampler,
  select,
  selectWeighted,
} from './filter.ts';

const presets: RankPreset[] = ['uniform', 'best', 'best-random', 'best-worst', 'worst-random'];
const samplers: Sampler[] = ['keep', 'draw', 'resample', 'verl'];

/** Batches of groups of mixed size in mixed order, with many ties when `levels` is small. */
const batches = (levels: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -levels, max: levels })), {
      minLength: 1,
      maxLength: 40,
    })
    .map((rows) => ({
      group: Int32Array.from(rows, ([group]) => group * 7 - 3),
      reward: Float32Array.from(rows, ([, reward]) => reward / levels),
    }));
/** Batches without ties. */
const distinct = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 }).chain((group) =>
  fc.integer().map((seed) => ({
    group: Int32Array.from(group),
    reward: stream(seed).shuffle(Float32Array.from(group, (_, i) => (i - 10) / 16)),
  })),
);
const weights = fc.oneof(
  fc.constantFrom(...presets),
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }),
);
const rankFilter = fc.record({
  kind: fc.constant('rank' as const),
  weights,
  keep: fc.integer({ min: 1, max: 8 }),
});
const threshold = fc.option(fc.integer({ min: -4, max: 4 }).map((x) => x / 4));
const filters: fc.Arbitrary<Filter> = fc.oneof(
  rankFilter,
  fc.record({
    kind: fc.constant('threshold' as const),
    above: threshold,
    below: threshold,
    otherwise: fc.constantFrom(0, 0.5, 1),
  }),
  fc.record({ kind: fc.constant('power' as const), exponent: fc.integer({ min: 0, max: 4 }) }),
);
const sampler = fc.constantFrom(...samplers);
const rank = (preset: RankPreset | number[], keep: number): Filter => ({
  kind: 'rank',
  weights: preset,
  keep,
});
/** One group of the given rewards. */
const oneGroup = (...reward: number[]) => ({
  reward: Float32Array.from(reward),
  group: new Int32Array(reward.length),
});
/** How often each row is selected over many seeds, per seed. */
function frequency(filter: Filter, how: Sampler, batch: ReturnType<typeof oneGroup>, seeds = 4000) {
  const uses = new Float64Array(batch.reward.length);
  for (let seed = 0; seed < seeds; seed++) {
    for (const row of select(filter, how, batch, stream(seed, 'f'))) uses[row] += 1 / seeds;
  }
  return uses;
}
const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12) => {
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `entry ${i}`).toBeLessThan(tolerance);
  }
};
const sizes = (group: Int32Array) => {
  const count = new Map<number, number>();
  for (const g of group) count.set(g, (count.get(g) ?? 0) + 1);
  return count;
};

describe('select', () => {
  it('gives rows of the batch, and the same for the same seed', () => {
    fc.assert(
      fc.property(filters, sampler, batches(3), fc.integer(), (filter, how, batch, seed) => {
        const rows = select(filter, how, batch, stream(seed));
        for (const row of rows) expect(batch.reward[row]).toBeDefined();
        expect(select(filter, how, batch, stream(seed))).toEqual(rows);
        if (how === 'keep') expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
      }),
    );
  });

  it('keeps min(k, ranks with weight) of every group', () => {
    fc.assert(
      fc.property(rankFilter, batches(3), fc.integer(), (filter, batch, seed) => {
        const kept = sizes(select(filter, 'keep', batch, stream(seed)).map((row) => batch.group[row]));
        for (const [group, size] of sizes(batch.group)) {
          const open = rankWeights(filter.weights, size).filter((w) => w > 0).length;
          expect(kept.get(group) ?? 0).toBe(Math.min(filter.keep, open));
        }
      }),
    );
  });

  it('draws min(k, group size) rows of every group; resample and verl as many as the batch has', () => {
    fc.assert(
      fc.property(fc.constantFrom(...presets), batches(3), fc.integer(), (preset, batch, seed) => {
        const drawn = sizes(
          select(rank(preset, 3), 'draw', batch, stream(seed)).map((row) => batch.group[row]),
        );
        for (const [group, size] of sizes(batch.group)) expect(drawn.get(group)).toBe(Math.min(3, size));
        for (const how of ['resample', 'verl'] as const) {
          expect(select(rank(preset, 3), how, batch, stream(seed)).length).toBe(batch.reward.length);
        }
      }),
    );
  });

  it('is PPO-M with uniform weights and k = N, or with no threshold', () => {
    fc.assert(
      fc.property(batches(2), fc.integer(), (batch, seed) => {
        const all = [...batch.reward.keys()];
        expect([...select(rank('uniform', 40), 'keep', batch, stream(seed))]).toEqual(all);
        const open: Filter = { kind: 'threshold', above: null, below: null, otherwise: 1 };
        expect([...select(open, 'keep', batch, stream(seed))]).toEqual(all);
        const flat: Filter = { kind: 'power', exponent: 0 };
        expect([...select(flat, 'keep', batch, stream(seed))]).toEqual(all);
      }),
    );
  });

  it('chooses the same responses when rows are permuted or rewards rescaled by a monotone function', () => {
    const seedFree = fc.constantFrom(rank('best-worst', 2), rank('best', 1), rank([3, 2, 1, 0, 0], 2));
    fc.assert(
      fc.property(seedFree, distinct, fc.integer(), (filter, batch, seed) => {
        const uncertain = expectedUses(filter, 'keep', rankGroups(batch.reward, batch.group, 1), batch);
        fc.pre(uncertain.every((use) => use === 0 || use === 1));
        const rows = [...select(filter, 'keep', batch, stream(seed))];
        const bent = { ...batch, reward: batch.reward.map((r) => Math.exp(3 * r) - 40) };
        expect([...select(filter, 'keep', bent, stream(seed + 1))]).toEqual(rows);
        const order = stream(seed, 'order').shuffle(Int32Array.from(batch.group, (_, i) => i));
        const moved = { reward: batch.reward.slice(), group: batch.group.slice() };
        order.forEach((from, to) => {
          moved.reward[to] = batch.reward[from];
          moved.group[to] = batch.group[from];
        });
        const movedRows = [...select(filter, 'keep', moved, stream(seed + 2))];
        expect(movedRows.map((row) => order[row]).sort((a, b) => a - b)).toEqual(rows);
      }),
    );
  });

  it('uses rows as often as expectedUses says', () => {
    const batch = {
      reward: Float32Array.of(0.9, -0.3, 0.1, 0.5, -0.8, 0.2, -0.6),
      group: Int32Array.of(0, 0, 0, 0, 0, 1, 1),
    };
    const cases: Filter[] = [
      ...presets.map((preset) => rank(preset, 2)),
      rank([4, 2, 1], 2),
      { kind: 'threshold', above: 0.4, below: null, otherwise: 0.5 },
      { kind: 'power', exponent: 2 },
    ];
    for (const filter of cases) {
      for (const how of samplers) {
        const expected = expectedUses(filter, how, rankGroups(batch.reward, batch.group, 1), batch);
        const actual = frequency(filter, how, batch);
        near(actual, expected, 0.09);
      }
    }
  });
});

describe('the methods of the paper', () => {
  const group = oneGroup(0.1, 0.9, -0.5, 0.4, -0.2);

  it('BoN, BW and WR keep what their names say', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect([...select(rank('best', 1), 'keep', group, stream(seed))]).toEqual([1]);
      expect([...select(rank('best-worst', 2), 'keep', group, stream(seed))]).toEqual([1, 2]);
      const wr = select(rank('worst-random', 2), 'keep', group, stream(seed));
      expect(wr.length === 2 && wr.includes(2)).toBe(true);
    }
  });

  it('BR keeps the best and one other, each equally often; 0.4/0.1 as in the authors’ code is the same filter', () => {
    for (const filter of [rank('best-random', 2), rank([0.4, 0.1, 0.1, 0.1, 0.1], 2)]) {
      const uses = frequency(filter, 'keep', group);
      expect(uses[1]).toBeCloseTo(1, 9);
      for (const row of [0, 2, 3, 4]) expect(Math.abs(uses[row] - 0.25)).toBeLessThan(0.03);
    }
    near(rankWeights([0.4, 0.1, 0.1, 0.1, 0.1], 5), rankWeights('best-random', 5));
  });

  it('Rand2 keeps every pair equally often', () => {
    const pairs = new Map<string, number>();
    for (let seed = 0; seed < 5000; seed++) {
      const key = select(rank('uniform', 2), 'keep', group, stream(seed)).join();
      pairs.set(key, (pairs.get(key) ?? 0) + 1);
    }
    expect(pairs.size).toBe(10);
    for (const n of pairs.values()) expect(Math.abs(n - 500)).toBeLessThan(110);
  });

  it('breaks ties at random and fairly', () => {
    const tied = oneGroup(0.5, 0.5, 0.5, -1, -1);
    const uses = frequency(rank('best-worst', 2), 'keep', tied);
    for (const row of [0, 1, 2]) expect(Math.abs(uses[row] - 1 / 3)).toBeLessThan(0.03);
    for (const row of [3, 4]) expect(Math.abs(uses[row] - 1 / 2)).toBeLessThan(0.03);
  });

  it('thresholds are strict, and top-rand keeps half of the rest', () => {
    const top: Filter = { kind: 'threshold', above: 0.4, below: null, otherwise: 0 };
    const exact = { reward: Float32Array.of(0.5, 0.75, -0.5, 0), group: new Int32Array(4) };
    expect([...select({ ...top, above: 0.5 }, 'keep', exact, stream(1))]).toEqual([1]);
    expect([...select({ ...top, above: 0.5, below: -0.25 }, 'keep', exact, stream(1))]).toEqual([1, 2]);
    const uses = frequency({ ...top, otherwise: 0.5 }, 'keep', group);
    expect(uses[1]).toBeCloseTo(1, 9);
    expect(Math.abs(uses[0] - 0.5)).toBeLessThan(0.03);
  });
});

describe('verl', () => {
  const filtersOfVerl: [RankPreset, number][] = [
    ['best-worst', 2],
    ['best-random', 2],
  ];

  it('weighs as the paper does when the batch is one prompt', () => {
    const batch = oneGroup(0.1, 0.9, -0.5, 0.4, -0.2);
    for (const [preset, keep] of filtersOfVerl) {
      const ranking = rankGroups(batch.reward, batch.group, 1);
      const verl = expectedUses(rank(preset, keep), 'verl', ranking, batch);
      const paper = expectedUses(rank(preset, keep), 'resample', ranking, batch);
      near(verl, paper, 1e-6);
    }
  });

  it('does not when it holds two or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer(), (prompts, seed) => {
        const group = Int32Array.from({ length: prompts * 5 }, (_, i) => i % prompts);
        const reward = stream(seed).shuffle(Float32Array.from(group, (_, i) => i / 64));
        const ranking = rankGroups(reward, group, 1);
        for (const [preset, keep] of filtersOfVerl) {
          const verl = expectedUses(rank(preset, keep), 'verl', ranking, { reward });
          const paper = expectedUses(rank(preset, keep), 'resample', ranking, { reward });
          expect(Math.max(...verl.map((use, row) => Math.abs(use - paper[row])))).toBeGreaterThan(0.1);
        }
      }),
    );
  });

  it('max_min becomes uniform and pow keeps the right answers only when rewards are 0 or 1', () => {
    const batch = { reward: Float32Array.of(0, 1, 1, 0), group: Int32Array.of(0, 0, 1, 1) };
    const ranking = rankGroups(batch.reward, batch.group, 1);
    for (const use of expectedUses(rank('best-worst', 2), 'verl', ranking, batch)) {
      expect(use).toBeCloseTo(1, 6);
    }
    const pow = expectedUses({ kind: 'power', exponent: 2 }, 'verl', ranking, batch);
    near(pow, [0, 2, 2, 0], 1e-6);
  });
});

describe('weights from elsewhere', () => {
  const group = Int32Array.of(1, 1, 1, 2, 2);

  it('keep k per group by weight, or each on its own', () => {
    const rows = selectWeighted([0, 5, 0, 1, 0], 'keep', 2, group, stream(1));
    expect([...rows]).toEqual([1, 3]);
    expect([...selectWeighted([1, 0, 1, 1, 0], 'keep', null, group, stream(1))]).toEqual([0, 2, 3]);
    expect(selectWeighted([0, 1, 0, 1, 0], 'resample', null, group, stream(1)).length).toBe(5);
    expect([...selectWeighted([0, 0, 0, 1, 0], 'draw', 2, group, stream(1))]).toEqual([3, 3]);
    for (const how of samplers)
      expect(selectWeighted([0, 0, 0, 0, 0], how, 1, group, stream(1)).length).toBe(0);
  });

  it('are refused when impossible, naming the response', () => {
    expect(() => selectWeighted([0, -1, 0, 0, 0], 'keep', 1, group, stream(1))).toThrow('response 1');
    expect(() => selectWeighted([0, 0, 0, 0, Number.NaN], 'keep', 1, group, stream(1))).toThrow('response 4');
    expect(() => selectWeighted([1], 'keep', 1, group, stream(1))).toThrow('1 weights for 5');
  });
});

describe('bad input', () => {
  it('names the row of a reward that is not a number', () => {
    const batch = oneGroup(0, Number.NaN);
    expect(() => select(rank('best', 1), 'keep', batch, stream(1))).toThrow('row 1 is NaN');
  });

  it('refuses custom filters, unequal columns and a k that is no count', () => {
    const batch = oneGroup(0, 1);
    expect(() => select({ kind: 'custom', source: '' }, 'keep', batch, stream(1))).toThrow(TypeError);
    expect(() => select(rank('best', 0), 'keep', batch, stream(1))).toThrow(RangeError);
    expect(() => select(rank('best', 1), 'keep', { ...batch, group: new Int32Array(3) }, stream(1))).toThrow(
      '2 rewards for 3',
    );
  });

  it('gives nothing for an empty batch', () => {
    for (const how of samplers)
      expect(select(rank('best-worst', 2), how, oneGroup(), stream(1)).length).toBe(0);
  });
});

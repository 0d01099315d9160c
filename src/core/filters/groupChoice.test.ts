import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../random.ts';
import { expectedUses } from './expectedUses.ts';
import { type Filter, rankGroups, type Sampler, select } from './filter.ts';
import type { GroupChoice } from './groupChoice.ts';

/** Groups of mixed size with many ties, and lengths. */
const batches = (levels: number) =>
  fc
    .array(
      fc.tuple(
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: -levels, max: levels }),
        fc.integer({ min: 1, max: 9 }),
      ),
      { minLength: 1, maxLength: 40 },
    )
    .map((rows) => ({
      group: Int32Array.from(rows, ([group]) => group * 3 + 1),
      reward: Float32Array.from(rows, ([, reward]) => reward / levels),
      length: Int32Array.from(rows, ([, , length]) => length),
    }));
const keep = fc.integer({ min: 1, max: 8 });
const choices: fc.Arbitrary<GroupChoice> = fc.oneof(
  fc.record({ kind: fc.constant('max-variance' as const), keep }),
  fc.record({ kind: fc.constant('advantage' as const), keep }),
  fc.record({
    kind: fc.constant('length' as const),
    by: fc.constantFrom('shortest' as const, 'reward-per-token' as const),
    keep,
  }),
);
const rowsOf = (group: Int32Array, name: number) => [...group.keys()].filter((row) => group[row] === name);
const variance = (values: number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};
/** Every choice of `count` of the values. */
function subsets(values: number[], count: number): number[][] {
  if (count === 0) return [[]];
  return values.flatMap((value, i) =>
    subsets(values.slice(i + 1), count - 1).map((rest) => [value, ...rest]),
  );
}

describe('a choice from each group', () => {
  it('is of min(k, group) rows without repeats, the same for the same seed', () => {
    fc.assert(
      fc.property(choices, batches(3), fc.integer(), (filter, batch, seed) => {
        const rows = select(filter, 'keep', batch, stream(seed));
        expect(select(filter, 'keep', batch, stream(seed))).toEqual(rows);
        expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
        for (const name of new Set(batch.group)) {
          const members = rowsOf(batch.group, name);
          const kept = members.filter((row) => rows.includes(row));
          expect(kept.length).toBe(Math.min(filter.keep, members.length));
        }
      }),
    );
  });

  it('by variance finds the rewards that vary most of all choices', () => {
    fc.assert(
      fc.property(batches(5), fc.integer({ min: 1, max: 4 }), fc.integer(), (batch, m, seed) => {
        const rows = select({ kind: 'max-variance', keep: m }, 'keep', batch, stream(seed));
        for (const name of new Set(batch.group)) {
          const members = rowsOf(batch.group, name).slice(0, 40);
          if (members.length > 9) continue;
          const kept = members.filter((row) => rows.includes(row)).map((row) => batch.reward[row]);
          const all = members.map((row) => batch.reward[row]);
          const best = Math.max(...subsets(all, kept.length).map(variance));
          expect(variance(kept)).toBeGreaterThan(best - 1e-6);
        }
      }),
    );
  });

  it('of two by variance is best and worst: the same rows, whatever the ties', () => {
    fc.assert(
      fc.property(batches(2), fc.integer(), (batch, seed) => {
        const bw: Filter = { kind: 'rank', weights: 'best-worst', keep: 2 };
        expect(select({ kind: 'max-variance', keep: 2 }, 'keep', batch, stream(seed))).toEqual(
          select(bw, 'keep', batch, stream(seed)),
        );
      }),
    );
  });

  it('of rewards of 0 and 1 by variance takes as many of each as it can', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 4, maxLength: 16 }), fc.integer(), (passes, seed) => {
        const batch = {
          reward: Float32Array.from(passes, Number),
          group: new Int32Array(passes.length),
        };
        const rows = select({ kind: 'max-variance', keep: 4 }, 'keep', batch, stream(seed));
        const right = [...rows].filter((row) => passes[row]).length;
        const all = passes.filter(Boolean).length;
        expect(right).toBe(Math.max(Math.min(2, all), 4 - (passes.length - all)));
      }),
    );
  });

  it('by advantage leaves no larger one behind; by length nothing shorter, or of more reward per token', () => {
    fc.assert(
      fc.property(choices, batches(4), fc.integer(), (filter, batch, seed) => {
        fc.pre(filter.kind !== 'max-variance');
        const rows = select(filter, 'keep', batch, stream(seed));
        for (const name of new Set(batch.group)) {
          const members = rowsOf(batch.group, name);
          const mean = members.reduce((sum, row) => sum + batch.reward[row], 0) / members.length;
          const worth = (row: number) =>
            filter.kind === 'advantage'
              ? Math.abs(batch.reward[row] - mean)
              : filter.kind === 'length' && filter.by === 'shortest'
                ? -batch.length[row]
                : batch.reward[row] / batch.length[row];
          const kept = members.filter((row) => rows.includes(row)).map(worth);
          const left = members.filter((row) => !rows.includes(row)).map(worth);
          expect(Math.min(...kept)).toBeGreaterThan(Math.max(-Infinity, ...left) - 1e-6);
        }
      }),
    );
  });

  it('between equal advantages of either sign prefers none', () => {
    const batch = { reward: Float32Array.of(1, 0, 1, 0), group: new Int32Array(4) };
    let right = 0;
    for (let seed = 0; seed < 2000; seed++) {
      for (const row of select({ kind: 'advantage', keep: 1 }, 'keep', batch, stream(seed)))
        right += batch.reward[row];
    }
    expect(right / 2000).toBeGreaterThan(0.45);
    expect(right / 2000).toBeLessThan(0.55);
  });

  it('gives on average what is expected, with every sampler', () => {
    const batch = {
      reward: Float32Array.of(0.1, 0.9, 0.5, 0.4, -1, 3, 2),
      group: Int32Array.of(0, 0, 0, 0, 1, 1, 1),
      length: Int32Array.of(3, 9, 1, 4, 2, 8, 7),
    };
    const filters: GroupChoice[] = [
      { kind: 'max-variance', keep: 3 },
      { kind: 'advantage', keep: 2 },
      { kind: 'length', by: 'shortest', keep: 2 },
    ];
    for (const filter of filters) {
      for (const how of ['keep', 'draw', 'resample', 'verl'] satisfies Sampler[]) {
        const uses = new Float64Array(7);
        const seeds = 3000;
        for (let seed = 0; seed < seeds; seed++) {
          for (const row of select(filter, how, batch, stream(seed, 'f'))) uses[row] += 1 / seeds;
        }
        const expected = expectedUses(filter, how, rankGroups(batch.reward, batch.group, 1), batch);
        for (const [row, use] of uses.entries()) expect(Math.abs(use - expected[row])).toBeLessThan(0.1);
      }
    }
  });

  it('refuses to look at lengths that nobody knows', () => {
    const batch = { reward: Float32Array.of(1), group: Int32Array.of(0) };
    expect(() => select({ kind: 'length', by: 'shortest', keep: 1 }, 'keep', batch, stream(1))).toThrow(
      'it is not known here',
    );
  });
});

describe('a filter by sign', () => {
  it('keeps positives, negatives, or some of either', () => {
    const batch = { reward: Float32Array.of(1, 0, 0.5, -1, 1), group: new Int32Array(5) };
    const rows = (positives: number, negatives: number) => [
      ...select({ kind: 'sign', passAt: 0.5, positives, negatives }, 'keep', batch, stream(3)),
    ];
    expect(rows(1, 0)).toEqual([0, 2, 4]);
    expect(rows(0, 1)).toEqual([1, 3]);
    const uses = expectedUses(
      { kind: 'sign', passAt: 0.5, positives: 0.1, negatives: 1 },
      'keep',
      rankGroups(batch.reward, batch.group, 1),
      batch,
    );
    expect([...uses]).toEqual([0.1, 1, 0.1, 1, 0.1]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../random.ts';
import { type Pipeline, selectPipeline } from './pipeline.ts';
import { type PromptFilter, selectPrompts } from './promptFilter.ts';

/** Groups of mixed size, rows in mixed order, over two batches, with many ties. */
const batches = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 4 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => ({
    group: Int32Array.from(rows, ([group]) => group * 5 - 9),
    reward: Float32Array.from(rows, ([, reward]) => reward / 4),
    batch: Int32Array.from(rows, ([group]) => (group % 2) * 100),
  }));
const shares = fc.constantFrom(0, 0.3, 0.5, 0.9, 1);
const filters: fc.Arbitrary<PromptFilter> = fc.oneof(
  fc.constant({ kind: 'contrast' } as const),
  fc.record({
    kind: fc.constant('pass-rate' as const),
    passAt: fc.constantFrom(0.5, 1),
    low: fc.constantFrom(0, 0.25),
    high: fc.constantFrom(0.5, 1),
    ends: fc.constantFrom('open' as const, 'closed' as const),
  }),
  fc.record({ kind: fc.constant('variance-share' as const), share: shares }),
  fc.record({ kind: fc.constant('variance-count' as const), count: fc.integer({ min: 1, max: 9 }) }),
);

type Batch = { group: Int32Array; reward: Float32Array; batch: Int32Array };

/** The values of each group, in the order of its rows. */
function groupsOf({ group, reward }: Batch): Map<number, number[]> {
  const found = new Map<number, number[]>();
  group.forEach((name, row) => {
    found.set(name, [...(found.get(name) ?? []), reward[row]]);
  });
  return found;
}
const keptOf = (batch: Batch, rows: Int32Array) => new Set([...rows].map((row) => batch.group[row]));
const variance = (values: number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

describe('a prompt filter', () => {
  it('never splits a group, and keeps the same for the same seed', () => {
    fc.assert(
      fc.property(filters, batches, fc.integer(), (filter, batch, seed) => {
        const rows = selectPrompts(filter, batch, seed);
        const kept = keptOf(batch, rows);
        expect([...rows]).toEqual([...batch.group.keys()].filter((row) => kept.has(batch.group[row])));
        expect(selectPrompts(filter, batch, seed)).toEqual(rows);
      }),
    );
  });

  it('keeps, without contrast, no group; and every other', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const kept = keptOf(batch, selectPrompts({ kind: 'contrast' }, batch, 1));
        for (const [group, values] of groupsOf(batch)) expect(kept.has(group)).toBe(new Set(values).size > 1);
      }),
    );
  });

  it('keeps the groups whose pass rate is in the band', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom('open' as const, 'closed' as const), (batch, ends) => {
        const filter = { kind: 'pass-rate', passAt: 0.75, low: 0.25, high: 0.5, ends } as const;
        const kept = keptOf(batch, selectPrompts(filter, batch, 1));
        for (const [group, values] of groupsOf(batch)) {
          const rate = values.filter((value) => value >= 0.75).length / values.length;
          const inside = ends === 'open' ? rate > 0.25 && rate < 0.5 : rate >= 0.25 && rate <= 0.5;
          expect(kept.has(group)).toBe(inside);
        }
      }),
    );
  });

  it('keeps, at a share of 1, everything; at less, the fewest groups of each batch that hold the share', () => {
    fc.assert(
      fc.property(batches, shares, fc.integer(), (batch, share, seed) => {
        const rows = selectPrompts({ kind: 'variance-share', share }, batch, seed);
        if (share === 1) {
          expect(rows.length).toBe(batch.group.length);
          return;
        }
        const kept = keptOf(batch, rows);
        const all = [...groupsOf(batch)].map(([group, values]) => ({
          group,
          variance: variance(values),
          batch: batch.batch[batch.group.indexOf(group)],
        }));
        for (const name of new Set(all.map((each) => each.batch))) {
          const here = all.filter((each) => each.batch === name);
          const chosen = here.filter(({ group }) => kept.has(group)).map((each) => each.variance);
          const others = here.filter(({ group }) => !kept.has(group)).map((each) => each.variance);
          const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
          const due = share * sum(here.map((each) => each.variance));
          expect(sum(chosen)).toBeGreaterThanOrEqual(due - 1e-6);
          if (chosen.length > 0) expect(sum(chosen) - Math.min(...chosen)).toBeLessThan(due + 1e-6);
          expect(Math.min(Infinity, ...chosen)).toBeGreaterThanOrEqual(Math.max(0, ...others) - 1e-6);
        }
      }),
    );
  });

  it('keeps the groups of most variance of each batch, as many as it should', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 9 }), fc.integer(), (batch, count, seed) => {
        const kept = keptOf(batch, selectPrompts({ kind: 'variance-count', count }, batch, seed));
        const groups = groupsOf(batch);
        for (const name of new Set(batch.batch)) {
          const here = [...groups].filter(([group]) => batch.batch[batch.group.indexOf(group)] === name);
          const chosen = here.filter(([group]) => kept.has(group)).map(([, values]) => variance(values));
          const others = here.filter(([group]) => !kept.has(group)).map(([, values]) => variance(values));
          expect(chosen.length).toBe(Math.min(count, here.length));
          expect(Math.min(...chosen)).toBeGreaterThanOrEqual(Math.max(0, ...others) - 1e-6);
        }
      }),
    );
  });

  it('refuses what is impossible, in a sentence', () => {
    const one = { group: Int32Array.of(0), reward: Float32Array.of(1) };
    const refuse = (filter: PromptFilter) => expect(() => selectPrompts(filter, one, 1)).toThrow(RangeError);
    refuse({ kind: 'variance-count', count: 0 });
    refuse({ kind: 'variance-share', share: Number.NaN });
    refuse({ kind: 'pass-rate', passAt: 1, low: 0.6, high: 0.4, ends: 'open' });
  });
});

describe('a prompt filter and a response filter in a row', () => {
  const bestWorst = { filter: { kind: 'rank', weights: 'best-worst', keep: 2 }, sampler: 'keep' } as const;

  it('gives rows of the prompts that are left only, and two of each of them', () => {
    fc.assert(
      fc.property(filters, batches, fc.integer(), (prompts, batch, seed) => {
        const rows = selectPipeline({ prompts, ...bestWorst }, batch, seed, stream(seed));
        const kept = keptOf(batch, selectPrompts(prompts, batch, seed));
        expect(keptOf(batch, rows)).toEqual(kept);
        for (const [group, values] of groupsOf(batch)) {
          const here = [...rows].filter((row) => batch.group[row] === group).map((row) => batch.reward[row]);
          if (!kept.has(group)) continue;
          expect(here.length).toBe(Math.min(2, values.length));
          expect(Math.max(...here)).toBe(Math.max(...values));
          expect(Math.min(...here)).toBe(Math.min(...values));
        }
      }),
    );
  });

  it('draws from the prompts that are left, as many rows as they have', () => {
    fc.assert(
      fc.property(filters, batches, fc.integer(), (prompts, batch, seed) => {
        const pipeline: Pipeline = { prompts, filter: bestWorst.filter, sampler: 'resample' };
        const rows = selectPipeline(pipeline, batch, seed, stream(seed));
        const left = selectPrompts(prompts, batch, seed);
        expect(rows.length).toBe(left.length);
        for (const row of rows) expect(left).toContain(row);
      }),
    );
  });
});

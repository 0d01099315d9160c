import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutOf, keepOf, roomOf } from './rejection.ts';

const rule = fc.record({
  alpha: fc.double({ min: 0, max: 0.95, noNaN: true }),
  memory: fc.integer({ min: 1, max: 500 }),
  least: fc.integer({ min: 1, max: 8 }),
});

it('cuts those that score worst, and never below what must stay', () => {
  fc.assert(
    fc.property(
      rule,
      fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 }),
      (how, scores) => {
        const pool = scores.map((score, lane) => ({ lane, score }));
        const cut = new Set(cutOf(pool, how));
        const kept = pool.filter(({ lane }) => !cut.has(lane));
        expect(kept.length).toBe(keepOf(pool.length, how));
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(how.least, pool.length));
        for (const { lane, score } of pool.filter((standing) => cut.has(standing.lane))) {
          for (const stays of kept)
            expect(stays.score > score || (stays.score === score && stays.lane < lane)).toBe(true);
        }
        if (how.alpha === 0) expect(cut.size).toBe(0);
        else if (pool.length > how.least) expect(cut.size).toBeGreaterThan(0);
      },
    ),
  );
});

it('rounds the share that stays, as the authors’ code does', () => {
  const half = { alpha: 0.5, memory: 100, least: 1 };
  expect([16, 7, 2, 1].map((pool) => keepOf(pool, half))).toEqual([8, 4, 1, 1]);
  expect(keepOf(20, { ...half, alpha: 0.9 })).toBe(2);
});

it('writes until tokens × lanes is the memory', () => {
  fc.assert(
    fc.property(rule, fc.integer({ min: 2, max: 64 }), fc.nat(40), (how, live, length) => {
      const room = roomOf(live, length, live, how);
      if (keepOf(live, how) === live) expect(room).toBe(Number.POSITIVE_INFINITY);
      else if (room > 0) {
        expect(live * (length + room)).toBeLessThanOrEqual(how.memory);
        expect(live * (length + room + 1)).toBeGreaterThan(how.memory);
      } else expect(live * (length + 1)).toBeGreaterThan(how.memory);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choosePrompts } from './pool.ts';

const world = { problems: 40, pool: 12 };

it('uses every problem of the pool once before any is used again', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, count) => {
      const seen = new Map<number, number>();
      for (let iteration = 1; iteration <= 6; iteration++) {
        for (const problem of choosePrompts(seed, { ...world, count, iteration })) {
          seen.set(problem, (seen.get(problem) ?? 0) + 1);
        }
        if (iteration * count >= world.pool) expect(seen.size).toBe(world.pool);
        const uses = [...seen.values()];
        expect(Math.max(...uses) - (seen.size < world.pool ? 0 : Math.min(...uses))).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 50 },
  );
});

it('gives PPO-S the same problems in the same order, only more of them at once', () => {
  const narrow = [1, 2, 3].flatMap((iteration) => [...choosePrompts(7, { ...world, count: 4, iteration })]);
  expect([...choosePrompts(7, { ...world, count: 12, iteration: 1 })]).toEqual(narrow);
});

it('never asks for a problem that the world does not have', () => {
  const chosen = choosePrompts(1, { problems: 5, pool: 400, count: 64, iteration: 3 });
  expect(Math.max(...chosen)).toBeLessThan(5);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedMap } from './boundedMap.ts';

const limit = 8;
const keys = fc.integer({ min: 0, max: 20 });

test('it holds what was used last, never more than its limit, and nothing that was not set', () => {
  const step = fc.record({ key: keys, does: fc.constantFrom('set', 'get', 'delete') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new BoundedMap<number, string>(limit);
      const truth = new Map<number, string>();
      /** Keys by last use, most recent last. */
      let used: number[] = [];
      for (const [time, { key, does }] of steps.entries()) {
        const isThere = map.has(key);
        if (does === 'set') {
          map.set(key, `${key} at ${time}`);
          truth.set(key, `${key} at ${time}`);
        } else if (does === 'get') expect(map.get(key)).toBe(isThere ? truth.get(key) : undefined);
        else map.delete(key);
        if (does === 'delete') {
          used = used.filter((other) => other !== key);
          expect(map.has(key)).toBe(false);
        } else if (does === 'set' || isThere) used = [...used.filter((other) => other !== key), key];
        const held = [...map.values()];
        expect(new Set(held).size).toBe(held.length);
        expect(held.length).toBeLessThanOrEqual(limit);
        for (const recent of used.slice(1 - limit / 2)) expect(map.has(recent)).toBe(true);
      }
    }),
  );
});

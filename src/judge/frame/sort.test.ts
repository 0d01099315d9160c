import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortMethod } from './sort.ts';

type Comparison = (a: number, b: number) => number;

/** Sorts with a log of the comparisons. */
function logged(
  sort: (this: number[], compare: Comparison) => unknown,
  items: number[],
  compare: Comparison,
) {
  const log: [number, number, number][] = [];
  const result = sort.call([...items], (a, b) => {
    const order = compare(a, b);
    log.push([a, b, order]);
    return order;
  });
  return { result, log };
}

const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 63 });
const comparison = fc.oneof(
  fc.constantFrom<Comparison>(
    (a, b) => a - b,
    (a, b) => b - a,
    (a) => -a,
    (_, b) => b,
    () => 0,
    () => 1,
    () => -1,
    () => Number.NaN,
    (a, b) => (a > b ? 1 : 0),
    (a, b) => Number(a > b),
  ),
  fc.func(fc.integer({ min: -1, max: 1 })),
);

test('compares what this V8 compares, in the same order, whatever the comparison says', () => {
  fc.assert(
    fc.property(numbers, comparison, (items, compare) => {
      const ours = logged(sortMethod as never, items, compare);
      const native = logged(Array.prototype.sort as never, items, compare);
      expect(ours).toEqual(native);
    }),
    { numRuns: 1000 },
  );
});

test('sorts long lists stably', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 64, maxLength: 600 }), (keys) => {
      const items = keys.map((key, i) => ({ key, i }));
      const compare = (a: unknown, b: unknown) => (a as { key: number }).key - (b as { key: number }).key;
      expect(sortMethod.call([...items], compare)).toEqual([...items].sort(compare));
    }),
  );
});

test('without a comparison, as text; undefined last, holes after', () => {
  const value = fc.oneof(fc.integer(), fc.string(), fc.constantFrom(null, undefined, true, -0, Number.NaN));
  fc.assert(
    fc.property(fc.array(value), fc.array(fc.nat(30)), (items, holes) => {
      const ours = [...items];
      for (const hole of holes) if (hole < ours.length) delete ours[hole];
      const native = [...ours];
      for (const hole of holes) if (hole < native.length) delete native[hole];
      expect(sortMethod.call(ours)).toBe(ours);
      native.sort();
      expect(ours).toEqual(native);
      expect(Object.keys(ours)).toEqual(Object.keys(native));
    }),
  );
});

test('refuses what is no comparison', () => {
  expect(() => sortMethod.call([1, 2], 3 as never)).toThrow(TypeError);
  expect(() => sortMethod.call(null)).toThrow(TypeError);
});

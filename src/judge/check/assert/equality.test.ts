/** Our equalities against the originals, over values of every kind, within each other and in circles. */
import assert from 'node:assert';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeepEqual } from './deepEqual.ts';
import { isEqual } from './lodash.ts';

const lodash = createRequire(import.meta.url)('lodash/isEqual') as (a: unknown, b: unknown) => boolean;

class Point {
  x = 1;
}
class Pixel extends Point {}
class Bag extends Set<unknown> {}
class Index extends Map<unknown, unknown> {}
class Moment extends Date {}
class Row extends Array {}
class Failure extends TypeError {}
class Tagged {
  get [Symbol.toStringTag](): string {
    return 'Tagged';
  }
}
const registered = Symbol.for('registered');
const own = Symbol('own');

function argumentsOf(..._: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: a kind of value
  return arguments;
}

const leaf = fc.constantFrom<() => unknown>(
  ...[0, -0, 1, 2, Number.NaN, '', '0', '1', 'a', 'ab', true, false, null, undefined, 0n, 1n, 2n].map(
    (value) => () => value,
  ),
  () => own,
  () => registered,
  () => Math.max,
  () => new Date(0),
  () => new Date(1),
  () => new Date(Number.NaN),
  () => new Moment(0),
  () => /a/g,
  () => /a/,
  () => Object.assign(/a/g, { lastIndex: 1 }),
  () => /b/g,
  () => new Error('a'),
  () => new Error('b'),
  () => new TypeError('a'),
  () => new Failure('a'),
  () => Object.assign(new Error('a'), { code: 1 }),
  () => new Error('a', { cause: 1 }),
  () => new Error('a', { cause: 2 }),
  () => new AggregateError([1], 'a'),
  () => new AggregateError([2], 'a'),
  () => Object.assign(new Error('x'), { name: 'Named' }),
  () => Object(0),
  () => Object(-0),
  () => Object(1),
  () => Object('a'),
  () => Object('ab'),
  () => Object(true),
  () => Object(1n),
  () => Object(own),
  () => new Uint8Array([1, 2]),
  () => new Uint8Array([1, 3]),
  () => new Int8Array([1, 2]),
  () => new Float64Array([0, 1]),
  () => new Float64Array([-0, 1]),
  () => new Float64Array([Number.NaN]),
  () => new Float32Array([0, 1]),
  () => new BigInt64Array([1n]),
  () => new Uint8Array([1, 2]).buffer,
  () => new Uint8Array([1, 3]).buffer,
  () => new DataView(new Uint8Array([1, 2]).buffer),
  () => new DataView(new Uint8Array([1, 3]).buffer),
  () => new DataView(new Uint8Array([0, 1, 2]).buffer, 1),
  () => new Map(),
  () => new Set(),
  () => new Bag(),
  () => new WeakMap(),
  () => Promise.resolve(1),
  () => [],
  () => ({}),
  () => Object.create(null),
  () => new Point(),
  () => new Pixel(),
  () => new Row(),
  () => new Tagged(),
  () => [undefined],
  () => new Array(1),
  () => new Array(2),
  () => argumentsOf(1, 2),
);

type Maker = () => unknown;
const key = fc.constantFrom<PropertyKey>('a', 'b', '0', '1', 'length', own, registered);

/** Defined, not assigned; what a kind of object does not allow is left out. */
function build(entries: [PropertyKey, Maker][], target: object): object {
  for (const [name, make] of entries.filter(([name]) => !(Array.isArray(target) && name === 'length')))
    Reflect.defineProperty(target, name, {
      value: make(),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return target;
}

const { value } = fc.letrec<{ value: Maker; items: Maker[]; entries: [PropertyKey, Maker][] }>((tie) => ({
  items: fc.array(tie('value'), { maxLength: 3 }),
  entries: fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }),
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    tie('items').map((items) => () => items.map((make) => make())),
    tie('items').map((items) => () => new Set(items.map((make) => make()))),
    tie('items').map((items) => () => new Bag(items.map((make) => make()))),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 })
      .map((pairs) => () => new Map(pairs.map(([a, b]) => [a(), b()]))),
    fc
      .array(fc.tuple(tie('value'), tie('value')), { maxLength: 2 })
      .map((pairs) => () => new Index(pairs.map(([a, b]) => [a(), b()]))),
    tie('entries').map((entries) => () => build(entries, {})),
    tie('entries').map((entries) => () => build(entries, Object.create(null))),
    tie('entries').map((entries) => () => build(entries, new Point())),
    tie('entries').map((entries) => () => build(entries, new Error('a'))),
    tie('entries').map((entries) => () => build(entries, [1])),
    tie('entries').map((entries) => () => build(entries, [])),
    tie('entries').map((entries) => () => build(entries, new Date(0))),
    tie('entries').map((entries) => () => build(entries, new Map([[1, 1]]))),
    tie('entries').map((entries) => () => build(entries, Object('a'))),
    tie('value').map((inside) => () => {
      const round: unknown[] = [inside()];
      round.push(round);
      return round;
    }),
    tie('value').map((inside) => () => {
      const round: Record<string, unknown> = { a: inside() };
      round.b = { a: round };
      return round;
    }),
    tie('value').map((inside) => () => {
      const round = new Set<unknown>([inside()]);
      round.add(round);
      return round;
    }),
    tie('value').map((inside) => () => {
      const round = new Map<unknown, unknown>([['a', inside()]]);
      round.set('b', round);
      return round;
    }),
  ),
}));

type Original = (a: unknown, b: unknown) => void;

/** Two values that are often equal, or nearly. */
const pair = fc.oneof(
  fc.tuple(value, value),
  value.map((make): [Maker, Maker] => [make, make]),
  fc.tuple(leaf, leaf),
  fc
    .tuple(leaf, leaf, value)
    .map(([a, b, other]): [Maker, Maker] => [() => [other(), a()], () => [other(), b()]]),
  fc
    .tuple(leaf, leaf, value)
    .map(([a, b, other]): [Maker, Maker] => [() => new Set([other(), a()]), () => new Set([b(), other()])]),
  fc.tuple(leaf, leaf, value).map(([a, b, other]): [Maker, Maker] => [
    () =>
      new Map([
        [other(), a()],
        [a(), 1],
      ]),
    () =>
      new Map([
        [b(), 1],
        [other(), b()],
      ]),
  ]),
);

/** What an assertion says: that it holds, or not; anything else that it throws is neither. */
function told(check: () => void): string {
  try {
    check();
    return 'holds';
  } catch (error) {
    return error instanceof assert.AssertionError ? 'fails' : 'throws';
  }
}

function said(compare: () => boolean): string {
  try {
    return compare() ? 'holds' : 'fails';
  } catch {
    return 'throws';
  }
}

const shown = (...values: unknown[]): string =>
  values.map((value) => inspect(value, { depth: 9 })).join(' and ');

const runs = { numRuns: 1500 };

describe('deep equality is that of node:assert', () => {
  test.each([
    ['loose', false, assert.deepEqual, assert.notDeepEqual],
    ['strict', true, assert.deepStrictEqual, assert.notDeepStrictEqual],
  ] as const)('%s', (_, isStrict, original, opposite) => {
    let equal = 0;
    fc.assert(
      fc.property(pair, ([makeA, makeB]) => {
        const [a, b] = [makeA(), makeB()];
        const expected = told(() => (original as Original)(a, b));
        if (expected === 'holds') equal++;
        expect(
          said(() => isDeepEqual(a, b, isStrict)),
          shown(a, b),
        ).toBe(expected);
        expect(said(() => !isDeepEqual(a, b, isStrict))).toBe(told(() => (opposite as Original)(a, b)));
      }),
      runs,
    );
    // Both outcomes are common, or the property says little.
    expect(equal).toBeGreaterThan(runs.numRuns / 20);
    expect(equal).toBeLessThan((runs.numRuns * 19) / 20);
  });
});

test("likeness is that of lodash's isEqual", () => {
  fc.assert(
    fc.property(pair, ([makeA, makeB]) => {
      const [a, b] = [makeA(), makeB()];
      expect(
        said(() => isEqual(a, b)),
        shown(a, b),
      ).toBe(said(() => lodash(a, b)));
    }),
    runs,
  );
});

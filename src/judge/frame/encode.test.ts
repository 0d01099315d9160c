import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueSource } from '../testSets/valueSource.ts';
import { encode, isUnchanged } from './encode.ts';

const leaf = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
);
const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(/a+/g, /[/\\n]/u, /\//),
    fc.string().map((message) => new TypeError(message)),
    fc.uint8Array({ maxLength: 3 }),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(leaf, tie('value')), { maxLength: 3 }).map((items) => new Map(items)),
    fc.sparseArray(leaf, { maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value'), { maxKeys: 4 }),
  ),
})).value;

const evaluate = (source: string): unknown => new Function(`return ${source}`)();

describe('canonical text', () => {
  test('tells apart what is different, down to the sign of zero', () => {
    const values = [0, -0, '0', [0], [-0], ['0'], null, undefined, Number.NaN, 'NaN', false, 'false', 0n];
    const others = [
      [],
      {},
      [[]],
      [{}],
      [null],
      [undefined],
      { a: 1 },
      { a: undefined },
      { a: '1' },
      new Map(),
    ];
    const texts = [...values, ...others, new Set(), new Date(0)].map((value) => encode(value));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('is the same for a value that is made anew from its source', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(encode(evaluate(`(${valueSource(value, 'value')})`))).toBe(encode(value));
      }),
    );
  });

  test('is the same for equal data, and one line', () => {
    fc.assert(
      fc.property(data, (value) => {
        const text = encode(value);
        expect(encode(structuredClone(value))).toBe(text);
        expect(text).not.toContain('\n');
        expect(text.startsWith('!')).toBe(false);
      }),
    );
  });

  test('does not depend on the order of keys, unless it is asked to', () => {
    expect(encode({ b: 1, a: 2 })).toBe(encode({ a: 2, b: 1 }));
    expect(encode({ b: 1, a: 2 }, true)).not.toBe(encode({ a: 2, b: 1 }, true));
  });

  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const sparse: unknown[] = [];
  sparse.length = 2 ** 32 - 1;
  test.each([
    ['a function', () => 3],
    ['a symbol', Symbol('3')],
    ['a boxed number', new Number(3)],
    ['a promise', Promise.resolve(3)],
    ['a class instance', new (class Three {})()],
    ['a list subclass', new (class Three extends Array {})()],
    [
      'an accessor',
      {
        get three() {
          return 3;
        },
      },
    ],
    ['a cycle', cyclic],
    ['a sparse giant', sparse],
    ['a giant integer', 2n ** 100_000n],
    ['a long text', 'x'.repeat(10 ** 6)],
    ['a borrowed prototype', Object.create(Map.prototype)],
    ['one deep inside', [{ a: [() => 3] }]],
  ])('has no text for %s', (_, value) => {
    expect(encode(value)).toMatch(/^!returned /);
  });

  test('a hole is not undefined', () => {
    // biome-ignore lint/suspicious/noSparseArray: that is the point
    expect([encode([1, , 3]), encode([1, undefined, 3]), encode(new Array(1))]).toEqual([
      '[1,hole,3]',
      '[1,undefined,3]',
      '[hole]',
    ]);
  });

  test('sets and maps have no order', () => {
    const map = (...keys: unknown[]) => new Map(keys.map((key) => [key, [key]]));
    fc.assert(
      fc.property(fc.uniqueArray(data, { maxLength: 5, selector: (value) => encode(value) }), (items) => {
        const turned = [...items].reverse();
        expect(encode(new Set(turned))).toBe(encode(new Set(items)));
        expect(encode(map(...turned))).toBe(encode(map(...items)));
        if (items.length > 0) expect(encode(new Set(items.slice(1)))).not.toBe(encode(new Set(items)));
      }),
    );
    expect(encode(new Set([{ a: 1 }, 1]))).not.toBe(encode(new Set([{ a: 1 }, '1'])));
  });

  test('what the language makes of data is told apart', () => {
    const errors = [
      new Error('x'),
      new TypeError('x'),
      new Error(''),
      new Error('x', { cause: 1 }),
      Object.assign(new Error('x'), { code: 1 }),
    ];
    const expressions = [/x/, /x/g, /y/, Object.assign(/x/, { lastIndex: 1 })];
    const bytes = [
      new Uint8Array([1]),
      new Int8Array([1]),
      new Uint8Array(2),
      new Float64Array([1]),
      new BigInt64Array([1n]),
    ];
    const texts = [
      ...errors,
      ...expressions,
      ...bytes,
      new Date(0),
      new Date(Number.NaN),
      [1],
      'Error("x"){}',
    ].map((value) => encode(value));
    expect(texts.filter((text) => text.startsWith('!'))).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });
});

test('notices every change to plain data', () => {
  fc.assert(
    fc.property(data, data, (before, after) => {
      expect(isUnchanged(structuredClone(before), before)).toBe(true);
      if (encode(before) !== encode(after)) expect(isUnchanged(after, before)).toBe(false);
    }),
  );
});

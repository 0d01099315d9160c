import { describe, expect, test } from 'vitest';
import { listSource, listText, valueSource } from './valueSource.ts';

const made = (source: string): unknown => new Function(`return ${source}`)();

describe('the source of values', () => {
  test('makes what it was written from, of the same kind', () => {
    const holed = [1, 2, undefined];
    delete holed[1];
    const values = [holed, new Array(3), -0, Number.NaN, 2n ** 70n, new Map([[{ a: 1 }, new Set([[]])]])];
    const others = [
      new Date(5),
      /a\/b\n/gu,
      new RangeError('r'),
      new Uint8Array([1, 2]),
      { ['__proto__']: 1, 'a b': 2 },
      undefined,
      '\u2028"',
    ];
    const copy = made(listSource([...values, ...others], 'args'));
    expect(copy).toStrictEqual([...values, ...others]);
  });

  test('keeps one object one object, wherever it is met', () => {
    const shared = { a: [1] };
    const [first, second, map, list] = made(
      listSource([shared, shared, new Map([[shared, shared.a]]), [shared.a]], 'args'),
    ) as [typeof shared, typeof shared, Map<object, unknown>, unknown[]];
    expect(first).toBe(second);
    expect(map.get(first)).toBe(first.a);
    expect(list[0]).toBe(first.a);
    expect(made(valueSource([shared, shared], 'expected'))).toEqual([shared, shared]);
    expect(listText([shared, shared, 1], 'args')).toBe('$0 = {["a"]:[1]}, $0, 1');
  });

  const cycle: Record<string, unknown> = { inner: [] };
  (cycle.inner as unknown[]).push(cycle);
  test.each<[string, unknown, string]>([
    ['a function', { f: () => 1 }, 'args[0].f is a function'],
    ['a symbol', [Symbol('x')], 'args[0][0] is a symbol'],
    ['a cycle', cycle, 'args[0].inner[0] is an object inside itself'],
    ['a function in a map', new Map([['k', [() => 1]]]), 'args[0].values()[0][0] is a function'],
    ['a function for a key', new Map([[() => 1, 1]]), 'args[0].keys()[0] is a function'],
    ['a symbol in a set', new Set([1, Symbol('x')]), 'args[0].values()[1] is a symbol'],
    ['a class instance', { p: new (class Point {})() }, 'args[0].p is an object of the class Point'],
    ['a promise', Promise.resolve(), 'args[0] is an object of the class Promise'],
    ['a boxed number', Object(3), 'args[0] is an object of the class Number'],
    ['a weak map', new WeakMap(), 'args[0] is an object of the class WeakMap'],
    ['a list subclass', new (class Rows extends Array {})(), 'args[0] is an object of the class Rows'],
    ['an error subclass', new (class Mine extends Error {})('x'), 'args[0] is an object of the class Mine'],
    [
      'an error with more to it',
      Object.assign(new Error('x'), { code: 1 }),
      'args[0] has a property of its own, "code"',
    ],
    ['an error with a cause', new Error('x', { cause: 1 }), 'args[0].cause is a property of an error'],
    [
      'an accessor',
      {
        'a b': {
          get c() {
            return 1;
          },
        },
      },
      'args[0]["a b"].c is an accessor',
    ],
    ['a symbol for a key', { [Symbol('x')]: 1 }, 'args[0] has a property that is named by a symbol'],
    ['a list with a property', Object.assign([1], { x: 1 }), 'args[0] is a list with a property, "x"'],
    ['an object without a prototype', Object.create(null), 'args[0] is an object without a prototype'],
    [
      'a match in progress',
      Object.assign(/x/g, { lastIndex: 1 }),
      'args[0] is a regular expression that is to go on at 1',
    ],
    ['a giant', new Array(4e9), 'args[0] has 4000000000 items'],
  ])('says where there is %s', (_, value, message) => {
    expect(() => listSource([value], 'args')).toThrow(
      new TypeError(`${message}, which cannot be handed to a program.`),
    );
  });
});

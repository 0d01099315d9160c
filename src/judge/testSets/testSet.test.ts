import { describe, expect, test } from 'vitest';
import { JudgeError } from '../judgeError.ts';
import type { TestSet } from '../protocol.ts';
import { compileSet, setIdentity } from './testSet.ts';

const compile = (set: unknown) => compileSet(set as TestSet, 1);

describe('a set of tests', () => {
  test('makes the arguments anew for each call', () => {
    const { make } = compile({
      entry: 'f',
      tests: [{ args: [[1, -0], { ['__proto__']: 2, b: Number.NaN }], expected: 1 }],
    });
    const [first] = new Function(`return ${make}`)() as (() => [number, unknown[]])[];
    expect(first()).toEqual([0, [[1, -0], { ['__proto__']: 2, b: Number.NaN }]]);
    expect(first()[1][0]).not.toBe(first()[1][0]);
  });

  test('says nothing about the expectations where programs run', () => {
    const { make } = compile({ entry: 'f', tests: [{ args: [77], expected: 'a secret' }] });
    expect(make).not.toContain('secret');
  });

  test('is the same set when everything in it is the same', () => {
    const base = { entry: 'f', tests: [{ args: [1], expected: 2 }] };
    const same = setIdentity(compile(structuredClone(base)));
    expect(setIdentity(compile(base))).toBe(same);
    const others = [
      { ...base, entry: 'g' },
      { ...base, async: true },
      { ...base, mutation: 'allow' },
      { ...base, canary: true },
      { ...base, tests: [{ args: ['1'], expected: 2 }] },
      { ...base, tests: [{ args: [1], expected: -2 }] },
    ];
    expect(new Set([same, ...others.map((set) => setIdentity(compile(set)))]).size).toBe(others.length + 1);
  });

  test.each([
    [{ entry: 'f g', tests: [{ args: [], expected: 1 }] }, /entry "f g"/],
    [{ entry: 'f', tests: [] }, /at least one test/],
    [{ entry: 'f', tests: [{ args: 1, expected: 1 }] }, /tests\[0\]\.args is not an array/],
    [{ entry: 'f', tests: [{ args: [() => 1], expected: 1 }] }, /tests\[0\]\.args\[0\] is a function/],
    [{ entry: 'f', tests: [{ args: [], expected: () => 1 }] }, /tests\[0\]\.expected is a function/],
    [{ entry: 'f', tests: [{ args: [], expected: 2n ** 9999n }] }, /tests\[0\]\.expected cannot be compared/],
    [{ entry: 'f', tests: [], check: { prompt: '', stopTokens: [], code: 'assert(' } }, /do not parse/],
    [{ entry: 'f', tests: [], check: { prompt: '', stopTokens: [], code: 'f(1)' } }, /no assertion/],
  ])('is refused when it cannot be used: %#', (set, reason) => {
    expect(() => compile(set)).toThrow(JudgeError);
    expect(() => compile(set)).toThrow(reason);
  });
});

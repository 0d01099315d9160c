import { afterAll, expect, test } from 'vitest';
import type { JudgeOptions } from './protocol.ts';
import { startJudge } from './service.ts';
import { programs, rangeSumTests, wrongPrograms } from './testing/programs.ts';

const judge = startJudge();
afterAll(() => judge.dispose());

const sum = [
  { args: [1, 2], expected: 3 },
  { args: [4, 5], expected: 9 },
  { args: [10, -3], expected: 7 },
];
const request = (source: string) => ({ source, entry: 'f', tests: sum, key: 'sum' });

const engines: JudgeOptions[] = [{ engine: 'frozen' }, { engine: 'quickjs' }];

test.each(engines)('gives one verdict per program, in order: $engine', async (options) => {
  const verdicts = await judge.client.judge(
    [
      request('function f(a, b) { return a + b }'),
      request('function f(a, b) { return a - b }'),
      request('function f(a, b) { return a'),
      request('function g(a, b) { return a + b }'),
      request('function f() { for (;;); }'),
      request('const f = (a, b) => b + a;'),
      request('function f(){return /^(a+)+$/.test("a".repeat(50)+"b")}'),
      request('function f(a, b){return b + a}'),
    ],
    options,
  );
  expect(verdicts.map(({ status, score }) => [status, score])).toEqual([
    ['ok', 1],
    ['ok', 0],
    ['rejected', 0],
    ['error', 0],
    ['timeout', 0],
    ['ok', 1],
    ['timeout', 0],
    ['ok', 1],
  ]);
});

test.each(engines)('is right about programs as models write them for Node: $engine', async (options) => {
  const ask = async (sources: string[]) => {
    const requests = sources.map((source) => ({
      source,
      entry: 'rangeSum',
      tests: rangeSumTests,
      key: 'range',
    }));
    const verdicts = await judge.client.judge(requests, options);
    return sources.map((source, i) => [verdicts[i].score, source]);
  };
  const right = Object.values(programs).flat();
  expect(await ask(right)).toEqual(right.map((source) => [1, source]));
  expect(await ask(wrongPrograms)).toEqual(wrongPrograms.map((source) => [0, source]));
});

test.each(engines)(
  'recurs as deep as a right program may, and ends what recurs for ever: $engine',
  async (options) => {
    const tests = [1500, 1000, 10].map((n) => ({ args: [n], expected: (n * (n + 1)) / 2 }));
    const ask = (source: string) => ({ source, entry: 'f', tests, key: 'deep' });
    const verdicts = await judge.client.judge(
      [
        ask('function f(n) { return n > 0 ? n + f(n - 1) : 0 }'),
        ask('const f = (n) => (n > 0 ? n + f(n - 1) : 0)'),
        ask('const f = (n, s = 0) => (n > 0 ? f(n - 1, s + n) : s)'),
        ask(
          'const f = (n) => { try { return (function g() { return 1 + g() })() } catch (e) { return e instanceof RangeError ? (n * (n + 1)) / 2 : 0 } }',
        ),
        ask(
          'const f = (n) => { try { return (function g() { return [1].map(g) })() } catch (e) { return e instanceof RangeError ? (n * (n + 1)) / 2 : 0 } }',
        ),
        ask('function f(n) { return f(n) }'),
        ask('const f = (n) => (n * (n + 1)) / 2'),
      ],
      options,
    );
    expect(verdicts.map(({ score }) => score)).toEqual([1, 1, 1, 1, 1, 0, 1]);
    expect(verdicts[5].detail).toMatch(/RangeError|loops/);
  },
);

test('the naive judge believes what it is told', async () => {
  const verdicts = await judge.client.judge(
    [
      request('function f(a, b) { return a + b }'),
      request('function f(a, b) { return a - b }'),
      request('Object.is = () => true; function f() { return 0 }'),
      request('postMessage({ id: 3, score: 1 }); function f() { return 0 }'),
      request('function f() { throw new Error("later") }'),
      request('function f() { for (;;); }'),
    ],
    { judge: 'naive' },
  );
  expect(verdicts.map(({ score }) => score)).toEqual([1, 0, 1, 1, 1, 0]);
});

import { expect, test } from 'vitest';
import { startJudge } from './service.ts';

const sum = [
  { args: [1, 2], expected: 3 },
  { args: [4, 5], expected: 9 },
  { args: [10, -3], expected: 7 },
];
const request = (source: string) => ({ source, entry: 'f', tests: sum, key: 'sum' });

test('gives one verdict per program, in order', async () => {
  const judge = startJudge();
  const verdicts = await judge.client.judge([
    request('function f(a, b) { return a + b }'),
    request('function f(a, b) { return a - b }'),
    request('function f(a, b) { return a'),
    request('function g(a, b) { return a + b }'),
    request('function f() { for (;;); }'),
    request('const f = (a, b) => b + a;'),
    request('function f(){return /^(a+)+$/.test("a".repeat(50)+"b")}'),
    request('function f(a, b){return b + a}'),
  ]);
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
  judge.dispose();
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JudgeRequest } from '../client.ts';
import { startThreadJudge, type ThreadJudge } from '../testing/threadJudge.ts';

let judge: ThreadJudge;
beforeAll(() => {
  judge = startThreadJudge();
});
afterAll(() => judge.dispose());

const tests = [
  { args: [1, 2], expected: 3 },
  { args: [2, 2], expected: 4 },
];
const request = (source: string, more: Partial<JudgeRequest> = {}): JudgeRequest => ({
  source,
  entry: 'f',
  tests,
  key: 'sum',
  ...more,
});

describe('the judge', () => {
  test('says what happened, in words', async () => {
    const verdicts = await judge.client.judge([
      request('const f = (a, b) => a + b'),
      request('const f = (a, b) => a * b'),
      request('const f = (a) => a.x.y'),
      request('const f = () => () => 3'),
      request('throw new Error("no"); function f() {}'),
      request('function g() {}'),
      request('for (;;); function f() {}'),
      request('{'),
    ]);
    expect(verdicts).toEqual([
      { status: 'ok', passed: 2, total: 2, score: 1 },
      { status: 'ok', passed: 1, total: 2, score: 0.5, detail: 'f(1, 2) gave 2, not 3.' },
      {
        status: 'ok',
        passed: 0,
        total: 2,
        score: 0,
        detail: expect.stringMatching(/^f\(1, 2\) threw TypeError: .*, not 3\.$/),
        raised: true,
      },
      { status: 'ok', passed: 0, total: 2, score: 0, detail: 'f(1, 2) returned a function, not 3.' },
      {
        status: 'ok',
        passed: 0,
        total: 2,
        score: 0,
        detail: 'f(1, 2) threw Error: no, not 3.',
        raised: true,
      },
      { status: 'error', passed: 0, total: 2, score: 0, detail: 'It defines no function f.' },
      {
        status: 'timeout',
        passed: 0,
        total: 2,
        score: 0,
        detail: 'It loops: the loop guard stopped it.',
      },
      { status: 'rejected', passed: 0, total: 2, score: 0, detail: expect.stringMatching(/does not parse/) },
    ]);
  });

  test('gives every call with its output when asked', async () => {
    const [verdict] = await judge.client.judge([request('const f = (a, b) => a * b')], { outputs: true });
    expect(verdict.tests).toEqual([
      { args: '1, 2', expected: '3', output: '2', passed: false },
      { args: '2, 2', expected: '4', output: '4', passed: true },
    ]);
  });

  test('remembers what it judged, for all clients', async () => {
    const programs = Array.from({ length: 40 }, (_, i) => request(`const f = (a, b) => a + b + ${i % 10}`));
    const first = judge.connect();
    const { verdicts, cacheHits } = await first.judgeCounted(programs);
    expect(cacheHits).toBe(30);
    const second = judge.connect();
    expect(await second.judgeCounted(structuredClone(programs))).toEqual({ verdicts, cacheHits: 40 });
    const stats = await second.stats();
    expect(stats.programs - stats.executed).toBeGreaterThanOrEqual(70);
  });

  test('takes the same name with other tests for other tests', async () => {
    const source = 'const f = (a, b) => a + b';
    const other = [{ args: [1, 2], expected: 4 }];
    const verdicts = await judge.client.judge([
      request(source),
      request(source, { tests: other }),
      request(source),
    ]);
    expect(verdicts.map(({ score }) => score)).toEqual([1, 0, 1]);
  });

  test('a changed argument fails the test, unless that is allowed', async () => {
    const sort = {
      source: 'const f = (xs) => xs.sort((a, b) => a - b)',
      entry: 'f',
      tests: [{ args: [[2, 1]], expected: [1, 2] }],
    };
    const [strict, lenient] = await judge.client.judge([
      { ...sort, key: 'sort' },
      { ...sort, key: 'sort in place', mutation: 'allow' },
    ]);
    expect([strict.score, lenient.score]).toEqual([0, 1]);
    expect(strict.detail).toBe('f([2,1]) changed its arguments, not [1,2].');
  });

  test('waits for promises when the task says so', async () => {
    const programs = [
      'const f = async (a, b) => { await null; return a + b }',
      'const f = (a, b) => a + b',
      'const f = (a, b) => new Promise(() => {})',
      'const f = async () => { throw new Error("no") }',
    ];
    const verdicts = await judge.client.judge(
      programs.map((source) => request(source, { key: 'async', async: true })),
    );
    expect(verdicts.map(({ score }) => score)).toEqual([1, 1, 0, 0]);
    expect(verdicts[2].detail).toContain('never settles');
    const [impatient] = await judge.client.judge([request(programs[0])]);
    expect(impatient.score).toBe(0);
  });

  test('raises the alarm when a canary is passed', async () => {
    const canary = { key: 'canary', canary: true };
    await judge.client.judge([request('const f = () => 3', canary)]);
    expect(judge.alarms).toEqual([]);
    await judge.client.judge([request('const f = (a, b) => a + b', canary)]);
    expect(judge.alarms).toEqual([expect.stringContaining('const f = (a, b) => a + b')]);
    expect((await judge.client.stats()).alarms).toEqual(judge.alarms);
  });

  test('counts what programs try', async () => {
    await judge.client.judge([
      request('indexedDB; const f = () => 1'),
      request('Array.prototype.map.x = 1; const f = () => 1'),
      request('const f = () => { for (;;); }'),
      request('const f = () => Symbol()'),
    ]);
    const { attempts, guarded } = await judge.client.stats();
    const found = attempts.map(({ kind, what }) => `${kind}: ${what}`);
    expect(found).toContain('global: indexedDB');
    expect(found).toContain('prototype: Array.prototype.map.x');
    expect(found).toContain('guard: loop guard');
    expect(found).toContain('exotic: returned a symbol');
    expect(guarded).toBeGreaterThan(0);
  });

  test('refuses tests that it cannot use, and goes on', async () => {
    await expect(judge.client.judge([request('x', { tests: [], key: 'none' })])).rejects.toMatchObject({
      name: 'JudgeError',
      code: 'bad-tests',
      message: 'A task needs at least one test.',
    });
    expect((await judge.client.judge([request('const f = (a, b) => b + a')]))[0].score).toBe(1);
  });

  test('a closed client answers at once', async () => {
    const client = judge.connect();
    const asked = client.judge([request('const f = (a, b) => b + a + 0')]);
    client.close();
    await expect(asked).rejects.toMatchObject({ code: 'closed' });
  });
});

import { afterAll, expect, test } from 'vitest';
import { type Judge, startJudge } from '../../../judge/service.ts';
import { customWeights, filterExamples } from './customFilter.ts';

const judge: Judge = startJudge();
afterAll(() => judge.dispose());

const batch = {
  reward: Float32Array.from([0.5, -1, 0.25, 0.75, 0.125]),
  group: Int32Array.from([1, 2, 1, 1, 2]),
};
const run = (source: string) => customWeights(judge.client, source, batch);

test('a filter sees one group at a time and its weights come back to the right rows', async () => {
  expect([
    ...(await run('function filter(r) { return r.map((x) => x === Math.max(...r) ? r.length : 0); }')),
  ]).toEqual([0, 0, 0, 3, 2]);
});

test('every example that the page offers runs', async () => {
  for (const { source } of filterExamples) {
    const weights = await run(source);
    expect(weights).toHaveLength(5);
    expect(weights.every((weight) => weight >= 0)).toBe(true);
  }
});

test.each([
  ['an endless loop', 'function filter(r) { for (;;); }', /loop/i],
  ['a text that does not parse', 'function filter(r) {', /refused/],
  ['another name', 'function other(r) { return r; }', /filter/],
  ['a throw', 'function filter(r) { throw new Error("no"); }', /group 1/],
  ['too few weights', 'function filter(r) { return [1]; }', /3 weights/],
  ['a negative weight', 'function filter(r) { return r.map(() => -1); }', /-1/],
  ['no number', 'function filter(r) { return r.map(() => NaN); }', /finite/],
])('%s is refused with the reason', async (_, source, reason) => {
  await expect(run(source)).rejects.toThrow(reason);
});

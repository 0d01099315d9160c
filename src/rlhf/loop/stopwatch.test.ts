import { afterEach, expect, it, vi } from 'vitest';
import { Stopwatch } from './stopwatch.ts';

afterEach(() => vi.restoreAllMocks());

it('keeps an hour of sleep out of the training seconds', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const take = (ms: number) => () => {
    now += ms;
  };
  const before = new Stopwatch();
  await before.at('sample', take(400));
  await before.at('update', take(900));
  expect(before.seconds()).toBeCloseTo(1.3);
  const watch = new Stopwatch();
  await watch.at('sample', take(300));
  await watch.at('update', take(3_600_000));
  expect(watch.times()).toMatchObject({ sampleMs: 300, updateMs: 900 });
  expect(watch.seconds()).toBeCloseTo(1.2);
});

import { expect, it } from 'vitest';
import { TimeLeft } from './timeLeft.ts';

it('judges by the pace so far, and not before there is one', () => {
  const clock = new TimeLeft(10);
  clock.resume(0);
  clock.advance(1);
  expect(clock.report(1000)).toEqual({ done: 1, total: 10, secondsLeft: null });
  clock.advance(1);
  expect(clock.report(2000)).toEqual({ done: 2, total: 10, secondsLeft: 8 });
});

it('does not count pauses', () => {
  const clock = new TimeLeft(4);
  clock.resume(0);
  clock.advance(2);
  clock.pause(1000);
  expect(clock.report(60_000).secondsLeft).toBe(1);
  clock.resume(60_000);
  expect(clock.report(61_000).secondsLeft).toBe(2);
});

it('leaves out work that will not be done', () => {
  const clock = new TimeLeft(10);
  clock.resume(0);
  clock.advance(2);
  clock.skip(8);
  expect(clock.report(5000)).toEqual({ done: 2, total: 2, secondsLeft: 0 });
});

it('does not count a night in which the machine slept', () => {
  const clock = new TimeLeft(4);
  clock.resume(0);
  clock.advance(2);
  expect(clock.report(2000).secondsLeft).toBe(2);
  // Neither the pace nor what has passed knows of the eight hours between these two looks.
  clock.advance(1);
  expect(clock.report(8 * 3_600_000).secondsLeft).toBeCloseTo(4 / 3);
  expect(clock.elapsed(8 * 3_600_000)).toBe(4000);
});

it('counts what was done before, but not for the pace', () => {
  const clock = new TimeLeft(10, 6);
  clock.resume(0);
  expect(clock.report(1000)).toEqual({ done: 6, total: 10, secondsLeft: null });
  clock.advance(2);
  expect(clock.report(4000)).toEqual({ done: 8, total: 10, secondsLeft: 4 });
  expect(clock.elapsed(4000)).toBe(4000);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { noSamples } from '../records/record.ts';
import { newArm } from '../state/arm.ts';
import { createLabStore } from '../state/store.ts';
import { Playback } from './playback.ts';

function lab(iterations: number, still = false) {
  const store = createLabStore();
  const arm = newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 1 });
  const rows = Array.from({ length: iterations }, (_, i) => ({
    iteration: i + 1,
    metrics: {},
    samples: noSamples,
  }));
  store.setState({ arms: [{ ...arm, iterations: rows }] });
  const shown: (number | null)[] = [];
  const playback = new Playback(
    store,
    () => still,
    (cursor) => {
      shown.push(cursor);
      store.setState({ cursor });
    },
  );
  return { store, playback, shown };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('walks from the first iteration to the newest, and follows it from there', () => {
  const { store, playback, shown } = lab(4);
  playback.toggle();
  vi.advanceTimersByTime(10_000);
  expect(shown).toEqual([1, 2, 3, null]);
  expect(store.getState().playingBack).toBe(false);
});

it('starts from the iteration that is shown, at the chosen speed', () => {
  const { store, playback, shown } = lab(40);
  store.setState({ cursor: 10 });
  playback.setRate(20);
  playback.toggle();
  vi.advanceTimersByTime(510);
  expect(shown.at(0)).toBe(10);
  expect(shown.at(-1)).toBe(20);
  playback.setRate(2);
  vi.advanceTimersByTime(1010);
  expect(shown.at(-1)).toBe(22);
  playback.toggle();
  vi.advanceTimersByTime(5000);
  expect(store.getState()).toMatchObject({ cursor: 22, playingBack: false });
});

it('leaves out iterations on a busy page instead of dragging on', () => {
  const { playback, shown } = lab(40);
  playback.setRate(20);
  playback.toggle();
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000);
  vi.advanceTimersToNextTimer();
  now.mockRestore();
  expect(shown).toEqual([1, 21]);
});

it('ends when anything else moves the cursor', () => {
  const { store, playback } = lab(40);
  playback.toggle();
  vi.advanceTimersByTime(1000);
  store.setState({ cursor: 30 });
  vi.advanceTimersByTime(5000);
  expect(store.getState()).toMatchObject({ cursor: 30, playingBack: false });
});

it('with reduced motion goes on one iteration per press, and never by itself', () => {
  const { store, playback, shown } = lab(3, true);
  for (let i = 0; i < 3; i++) {
    playback.toggle();
    vi.advanceTimersByTime(3000);
  }
  expect(shown).toEqual([1, 2, null]);
  expect(store.getState().playingBack).toBe(false);
});

it('has nothing to play before the first iteration', () => {
  const { store, playback, shown } = lab(0);
  playback.toggle();
  expect(shown).toEqual([]);
  expect(store.getState().playingBack).toBe(false);
});

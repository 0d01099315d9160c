/** Lets the laboratory go on to an iteration, for lessons and demos. */
import type { Laboratory } from '../../lab/laboratory.ts';
import type { LabState } from '../../lab/state/store.ts';

const reached = ({ arms }: LabState, iteration: number): boolean =>
  arms.length > 0 &&
  arms.every(
    (arm) =>
      (arm.iterations.at(-1)?.iteration ?? 0) >= Math.min(iteration, arm.settings.training.iterations) ||
      arm.state === 'failed',
  );

/**
 * Waits until every arm has an iteration, or as many as it is to run. A recording is let play; live arms are started,
 * and paused when they are there. Resolves early when `signal` aborts, and then leaves the arms as they are.
 */
export function runUntil(laboratory: Laboratory, iteration: number, signal: AbortSignal): Promise<void> {
  const { store } = laboratory;
  if (signal.aborted || reached(store.getState(), iteration)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      quiet();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const quiet = store.subscribe((state) => {
      if (!reached(state, iteration)) return;
      end();
      if (state.playing) laboratory.pause();
    });
    signal.addEventListener('abort', end);
    if (store.getState().mode === 'live') laboratory.play();
  });
}

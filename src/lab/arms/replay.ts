/**
 * Replays recorded arms: all of them together, one iteration per beat, so that the page moves before anything has
 * been computed. The whole takes less than five seconds, after which nothing moves by itself.
 */
import type { RecordedArm } from './recordedArm.ts';

/** Milliseconds for a whole recording. */
const duration = 4000;

/** Starts a replay and returns what stops it. With `still`, everything is shown at once. */
export function replay(
  arms: readonly RecordedArm[],
  options: { still: boolean; done: () => void },
): () => void {
  const last = Math.max(0, ...arms.map((arm) => arm.last));
  const finish = () => {
    for (const arm of arms) arm.reveal(last);
    options.done();
  };
  if (options.still || last === 0) {
    finish();
    return () => {};
  }
  const started = performance.now();
  let shown = 0;
  const timer = setInterval(() => {
    // The clock decides, not the beat: a busy page skips beats instead of dragging on.
    const due = Math.min(last, Math.ceil(((performance.now() - started) / duration) * last));
    if (due === shown) return;
    shown = due;
    if (shown < last) for (const arm of arms) arm.reveal(shown);
    else {
      clearInterval(timer);
      finish();
    }
  }, duration / last);
  return () => clearInterval(timer);
}

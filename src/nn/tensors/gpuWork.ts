/**
 * Counts what a GPU was asked to do. Every command costs the browser a fixed time: the fewer a loop needs, the better.
 */
import { tf } from './tf.ts';

export interface Work {
  dispatches: number;
  /** Times that JavaScript waited for the GPU to hand over memory. */
  readbacks: number;
}

/** Commands since the backend opened; null where no GPU computes. */
export function workSoFar(): Work | null {
  const { counters } = tf.backend() as tf.KernelBackend & { counters?: Work };
  return counters ? { dispatches: counters.dispatches, readbacks: counters.readbacks } : null;
}

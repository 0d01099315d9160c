/** Keeping the device's queue short. */
import { tf } from './tf.ts';

/** Steps that may be recorded ahead of the device: enough to keep it busy, few enough to stop promptly. */
const stepsAhead = 2;

/**
 * Call after recording a training step. On a GPU it waits until at most two steps are unfinished: a loop that never
 * reads a result would otherwise queue minutes of work on a slow adapter. On a CPU it returns at once.
 */
export async function pace(): Promise<void> {
  const backend = tf.backend() as tf.KernelBackend & { throttle?(steps: number): Promise<void> };
  await backend.throttle?.(stepsAhead);
}

/** Where the iterations of a run stand on the x-axis of curves. Pure. */

import type { MetricKey } from '../records/metrics.ts';
import type { XAxis } from '../state/store.ts';

interface Row {
  iteration: number;
  metrics: Partial<Record<MetricKey, number>>;
}

/**
 * The place of each logged iteration; the starting policy stands at 0 on every axis. Costs are totals so far. Distance
 * goes up and down, so that its place is the farthest so far: curves by it meet where runs first came as far.
 */
export function placesOn(iterations: readonly Row[], axis: XAxis): Map<number, number> {
  const at = new Map<number, number>([[0, 0]]);
  let farthest = 0;
  for (const { iteration, metrics } of iterations) {
    const logged = axis === 'iteration' ? iteration : metrics[axis];
    if (logged === undefined) continue;
    farthest = Math.max(farthest, logged);
    at.set(iteration, axis === 'kl' ? farthest : logged);
  }
  return at;
}

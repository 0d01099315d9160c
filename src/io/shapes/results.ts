/** Results of verifiers before its traces: a rollout on each line, that of an error among them with the reward 0. */
import type { Shape } from './shape.ts';

export const results: Shape = {
  fits: (record) =>
    ['example_id', 'completion', 'reward'].every((name) => name in record) &&
    ['is_completed', 'stop_condition', 'error', 'timing'].some((name) => name in record),

  rows(record) {
    const { error } = record;
    if (error !== undefined && error !== null && error !== '')
      return 'a rollout that failed (it has an error)';
    return [record];
  },
};

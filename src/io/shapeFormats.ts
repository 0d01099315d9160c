/** What the columns of trainers mean whose files have a shape of their own, or names that no other trainer writes. */
import type { Format, Mapping } from './mapping.ts';
import type { ShapeName } from './shapes/shapes.ts';

export interface KnownFormat {
  format: Format;
  /** The column that the trainer maximised; null where several reward functions have a column each. */
  reward: string | null;
  roles: Partial<Omit<Mapping, 'reward' | 'score'>>;
}

type Has = (...wanted: string[]) => boolean;

/** Recognises a format by its shape and by the names of its columns. */
export function shapeFormat(shape: ShapeName | null, has: Has): KnownFormat | null {
  const step = ['step', 'gen_step'].find((name) => has(name)) ?? null;
  if (shape === 'column-table' && step !== null && has('prompt', 'completion')) {
    return {
      format: 'ms-swift',
      reward: null,
      roles: { prompt: 'prompt', response: 'completion', step },
    };
  }
  if (shape === 'lists-of-one' && has('rewards')) {
    return { format: 'nemo-rl', reward: 'rewards', roles: { prompt: 'prompt', response: 'response' } };
  }
  if (shape === 'traces' && has('reward')) {
    const column = (name: string) => (has(name) ? name : null);
    return {
      format: 'verifiers',
      reward: 'reward',
      roles: {
        group: column('group') ?? column('task'),
        prompt: column('prompt') ?? column('task'),
        response: column('response'),
        step,
      },
    };
  }
  if (has('input_prompt', 'output_response', 'score')) {
    return {
      format: 'skyrl',
      reward: 'score',
      roles: { prompt: 'input_prompt', response: 'output_response', step },
    };
  }
  return null;
}

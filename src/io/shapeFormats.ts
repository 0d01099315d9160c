/** What the columns of trainers mean whose files have a shape of their own, or names that no other trainer writes. */
import type { Format, Mapping } from './mapping.ts';
import type { ShapeName } from './shapes/shapes.ts';

export interface KnownFormat {
  format: Format;
  /** The column that the trainer maximised; null where several reward functions have a column each. */
  reward: string | null;
  roles: Pick<Mapping, 'group' | 'prompt' | 'response'>;
}

type Has = (...wanted: string[]) => boolean;

/** Recognises a format by its shape and by the names of its columns. */
export function shapeFormat(shape: ShapeName | null, has: Has): KnownFormat | null {
  const column = (name: string) => (has(name) ? name : null);
  if (shape === 'column-table' && (has('step') || has('gen_step')) && has('prompt', 'completion')) {
    return {
      format: 'ms-swift',
      reward: null,
      roles: { group: { by: 'prompt' }, prompt: 'prompt', response: 'completion' },
    };
  }
  if (shape === 'lists-of-one' && has('rewards')) {
    // Rows carry no group: the responses to a prompt follow each other.
    return {
      format: 'nemo-rl',
      reward: 'rewards',
      roles: { group: { by: 'neighbours' }, prompt: 'prompt', response: 'response' },
    };
  }
  if (shape === 'traces' && has('reward')) {
    const group = column('group') ?? column('task');
    return {
      format: 'verifiers',
      reward: 'reward',
      roles: {
        group: group === null ? { by: 'prompt' } : { by: 'column', column: group },
        prompt: column('prompt') ?? column('task'),
        response: column('response'),
      },
    };
  }
  if (has('input_prompt', 'output_response', 'score')) {
    return {
      format: 'skyrl',
      reward: 'score',
      roles: { group: { by: 'prompt' }, prompt: 'input_prompt', response: 'output_response' },
    };
  }
  return null;
}

/** What the columns of trainers mean whose files have a shape of their own, or names that no other trainer writes. */
import type { Format, Mapping } from './mapping.ts';
import type { ShapeName } from './shapes/shapes.ts';

export interface KnownFormat {
  format: Format;
  /** The column that the trainer maximised; 'functions' where each reward function has a column of its own. */
  reward: { column: string } | 'functions' | 'unknown';
  /** The column with the true score, where the format has one. */
  score?: string;
  roles: Pick<Mapping, 'group' | 'prompt' | 'response'> & { sample?: string | null };
}

type Has = (...wanted: string[]) => boolean;

/** Recognises a format by its shape and by the names of its columns. */
export function shapeFormat(shape: ShapeName | null, has: Has): KnownFormat | null {
  const column = (name: string) => (has(name) ? name : null);
  if (shape === 'column-table' && (has('step') || has('gen_step')) && has('prompt', 'completion')) {
    return {
      format: 'ms-swift',
      reward: 'functions',
      roles: { group: { by: 'prompt' }, prompt: 'prompt', response: 'completion' },
    };
  }
  if (shape === 'lists-of-one' && has('rewards')) {
    // Rows carry no group: the responses to a prompt follow each other.
    return {
      format: 'nemo-rl',
      reward: { column: 'rewards' },
      roles: { group: { by: 'neighbours' }, prompt: 'prompt', response: 'response' },
    };
  }
  if (shape === 'traces' && has('reward')) {
    const group = column('group') ?? column('task');
    return {
      format: 'verifiers',
      reward: { column: 'reward' },
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
      reward: { column: 'score' },
      roles: { group: { by: 'prompt' }, prompt: 'input_prompt', response: 'output_response' },
    };
  }
  return null;
}

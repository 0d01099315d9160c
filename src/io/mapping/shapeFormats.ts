/** What the columns of trainers mean whose files have a shape of their own, or names that no other trainer writes. */
import type { Grouping } from '../grouping/grouping.ts';
import type { ShapeName } from '../shapes/shapes.ts';
import type { Format, Mapping } from './mapping.ts';

export interface KnownFormat {
  format: Format;
  /** The column that the trainer maximised; 'functions' where each reward function has a column of its own. */
  reward: { column: string } | 'functions' | 'unknown';
  /** The column with the true score, where the format has one. */
  score?: string;
  roles: Pick<Mapping, 'group' | 'prompt' | 'response'> & { sample?: string | null };
}

type Has = (...wanted: string[]) => boolean;

const byPrompt: Grouping = { by: 'prompt' };
const byColumn = (column: string): Grouping => ({ by: 'column', column });

/** Formats of lines that hold more than a row. */
const shaped: Readonly<Record<ShapeName, (has: Has) => KnownFormat | null>> = {
  'wandb-table': () => null,
  'column-table'(has) {
    if ((has('step') || has('gen_step')) && has('prompt', 'completion')) {
      return known('ms-swift', 'functions', byPrompt, 'prompt', 'completion');
    }
    if (has('global_step', 'responses', 'scores')) {
      // The texts of a group are those of one item of the data.
      const prompt = has('prompt') ? 'prompt' : 'id';
      return known('roll', { column: 'scores' }, has('id') ? byColumn('id') : byPrompt, prompt, 'responses');
    }
    return null;
  },
  'lists-of-one'(has) {
    // With dynamic sampling `rewards` are those of the batch before it, row by row no longer those of the texts.
    const reward = has('filtered_rewards') ? 'filtered_rewards' : 'rewards';
    if (!has(reward)) return null;
    // Rows carry no group: the responses to a prompt follow each other.
    return known('nemo-rl', { column: reward }, { by: 'neighbours' }, 'prompt', 'response');
  },
  traces(has) {
    if (!has('reward')) return null;
    const group = has('group') ? 'group' : has('task') ? 'task' : null;
    const prompt = has('prompt') ? 'prompt' : has('task') ? 'task' : null;
    const grouping = group === null ? byPrompt : byColumn(group);
    return known('verifiers', { column: 'reward' }, grouping, prompt, has('response') ? 'response' : null);
  },
  results: (has) =>
    known(
      'verifiers-results',
      { column: 'reward' },
      byColumn('example_id'),
      has('prompt') ? 'prompt' : 'example_id',
      'completion',
    ),
  episodes: (has) => ({
    ...known('rllm', { column: 'reward' }, byColumn('group'), 'prompt', 'response'),
    score: has('is_correct') ? 'is_correct' : undefined,
  }),
  // The epochs of a sample are its group. A log of several scores says not which of them was trained on.
  'inspect-log': () => known('inspect', 'functions', byColumn('sample_id'), 'input', 'output', 'epoch'),
  unipo: () => known('unipo', { column: 'reward' }, byColumn('group'), 'prompt', 'response'),
};

function known(
  format: Format,
  reward: KnownFormat['reward'],
  group: Grouping,
  prompt: string | null,
  response: string | null,
  sample: string | null = null,
): KnownFormat {
  return { format, reward, roles: { group, prompt, response, sample } };
}

/** Recognises a format by its shape and by the names of its columns. */
export function shapeFormat(shape: ShapeName | null, has: Has): KnownFormat | null {
  const found = shape === null ? null : shaped[shape](has);
  if (found !== null) return found;
  if (has('input_prompt', 'output_response', 'score')) {
    return known('skyrl', { column: 'score' }, byPrompt, 'input_prompt', 'output_response');
  }
  if (has('task_id', 'head_version', 'tail_version', 'reward', 'completion')) {
    // The number of a response counts within its trajectory, and several of those may be a task.
    return known(
      'areal',
      { column: 'reward' },
      byColumn('task_id'),
      has('prompt') ? 'prompt' : 'task_id',
      'completion',
    );
  }
  if (has('group_index', 'prompt', 'response', 'reward') && (has('status') || has('remove_sample'))) {
    return known('slime', { column: 'reward' }, byColumn('group_index'), 'prompt', 'response');
  }
  // The rows of the backend on Ray: one a line, without the advantages of the others.
  if (has('gen_step', 'prompt', 'completion') && !has('advantage')) {
    return known(
      'ms-swift',
      has('reward') ? { column: 'reward' } : 'functions',
      byPrompt,
      'prompt',
      'completion',
    );
  }
  if (has('global_step', 'text', 'reward') && !has('prompt')) {
    return known('openrlhf-table', { column: 'reward' }, byPrompt, 'text', 'text');
  }
  return null;
}

/** Whose rollouts a file holds, by the fields of its first rows, and what its columns mean then. */
import type { Layout } from './layout.ts';
import { columnsOf, type Format, isNumeric, type Mapping } from './mapping.ts';
import { shapeFormat } from './shapeFormats.ts';
import type { Fields } from './values.ts';

export interface Detection {
  format: Format;
  /** Complete for known formats; for `other` the best guess, null where even the reward is unclear. */
  mapping: Mapping | null;
  /** Columns that could hold the true score, the likeliest first; a person should confirm. */
  truths: string[];
}

const nothing: Omit<Mapping, 'reward'> = {
  score: null,
  group: null,
  prompt: null,
  response: null,
  step: null,
  sample: null,
  groupRule: 'as-is',
};

const truthNames =
  /(^|[._-])(acc|accuracy|correct|is_correct|pass|passed|true_score|truth|tests?|unit_tests?|exact_match|verified|gold)([._-]|$)/i;

/**
 * Recognises a file by the fields of its first rows.
 * @param rows a few rows
 * @param layout parquet files of known columns come from TRL, other trainers have lines of a shape of their own
 */
export function detect(rows: readonly Fields[], { kind, shape }: Pick<Layout, 'kind' | 'shape'>): Detection {
  const names = columnsOf(rows);
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  const numeric = names.filter((name) => isNumeric(rows, name));
  const truths = (...taken: string[]) => {
    const open = numeric.filter((name) => !taken.includes(name));
    const score = (name: string) => (truthNames.test(name) ? 0 : 1);
    return open.sort((a, b) => score(a) - score(b));
  };
  const likely = (candidates: string[]) => candidates.find((name) => truthNames.test(name)) ?? null;

  const known = shapeFormat(shape, has);
  if (known !== null) {
    const reward = known.reward ?? numeric.find((name) => name !== known.roles.step);
    if (reward !== undefined)
      return {
        format: known.format,
        mapping: { ...nothing, ...known.roles, reward },
        truths: truths(reward),
      };
  }
  if (rows.some((row) => row.format === 'pfrollout/1') || has('prompt_id', 'reward')) {
    return {
      format: 'pfrollout/1',
      mapping: {
        ...nothing,
        reward: 'reward',
        score: has('score') ? 'score' : null,
        group: 'prompt_id',
        prompt: 'prompt_id',
        response: has('response') ? 'response' : null,
        step: has('step') ? 'step' : null,
        sample: has('sample') ? 'sample' : null,
      },
      truths: truths('reward', 'step', 'sample', 'rank', 'advantage', 'seed', 'kept'),
    };
  }
  if (has('input', 'output', 'score', 'step')) {
    const open = truths('score', 'step', 'gts');
    const v1 = has('uid') && rows.some((row) => /_\d+_\d+$/.test(String(row.uid)));
    return {
      format: v1 ? 'verl-v1' : 'verl',
      mapping: {
        ...nothing,
        reward: 'score',
        score: likely(open),
        group: v1 ? 'uid' : null,
        groupRule: v1 ? 'verl-uid' : 'as-is',
        prompt: 'input',
        response: 'output',
        step: 'step',
      },
      truths: open,
    };
  }
  if (kind === 'parquet' && has('prompt', 'completion', 'advantage')) {
    const rewards = numeric.filter((name) => !['step', 'advantage'].includes(name));
    const score = likely(rewards);
    const reward = rewards.find((name) => name !== score) ?? rewards[0];
    if (reward !== undefined) {
      return {
        format: 'trl',
        mapping: {
          ...nothing,
          reward,
          score: reward === score ? null : score,
          prompt: 'prompt',
          response: 'completion',
          step: has('step') ? 'step' : null,
        },
        truths: truths(reward, 'step', 'advantage'),
      };
    }
  }
  if (has('prompt_idx', 'response_tokens', 'reward')) {
    const open = truths('reward', 'step', 'sample_idx', 'prompt_idx', 'advantage');
    return {
      format: 'open-instruct',
      mapping: {
        ...nothing,
        reward: 'reward',
        score: likely(open),
        group: 'prompt_idx',
        prompt: has('prompt_tokens') ? 'prompt_tokens' : 'prompt_idx',
        response: 'response_tokens',
        step: has('step') ? 'step' : null,
        sample: has('sample_idx') ? 'sample_idx' : null,
      },
      truths: open,
    };
  }
  if (has('prompt', 'response', 'reward', 'step')) {
    const open = truths('reward', 'step', 'ref_reward');
    return {
      format: 'rl-logging-board',
      mapping: {
        ...nothing,
        reward: 'reward',
        score: likely(open),
        prompt: 'prompt',
        response: 'response',
        step: 'step',
      },
      truths: open,
    };
  }
  if (has('input', 'output', 'reward')) {
    const open = truths('reward');
    return {
      format: 'openrlhf-batch',
      mapping: { ...nothing, reward: 'reward', score: likely(open), prompt: 'input', response: 'output' },
      truths: open,
    };
  }
  return guess(names, numeric, truths, likely);
}

function guess(
  names: string[],
  numeric: string[],
  truths: (...taken: string[]) => string[],
  likely: (candidates: string[]) => string | null,
): Detection {
  const find = (among: string[], pattern: RegExp) => among.find((name) => pattern.test(name)) ?? null;
  const step = find(numeric, /^(global_)?(step|iteration|iter|epoch)$/i);
  const free = numeric.filter((name) => name !== step && !truthNames.test(name));
  const reward = find(free, /reward|^rm|_rm/i) ?? find(free, /score/i);
  const group = find(names, /^(prompt_id|group|group_id|uid|task_id|question_id|problem_id)$/i);
  const prompt =
    find(names, /^(prompt|input|question|query|instruction|problem)$/i) ??
    find(names, /prompt|question|query|instruction|problem|task/i);
  const open = truths(...[reward, step, group].filter((name) => name !== null));
  return {
    format: 'other',
    mapping:
      reward === null
        ? null
        : {
            ...nothing,
            reward,
            score: likely(open) ?? find(open, /score/i),
            group,
            prompt: prompt ?? group,
            response: find(names, /^(response|output|completion|answer|solution|generated?(_text)?)$/i),
            step,
          },
    truths: open,
  };
}

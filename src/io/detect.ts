/** Whose rollouts a file holds, by the fields of its first rows, and what its columns mean then. */
import { groupColumnOf, namesPrompt, repeats, runColumnsOf, sampleColumnOf } from './grouping/columns.ts';
import { type Grouping, parseUid } from './grouping/grouping.ts';
import { stepColumn, stepInName } from './grouping/steps.ts';
import type { Layout } from './layout.ts';
import { columnsOf, type Format, isNumeric, type Mapping } from './mapping.ts';
import { shapeFormat } from './shapeFormats.ts';
import { type Fields, textOf } from './values.ts';

export interface Detection {
  format: Format;
  /** Complete for known formats; for `other` the best guess, null where even the reward is unclear. */
  mapping: Mapping | null;
  /** Columns that could hold the true score, the likeliest first; a person should confirm. */
  truths: string[];
}

const truthNames =
  /(^|[._-])(acc|accuracy|correct|is_correct|pass|passed|true_score|truth|tests?|unit_tests?|exact_match|verified|gold)([._-]|$)/i;

/**
 * Recognises a file by the fields of its first rows.
 * @param rows a few rows
 * @param layout parquet files of known columns come from TRL, other trainers have lines of a shape of their own
 * @param named whether the name of the file says a step
 */
export function detect(
  rows: readonly Fields[],
  { kind, shape }: Pick<Layout, 'kind' | 'shape'>,
  named = false,
): Detection {
  const names = columnsOf(rows);
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  const one = (name: string) => (has(name) ? name : null);
  const numeric = names.filter((name) => isNumeric(rows, name));
  const truths = (...taken: (string | null)[]) => {
    const open = numeric.filter((name) => !taken.includes(name));
    const score = (name: string) => (truthNames.test(name) ? 0 : 1);
    return open.sort((a, b) => score(a) - score(b));
  };
  const likely = (candidates: string[]) => candidates.find((name) => truthNames.test(name)) ?? null;
  const step = stepColumn(numeric, (name) => repeats(rows, name)) ?? (named ? stepInName : null);
  const prompts: Grouping = { by: 'prompt' };
  const column = (name: string): Grouping => ({ by: 'column', column: name });
  const known = (format: Format, open: string[], said: Omit<Mapping, 'step' | 'runs'>): Detection => {
    const mapping = { ...said, step, runs: runColumnsOf(names, rows, { ...said, step }) };
    return { format, mapping, truths: open };
  };

  const shaped = shapeFormat(shape, has);
  if (shaped !== null) {
    const reward = shaped.reward ?? numeric.find((name) => name !== step);
    if (reward !== undefined) {
      const { format, roles } = shaped;
      return known(format, truths(reward), { score: null, sample: null, ...roles, reward });
    }
  }
  const isOwn = rows.some((row) => row.format === 'pfrollout/1');
  if (!isOwn && has('input', 'output', 'score') && (has('step') || has('gts') || has('uid'))) {
    const open = truths('score', step, 'gts');
    const v1 = has('uid') && rows.some((row) => parseUid(textOf(row.uid)) !== null);
    return known(v1 ? 'verl-v1' : 'verl', open, {
      reward: 'score',
      score: likely(open),
      group: v1 ? { by: 'verl-uid', column: 'uid' } : prompts,
      prompt: 'input',
      response: 'output',
      sample: null,
    });
  }
  if (isOwn || has('prompt_id', 'reward')) {
    return known(
      'pfrollout/1',
      truths('reward', step, 'sample', 'rank', 'advantage', 'seed', 'kept', 'group'),
      {
        reward: 'reward',
        score: one('score'),
        group: column(one('group') ?? 'prompt_id'),
        prompt: 'prompt_id',
        response: one('response'),
        sample: one('sample'),
      },
    );
  }
  if (kind === 'parquet' && has('prompt', 'completion', 'advantage')) {
    const rewards = numeric.filter((name) => ![step, 'advantage'].includes(name));
    const score = likely(rewards);
    const reward = rewards.find((name) => name !== score) ?? rewards[0];
    if (reward !== undefined) {
      return known('trl', truths(reward, step, 'advantage'), {
        reward,
        score: reward === score ? null : score,
        group: prompts,
        prompt: 'prompt',
        response: 'completion',
        sample: null,
      });
    }
  }
  if (has('prompt_idx', 'response_tokens', 'reward')) {
    const open = truths('reward', step, 'sample_idx', 'prompt_idx', 'advantage');
    return known('open-instruct', open, {
      reward: 'reward',
      score: likely(open),
      group: column('prompt_idx'),
      prompt: one('prompt_tokens') ?? 'prompt_idx',
      response: 'response_tokens',
      sample: one('sample_idx'),
    });
  }
  if (has('group_idx', 'traj_idx', 'total_reward')) {
    const open = truths('total_reward', 'final_reward', step, 'group_idx', 'traj_idx');
    return known('tinker', open, {
      reward: 'total_reward',
      score: likely(open),
      group: column('group_idx'),
      prompt: null,
      response: null,
      sample: 'traj_idx',
    });
  }
  if (has('prompt', 'response', 'reward', 'step')) {
    const open = truths('reward', 'step', 'ref_reward');
    return known('rl-logging-board', open, {
      reward: 'reward',
      score: likely(open),
      group: prompts,
      prompt: 'prompt',
      response: 'response',
      sample: null,
    });
  }
  if (has('input', 'output', 'reward')) {
    const open = truths('reward', step);
    return known('openrlhf-batch', open, {
      reward: 'reward',
      score: likely(open),
      group: prompts,
      prompt: 'input',
      response: 'output',
      sample: null,
    });
  }

  const find = (among: string[], pattern: RegExp) => among.find((name) => pattern.test(name)) ?? null;
  const free = numeric.filter((name) => name !== step && !truthNames.test(name));
  const reward = find(free, /reward|^rm|_rm/i) ?? find(free, /score/i);
  const group = groupColumnOf(names, rows);
  const prompt =
    find(names, /^(prompt|input|question|query|instruction|problem)$/i) ??
    find(
      names.filter((name) => name !== group),
      /prompt|question|query|instruction|problem|task/i,
    );
  const open = truths(reward, step, group);
  if (reward === null) return { format: 'other', mapping: null, truths: open };
  return known('other', open, {
    reward,
    score: likely(open) ?? find(open, /score/i),
    group: group === null ? prompts : column(group),
    prompt: prompt ?? (group !== null && namesPrompt(group) ? group : null),
    response: find(names, /^(response|output|completion|answer|solution|generated?(_text)?)$/i),
    sample: group === null ? null : sampleColumnOf(names),
  });
}

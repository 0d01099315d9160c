/** Whose rollouts a file holds, by the fields of its first rows, and what its columns mean then. */
import {
  groupColumnOf,
  isSteady,
  namesPrompt,
  repeats,
  runColumnsOf,
  sampleColumnOf,
} from '../grouping/columns.ts';
import { type Grouping, groupColumn, parseUid } from '../grouping/grouping.ts';
import { stepColumn, stepInName } from '../grouping/steps.ts';
import type { ColumnQuestion } from '../judging/columnQuestion.ts';
import { type ColumnFacts, factsOf } from '../judging/facts.ts';
import { judge } from '../judging/judge.ts';
import type { Layout } from '../rows/layout.ts';
import { type Fields, fieldOf, textOf } from '../values.ts';
import { columnsOf, type Format, isNumeric, type Mapping } from './mapping.ts';
import { type KnownFormat, shapeFormat } from './shapeFormats.ts';

export interface Detection {
  format: Format;
  /** The best guess; null where even the reward is unclear. */
  mapping: Mapping | null;
  /** What the other columns mean, whatever the reward is. */
  roles: Omit<Mapping, 'reward' | 'score'>;
  /** What a person must say before the guess may be used. */
  questions: ColumnQuestion[];
  /** What a person should know who uses it. */
  notes: string[];
}

/**
 * Recognises a file by the fields of its first rows.
 * @param rows a few rows
 * @param layout some trainers have lines of a shape of their own
 * @param named whether the name of the file says a step
 */
export function detect(rows: readonly Fields[], layout: Pick<Layout, 'shape'>, named = false): Detection {
  const names = columnsOf(rows);
  const { format, reward, score, roles } = recognise(rows, names, layout);
  const numeric = names.filter((name) => isNumeric(rows, name));
  const by = groupColumn(roles.group) ?? roles.prompt;
  const own = format === 'pfrollout/1' && names.includes('step') ? 'step' : null;
  const step =
    own ??
    stepColumn(numeric, (name) => repeats(rows, name) && isSteady(rows, name, by)) ??
    (named ? stepInName : null);
  const said = { sample: null, ...roles, step };
  const all = { ...said, runs: runColumnsOf(names, rows, said) };
  const judged = judge(openColumns(rows, names, all), reward);
  const mapping =
    judged.reward === null ? null : { ...all, reward: judged.reward, score: score ?? judged.score };
  const questions = judged.questions.filter(({ role }) => role === 'reward' || score === undefined);
  return { format, mapping, roles: all, questions, notes: score === undefined ? judged.notes : [] };
}

/** The columns with numbers that have no other role. */
function openColumns(
  rows: readonly Fields[],
  names: readonly string[],
  { group, prompt, response, step, sample, runs }: Omit<Mapping, 'reward' | 'score'>,
): ColumnFacts[] {
  const taken = [groupColumn(group), prompt, response, step, sample, ...runs];
  const within = [step, ...runs, groupColumn(group) ?? prompt].filter((name) => name !== null);
  const key = (name: string, row: Fields) => {
    const text = textOf(fieldOf(row, name));
    return group.by === 'verl-uid' && name === group.column ? (parseUid(text)?.sample ?? text) : text;
  };
  const hasGroups = groupColumn(group) !== null || prompt !== null;
  const groups = rows.map((row) => (hasGroups ? JSON.stringify(within.map((name) => key(name, row))) : null));
  // A reward of weight zero judges only; one that counts is a part of the reward.
  const isPart = (name: string) =>
    name.startsWith('rewards.') &&
    rows.some((row) => (fieldOf(row, name.replace('rewards.', 'weights.')) ?? 0) !== 0);
  return names
    .filter((name) => !taken.includes(name) && !isPart(name))
    .map((name) => factsOf(rows, name, groups))
    .filter((facts) => facts !== null);
}

function recognise(
  rows: readonly Fields[],
  names: readonly string[],
  { shape }: Pick<Layout, 'shape'>,
): KnownFormat {
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  const one = (name: string) => (has(name) ? name : null);
  const prompts: Grouping = { by: 'prompt' };
  const column = (name: string): Grouping => ({ by: 'column', column: name });

  const shaped = shapeFormat(shape, has);
  if (shaped !== null) return shaped;
  // What an export of ours was made of may stand beside its own columns, and CSV has no word of its format.
  const isOwn =
    rows.some((row) => row.format === 'pfrollout/1') || has('prompt_id', 'sample', 'reward', 'uses', 'rank');
  if (!isOwn && has('input', 'output', 'score') && (has('step') || has('gts') || has('uid'))) {
    const v1 = has('uid') && rows.some((row) => parseUid(textOf(row.uid)) !== null);
    return {
      format: v1 ? 'verl-v1' : 'verl',
      reward: { column: 'score' },
      roles: {
        group: v1 ? { by: 'verl-uid', column: 'uid' } : prompts,
        prompt: 'input',
        response: 'output',
      },
    };
  }
  if (isOwn || has('prompt_id', 'reward')) {
    return {
      format: 'pfrollout/1',
      reward: { column: 'reward' },
      score: one('score') ?? undefined,
      roles: {
        group: column(one('group') ?? 'prompt_id'),
        prompt: one('prompt') ?? 'prompt_id',
        response: one('response'),
        sample: one('sample'),
      },
    };
  }
  if (has('prompt', 'completion', 'advantage')) {
    return {
      format: 'trl',
      reward: 'functions',
      roles: { group: prompts, prompt: 'prompt', response: 'completion' },
    };
  }
  if (has('prompt_idx', 'response_tokens', 'reward')) {
    return {
      format: 'open-instruct',
      reward: { column: 'reward' },
      roles: {
        group: column('prompt_idx'),
        prompt: one('prompt_tokens') ?? 'prompt_idx',
        response: 'response_tokens',
        sample: one('sample_idx'),
      },
    };
  }
  if (has('group_idx', 'traj_idx', 'total_reward')) {
    return {
      format: 'tinker',
      reward: { column: 'total_reward' },
      roles: { group: column('group_idx'), prompt: null, response: null, sample: 'traj_idx' },
    };
  }
  if (has('prompt', 'response', 'reward', 'step')) {
    return {
      format: 'rl-logging-board',
      reward: { column: 'reward' },
      roles: { group: prompts, prompt: 'prompt', response: 'response' },
    };
  }
  if (has('input', 'output', 'reward')) {
    return {
      format: 'openrlhf-batch',
      reward: { column: 'reward' },
      roles: { group: prompts, prompt: 'input', response: 'output' },
    };
  }

  const find = (among: readonly string[], pattern: RegExp) =>
    among.find((name) => pattern.test(name)) ?? null;
  const group = groupColumnOf(names, rows);
  const prompt =
    find(names, /^(prompt|input|question|query|instruction|problem)$/i) ??
    find(
      names.filter((name) => name !== group && !/tokens?|len(gth)?s?\b|num_|count/i.test(name)),
      /prompt|question|query|instruction|problem|task/i,
    );
  return {
    format: 'other',
    reward: 'unknown',
    roles: {
      group: group === null ? prompts : column(group),
      prompt: prompt ?? (group !== null && namesPrompt(group) ? group : null),
      response:
        find(names, /^(response|output|completion|generat(ed|ion)(_text)?)s?$/i) ??
        find(names, /^(answer|solution)$/i),
      sample: group === null ? null : sampleColumnOf(names),
    },
  };
}

/**
 * Which columns of a file tell its runs and its groups apart, judged by their names and by the values of the first
 * rows. Pure.
 */
import { type Fields, fieldOf, textOf } from '../values.ts';
import { type Grouping, groupColumn } from './grouping.ts';

/** Columns that tell runs apart: each run has steps and groups of its own. */
const runNames = /^(arm|seed|run|run_?(id|name)|split|experiment(_?(id|name))?|exp(_?(id|name))?)$/i;
/** Columns that do so where rows of one group do not differ in them. */
const weakRunNames = /^(trial|variant|condition|policy|checkpoint|model|model_?name|env_?id|subset|file)$/i;

/** Columns whose equal values are one group, the surest first. */
const groupNames: readonly RegExp[] = [
  /^(group|group_?(id|uid|idx|index|key))$/i,
  /^(prompt_?(id|uid|idx|index)|example_?(id|idx|index)|qid|question_?(id|idx)|problem_?(id|idx)|task_?(id|idx)|instance_?id|query_?id|item_?id|uid|prompt_?hash|traj_?group)$/i,
  /^(?!.*(sample|rollout|response|completion|traj|choice|row|token|output|answer|generation).*_idx$).*_idx$/i,
];

/** Groups that are numbered anew in each step: the number says nothing about the prompt. */
const batchPlace = /^(group|group_?(id|uid|idx|index|key)|traj_?group|uid)$/i;

const sampleNames =
  /^(sample|sample_?(id|idx|index)|traj_?idx|rollout_?idx|response_?(id|idx|index)|completion_?(id|idx|index)|generation_?(idx|index))$/i;

const valuesOf = (rows: readonly Fields[], name: string) => rows.map((row) => textOf(fieldOf(row, name)));

/** Whether the values of a column come back in other rows; true of fewer rows than can tell. */
export function repeats(rows: readonly Fields[], name: string): boolean {
  const values = valuesOf(rows, name).filter((value) => value !== '');
  return values.length < 4 || 2 * new Set(values).size <= values.length + 1;
}

/**
 * Whether a column stays the same while rows of one group follow each other. The version of the policy in asynchronous
 * training does not: it is no step, and would cut groups in two.
 * @param by what tells groups or prompts apart; null where nothing does
 */
export function isSteady(rows: readonly Fields[], name: string, by: string | null): boolean {
  if (by === null) return true;
  const [groups, values] = [valuesOf(rows, by), valuesOf(rows, name)];
  let pairs = 0;
  let changes = 0;
  for (let row = 1; row < rows.length; row++) {
    if (groups[row] !== groups[row - 1]) continue;
    pairs++;
    if (values[row] !== values[row - 1]) changes++;
  }
  return 20 * changes <= pairs;
}

/** The column whose equal values are a group; null when none is named like one. */
export function groupColumnOf(names: readonly string[], rows: readonly Fields[]): string | null {
  const usable = (name: string) =>
    rows.some((row) => textOf(fieldOf(row, name)) !== '') && !differsInEachRow(rows, name);
  for (const pattern of groupNames) {
    const found = names.find((name) => pattern.test(name) && usable(name));
    if (found !== undefined) return found;
  }
  return null;
}

/** Whether a group column also names the prompt, whatever the step; a place in a batch does not. */
export const namesPrompt = (column: string): boolean => !batchPlace.test(column);

function differsInEachRow(rows: readonly Fields[], name: string): boolean {
  const values = valuesOf(rows, name).filter((value) => value !== '');
  return values.length >= 4 && new Set(values).size === values.length;
}

/** The column with the number of a response in its group. */
export function sampleColumnOf(names: readonly string[]): string | null {
  return names.find((name) => sampleNames.test(name)) ?? null;
}

/**
 * Columns that tell runs apart. One that differs from response to response within the groups (a seed of the sampler)
 * does not.
 */
export function runColumnsOf(
  names: readonly string[],
  rows: readonly Fields[],
  { group, prompt, step }: { group: Grouping; prompt: string | null; step: string | null },
): string[] {
  const by = groupColumn(group) ?? prompt;
  const within = [step, by].filter((name) => name !== null);
  const groups = new Map<string, Fields[]>();
  for (const row of rows) {
    const key = JSON.stringify(within.map((name) => textOf(fieldOf(row, name))));
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  const several = [...groups.values()].filter((members) => members.length > 1);
  return names.filter((name) => {
    if (!mayTellRuns(name) || within.includes(name)) return false;
    if (weakRunNames.test(name)) return isSteady(rows, name, by);
    const shatters = several.every((members) => new Set(valuesOf(members, name)).size === members.length);
    return several.length === 0 || !shatters;
  });
}

/** Columns that a person may want to choose for telling runs apart. */
export const mayTellRuns = (name: string): boolean => runNames.test(name) || weakRunNames.test(name);

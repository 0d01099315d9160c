/** Which files `npm run analyze` reads, and what their columns mean: folders are walked, strangers named and left out. */
import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RewardExpressionError } from '../../src/core/analysis/rewardExpression.ts';
import { shortNames } from '../../src/io/files/fileNames.ts';
import { type Form, filesInWords } from '../../src/io/files/forms.ts';
import { lookAt } from '../../src/io/files/lookAt.ts';
import { byColumn, type Grouping } from '../../src/io/grouping/grouping.ts';
import { stepInName } from '../../src/io/grouping/steps.ts';
import { ImportError } from '../../src/io/importError.ts';
import type { Inspection, NamedBlob } from '../../src/io/inspect.ts';
import { inTerminal } from '../../src/io/judging/columnQuestion.ts';
import type { Mapping } from '../../src/io/mapping/mapping.ts';
import { rewardColumns } from '../../src/io/reward.ts';
import { fieldOf, textOf } from '../../src/io/values.ts';

/** Wrong use: the message alone is shown, without a stack. */
export class UsageError extends Error {}

/** What the command line says about columns. */
export interface ColumnOptions {
  reward?: string;
  filterOn?: string;
  score?: string;
  prompt?: string;
  group?: string;
  /** Groups are so many rows in a row. */
  rows?: string;
  step?: string;
  sample?: string;
  runs?: string;
}

/** Every file that the arguments name, those in folders included, in the order of their names. */
export async function openAll(paths: readonly string[]): Promise<NamedBlob[]> {
  const found = (await Promise.all(paths.map(walk))).flat();
  const names = shortNames(found);
  return Promise.all(
    found.map(
      async (path, i): Promise<NamedBlob> => ({ name: names[i], path, blob: await openAsBlob(path) }),
    ),
  );
}

async function walk(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UsageError(`${path} cannot be opened.`);
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const inNumberOrder = new Intl.Collator('en', { numeric: true });
  const names = entries.map(({ name }) => name).filter((name) => !name.startsWith('.'));
  const below = await Promise.all(names.sort(inNumberOrder.compare).map((name) => walk(join(path, name))));
  return below.flat();
}

export interface ChosenFiles {
  files: NamedBlob[];
  /** One per file; undefined where nothing is known, which reading will say. */
  mappings: (Mapping | undefined)[];
  /** Sentences about the others. */
  leftOut: string[];
}

/** @throws ImportError when no file can be read, UsageError for a column that no file has */
export async function chosenFiles(
  opened: readonly NamedBlob[],
  options: ColumnOptions,
): Promise<ChosenFiles> {
  const { files, forms: gathered, failures: unusable } = await lookAt(opened);
  const failures = unusable.map(({ cause }) => {
    if (cause instanceof ImportError) return cause;
    throw cause;
  });
  if (gathered.length === 0) throw failures[0] ?? new UsageError('There is no file in it.');
  for (const { inspection, strange } of gathered) {
    const open = strange === null && inspection.questions.find(({ role }) => options[role] === undefined);
    if (open) throw new UsageError(inTerminal(inspection.name, open));
  }
  const forms = gathered.map((form) => ({ ...form, ...mappingOf(form, options) }));
  const some = forms.some(({ mapping }) => mapping !== null);
  const troubled = forms.filter(({ problem }) => problem !== null);
  const first = troubled.find(({ strange }) => strange === null) ?? troubled[0];
  if (!some && first) throw first.problem;
  const read = forms.filter(({ mapping, strange }) => mapping !== null && strange === null);
  const chosen = read
    .flatMap((form) => form.files.map((number) => ({ number, mapping: form.mapping! })))
    .sort((a, b) => a.number - b.number);
  const left = forms.filter((form) => !read.includes(form));
  return {
    files: chosen.map(({ number }) => files[number]),
    mappings: chosen.map(({ mapping }) => mapping),
    leftOut: [
      ...failures.map(({ message }) => message),
      ...left.map((form) => {
        const names = filesInWords(form.files.map((number) => files[number].name));
        const why = form.strange ?? form.problem?.message ?? 'its columns are others';
        return `${names}: ${why.replace(/\.$/, '')}`;
      }),
    ],
  };
}

/** The mapping that files are detected to have, with what the command line says instead; or what is wrong with that. */
function mappingOf(
  { inspection }: Form,
  options: ColumnOptions,
): { mapping: Mapping | null; problem: Error | null } {
  try {
    return { mapping: filledIn(inspection, options), problem: null };
  } catch (problem) {
    if (problem instanceof UsageError || problem instanceof ImportError) return { mapping: null, problem };
    throw problem;
  }
}

function filledIn(
  { name: file, columns, preview, mapping: detected, roles }: Inspection,
  { reward, filterOn, score, prompt, group, rows, step, sample, runs }: ColumnOptions,
): Mapping {
  const names = columns.map(({ name }) => name);
  const known = (option: string, value: string) => {
    if (names.includes(value)) return value;
    throw new UsageError(`--${option}: ${file} has no column ${value}; it has ${names.join(', ')}.`);
  };
  const column = (option: string, value: string | undefined, otherwise: string | null) => {
    if (value === undefined) return otherwise;
    return value === 'none' ? null : known(option, value);
  };
  const rewarded = reward ?? detected?.reward;
  if (rewarded === undefined) {
    const list = names.join(', ');
    throw new ImportError('columns', `Which column of ${file} is the reward? Its columns are ${list}.`);
  }
  const grouping = (): Grouping => {
    if (rows !== undefined) {
      if (!/^[1-9]\d*$/.test(rows))
        throw new UsageError(`--rows must be a whole number from 1 and not "${rows}".`);
      return { by: 'count', rows: Number(rows) };
    }
    if (group === undefined) return roles.group;
    if (['prompts', 'none'].includes(group) && !names.includes(group)) return { by: 'prompt' };
    if (group === 'neighbours' && !names.includes(group)) return { by: 'neighbours' };
    const values = preview.map((row) => textOf(fieldOf(row, group)));
    return byColumn(known('group', group), values);
  };
  const listed = runs?.split(',').map((name) => name.trim());
  if (reward !== undefined) checkReward('reward', file, reward, names);
  // The true score is a role and not a column: the mapping says which one it is.
  if (filterOn !== undefined && filterOn !== 'truth') checkReward('filter-on', file, filterOn, names);
  return {
    reward: rewarded,
    ...(filterOn === undefined || filterOn === 'truth' ? {} : { filterOn }),
    score: column('score', score, detected?.score === rewarded ? null : (detected?.score ?? null)),
    group: grouping(),
    prompt: column('prompt', prompt, roles.prompt),
    response: roles.response,
    step: step === 'name' ? stepInName : column('step', step, roles.step),
    runs: runs === 'none' ? [] : (listed?.map((name) => known('runs', name)) ?? roles.runs),
    sample: column('sample', sample, roles.sample),
  };
}

/** @throws UsageError when a file does not have the columns of a reward */
function checkReward(option: string, file: string, reward: string, names: readonly string[]): void {
  try {
    rewardColumns(reward, names);
  } catch (cause) {
    if (cause instanceof RewardExpressionError)
      throw new UsageError(`--${option}: ${file}: ${cause.message}`);
    throw cause;
  }
}

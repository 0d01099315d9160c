/**
 * What the groups leave open once all rows are read: rows of several files in one group, groups as large as several of
 * their neighbours, groups of one, rows with an id that was there before. A person knows the answer, the file does
 * not: so there is a question with what each answer would make of the rows, and no number without it.
 */
import type { ImportedColumns } from '../columns.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { hash53 } from '../values.ts';
import type { Grouper } from './grouper.ts';
import type { FilesAre } from './grouping.ts';
import { type Sizes, sizesInWords, sizesOf } from './sizes.ts';

/** What an answer changes: in every mapping, or what files are to each other. */
export interface GroupChange extends Partial<Pick<Mapping, 'group' | 'step' | 'runs' | 'sample'>> {
  files?: FilesAre;
}

export interface GroupAnswer {
  label: string;
  /** What the groups are then; null where only reading the files again can tell. */
  outcome: string | null;
  change: GroupChange;
  /** How the groups are as long as nobody answers. */
  isNow: boolean;
}

export const questionKinds = ['ids', 'files', 'multiples', 'ones'] as const;
export type QuestionKind = (typeof questionKinds)[number];

export interface GroupQuestion {
  kind: QuestionKind;
  /** Sentences: what is odd, and what is asked. */
  text: string;
  answers: GroupAnswer[];
}

export interface Grouped {
  columns: ImportedColumns;
  grouper: Grouper;
  mappings: readonly Mapping[];
  /** What files were taken to be, and how many groups would have rows in several. */
  filesAre: FilesAre;
  shared: number;
}

const whole = (value: number) => value.toLocaleString('en-GB');

/**
 * The questions that stand open, the weightiest first.
 * @param settled what somebody has answered
 */
export function questionsOf(grouped: Grouped, settled: readonly QuestionKind[]): GroupQuestion[] {
  if (grouped.columns.reward.length === 0) return [];
  // Who takes files for parts of one has seen how large the groups are then.
  const seen = settled.includes('files') && grouped.filesAre === 'together';
  const answered = seen ? [...settled, 'multiples'] : settled;
  return [idsTwice, sharedByFiles, multiples, ones]
    .map((ask) => ask(grouped))
    .filter((question) => question !== null)
    .filter(({ kind }) => !answered.includes(kind));
}

/** Many rows were left out because their step, group and sample had been there. */
function idsTwice({ columns, grouper, mappings }: Grouped): GroupQuestion | null {
  const { duplicates, hints } = grouper;
  if (20 * duplicates < columns.reward.length) return null;
  const { runs } = mappings[0];
  const agree = mappings.every((mapping) => mapping.runs.join('\n') === runs.join('\n'));
  const byColumn = (agree ? hints.columns : []).map(
    (name): GroupAnswer => ({
      label: `“${name}” tells runs apart`,
      outcome: null,
      change: { runs: [...runs, name] },
      isNow: false,
    }),
  );
  return {
    kind: 'ids',
    text: `${whole(duplicates)} ${duplicates === 1 ? 'row has' : 'rows have'} the step, the group and the sample number of an earlier row, and ${duplicates === 1 ? 'was' : 'were'} left out. Are they the same responses again, or responses of another run?`,
    answers: [
      ...byColumn,
      {
        label: 'Other responses: do without the sample number',
        outcome: null,
        change: { sample: null },
        isNow: false,
      },
      { label: 'The same again: leave them out', outcome: null, change: {}, isNow: true },
    ],
  };
}

/** Groups with rows in several files. */
function sharedByFiles({ columns, grouper, mappings, filesAre, shared }: Grouped): GroupQuestion | null {
  if (shared === 0) return null;
  const { group, file, step, reward } = columns;
  const files = new Set(file).size;
  const wide = (row: number) => hash53(`${grouper.runs[row]} ${step[row]} ${grouper.names[row]}`);
  const apart = sizesOf(reward.length, (row) => hash53(`${file[row]} ${wide(row)}`));
  const together =
    filesAre === 'together' ? sizesOf(reward.length, (row) => group[row]) : sizesOf(reward.length, wide);
  // Shards end where they end, in the middle of a group at most once each.
  if (filesAre === 'together' && shared < files) return null;
  const steps = mappings.every((mapping) => mapping.step === null) ? ' Nothing says a step.' : '';
  return {
    kind: 'files',
    text: `${whole(shared)} ${shared === 1 ? 'group has' : 'groups have'} rows in more than one file.${steps} Are the files steps or runs of their own, or parts of one?`,
    answers: [
      {
        label: 'Each file on its own',
        outcome: sizesInWords(apart),
        change: { files: 'apart' },
        isNow: filesAre === 'apart',
      },
      {
        label: 'Parts of one',
        outcome: sizesInWords(together),
        change: { files: 'together' },
        isNow: filesAre === 'together',
      },
    ],
  };
}

/** Groups that are several times as large as the others, or as the stretches of rows that they are made of. */
function multiples({ columns, grouper, mappings }: Grouped): GroupQuestion | null {
  const { group, reward } = columns;
  const byOrder = mappings.every(({ group: { by } }) => by === 'neighbours' || by === 'count');
  if (byOrder) return null;
  const now = sizesOf(reward.length, (row) => group[row]);
  const stretches = sizesOf(reward.length, (row) => grouper.stretches[row]);
  const isOfStretches = stretches.usual >= 2 && stretches.share > 0.9 && isMultiple(now, stretches.usual);
  if (!isOfStretches && !isMultiple(now, now.usual)) return null;
  const usual = isOfStretches ? stretches.usual : now.usual;
  const large = now.counts.reduce((sum, [size, count]) => sum + (size >= 2 * usual ? count : 0), 0);
  const why = isOfStretches
    ? `the rows of one prompt stand in stretches of ${usual}`
    : `most groups have ${usual}`;
  const neighbours: GroupAnswer = {
    label: 'Each stretch of equal prompts is a group',
    outcome: sizesInWords(stretches),
    change: { group: { by: 'neighbours' } },
    isNow: false,
  };
  return {
    kind: 'multiples',
    text: `${whole(large)} of ${whole(now.groups)} groups have ${2 * usual} responses or more, while ${why}. Do they hold responses of several steps or runs?`,
    answers: [
      ...(mappings.every((mapping) => mapping.prompt !== null) && stretches.usual >= 2 ? [neighbours] : []),
      { label: 'No, they are groups', outcome: sizesInWords(now), change: {}, isNow: true },
    ],
  };
}

/** Whether sizes are `unit` or several times that, smaller groups (aborted responses) aside, and some are several times. */
function isMultiple({ counts, rows }: Sizes, unit: number): boolean {
  if (unit < 2) return false;
  let fitting = 0;
  let several = 0;
  for (const [size, count] of counts) {
    if (size < unit || size % unit === 0) fitting += size * count;
    if (size >= 2 * unit && size % unit === 0) several += count;
  }
  return several > 0 && fitting > 0.9 * rows;
}

/** Nearly all groups have one response: nothing can be ranked. */
function ones({ columns, grouper, mappings }: Grouped): GroupQuestion | null {
  const { group, prompt, step, reward } = columns;
  const now = sizesOf(reward.length, (row) => group[row]);
  const alone = now.counts[0]?.[0] === 1 ? now.counts[0][1] : 0;
  if (reward.length < 2 || alone < 0.9 * now.groups) return null;
  const has = (test: (mapping: Mapping) => boolean) => mappings.every(test);
  const candidates: { label: string; change: GroupChange; key: (row: number) => number | string }[] = [];
  if (has((mapping) => mapping.prompt !== null)) {
    if (has((mapping) => mapping.group.by !== 'prompt')) {
      candidates.push({
        label: 'Equal prompts of a step are a group',
        change: { group: { by: 'prompt' }, sample: null },
        key: (row) => `${grouper.runs[row]} ${step[row]} ${prompt[row]}`,
      });
    }
    candidates.push({
      label: 'Equal prompts are a group, whatever the step and the run',
      change: { group: { by: 'prompt' }, sample: null, step: null, runs: [], files: 'together' },
      key: (row) => prompt[row],
    });
  }
  if (has((mapping) => mapping.step !== null)) {
    candidates.push({
      label: 'The step is none',
      change: { step: null },
      key: (row) => `${grouper.runs[row]} ${grouper.names[row]}`,
    });
  }
  const better = candidates.flatMap(({ label, change, key }): GroupAnswer[] => {
    const sizes = sizesOf(reward.length, (row) => hash53(String(key(row))));
    return sizes.usual < 2 ? [] : [{ label, outcome: sizesInWords(sizes), change, isNow: false }];
  });
  const different = better.filter(
    ({ outcome }, i) => better.findIndex((other) => other.outcome === outcome) === i,
  );
  return {
    kind: 'ones',
    text: `${whole(alone)} of ${whole(now.groups)} groups have one response: there is nothing to rank in them. Which column, or how many rows in a row, are a group?`,
    answers: [
      ...different,
      { label: 'They are groups of one', outcome: sizesInWords(now), change: {}, isNow: true },
    ],
  };
}

/**
 * Which rows are responses to one prompt. No trainer agrees with another on how a file says so: by a column, by equal
 * prompts, by a queue key, or only by the order of its rows.
 */
import { stepInName } from './steps.ts';

/** How the rows of a step fall into groups. */
export type Grouping =
  /** Rows with equal prompts, wherever they stand. */
  | { by: 'prompt' }
  /** Rows with equal values of a column. */
  | { by: 'column'; column: string }
  /** verl's queue key, `{sample}_{session}_{output}`: the sample is the group, the session is one response. */
  | { by: 'verl-uid'; column: string }
  /** Rows with equal prompts that follow each other; the next group may have the same prompt. */
  | { by: 'neighbours' }
  /** So many rows in a row, whatever they hold. */
  | { by: 'count'; rows: number };

/** The column that a grouping reads; null where it goes by prompts or by places. */
export function groupColumn(grouping: Grouping): string | null {
  return grouping.by === 'column' || grouping.by === 'verl-uid' ? grouping.column : null;
}

/** Whether a mapping has what its grouping needs. */
export function canGroup({ group, prompt }: { group: Grouping; prompt: string | null }): boolean {
  return prompt !== null || group.by === 'count' || groupColumn(group) !== null;
}

/** Whether files are steps or runs of their own, or parts of one. */
export type FilesAre = 'apart' | 'together';

export interface VerlUid {
  sample: string;
  session: string;
  output: number;
}

/** The parts of a queue key of verl's V1 trainer; null for any other text. */
export function parseUid(uid: string): VerlUid | null {
  const parts = /^(.+)_(\d+)_(\d+)$/s.exec(uid);
  return parts && { sample: parts[1], session: parts[2], output: Number(parts[3]) };
}

/** Grouping by a column, read as what its values are. */
export function byColumn(column: string, values: readonly string[]): Grouping {
  const isUid =
    /^uid$/i.test(column) && values.length > 0 && values.every((value) => parseUid(value) !== null);
  return { by: isUid ? 'verl-uid' : 'column', column };
}

/** What the groups of a mapping are, for a person. */
export function groupInWords({
  group,
  step,
  runs,
}: {
  group: Grouping;
  step: string | null;
  runs: readonly string[];
}): string {
  const within = [...runs, ...(step === null ? [] : [step === stepInName ? 'step in the file names' : step])];
  const each = within.length === 0 ? '' : ` for each ${within.join(', ')}`;
  switch (group.by) {
    case 'prompt':
      return `equal prompts${each}`;
    case 'neighbours':
      return `equal prompts in a row${each}`;
    case 'count':
      return `${group.rows} rows in a row`;
    case 'column':
      return `${group.column}${each}`;
    case 'verl-uid':
      return `the sample in ${group.column}${each}`;
  }
}

/**
 * Files of one shape share one mapping: the sixty tables of a run are one form to fill in, not sixty. A file beside
 * them that holds no rollouts is a stranger: it is named, and left out unless somebody wants it.
 */

import { canGroup } from '../grouping/grouping.ts';
import type { Inspection } from '../inspect.ts';
import { detect } from '../mapping/detect.ts';
import type { Mapping } from '../mapping/mapping.ts';
import { rewardColumns } from '../reward.ts';

export interface Form {
  /** The look at all its files together; the name is the first file's. */
  inspection: Inspection;
  /** Numbers of the files, ascending. */
  files: number[];
  /** Why these files are no rollouts like the others; null where they are, or where there are no others. */
  strange: string | null;
}

/** @param looks one per file */
export function formsOf(looks: readonly Inspection[]): Form[] {
  const gathered: { files: number[]; names: Set<string> }[] = [];
  // The file with the most columns decides first, so that one without a column of its own can join it.
  const order = looks
    .map((_, i) => i)
    .sort((a, b) => looks[b].columns.length - looks[a].columns.length || a - b);
  for (const i of order) {
    const form = gathered.find(({ files, names }) => joins(looks[i], looks[files[0]], names));
    if (form) form.files.push(i);
    else gathered.push({ files: [i], names: new Set(looks[i].columns.map(({ name }) => name)) });
  }
  const forms = gathered.map(({ files }) =>
    formOf(
      looks,
      files.sort((a, b) => a - b),
    ),
  );
  return withStrangers(forms.sort((a, b) => a.files[0] - b.files[0]));
}

/** Whether a file has no other columns than a form, of the same kind, and those that matter. */
function joins(look: Inspection, first: Inspection, names: ReadonlySet<string>): boolean {
  if (look.kind !== first.kind || look.shape !== first.shape || look.separator !== first.separator)
    return false;
  const own = new Set(look.columns.map(({ name }) => name));
  if (![...own].every((name) => names.has(name))) return false;
  if (own.size === names.size) return true;
  // A column that only some rows have may be missing in a whole file, but the rows of two formats are two.
  return (
    look.format === first.format &&
    look.mapping !== null &&
    first.mapping !== null &&
    rewardColumns(first.mapping.reward, [...names]).every((name) => own.has(name))
  );
}

function formOf(looks: readonly Inspection[], files: number[]): Form {
  const members = files.map((i) => looks[i]);
  const most = members.reduce((most, look) => (look.columns.length > most.columns.length ? look : most));
  const guess = ({ mapping, questions }: Inspection) => JSON.stringify([mapping, questions]);
  const agree = members.every((look) => guess(look) === guess(most));
  const named = members.every(({ step }) => step !== null);
  const sample = members.flatMap(({ preview }) => preview);
  const detected = agree ? most : { ...most, ...detect(sample, most, named) };
  const { name, step } = members[0];
  return { inspection: { ...detected, name, step }, files, strange: null };
}

const isComplete = (mapping: Mapping | null): boolean => mapping !== null && canGroup(mapping);

function withStrangers(forms: readonly Form[]): Form[] {
  if (!forms.some(({ inspection }) => isComplete(inspection.mapping))) return [...forms];
  return forms.map((form) => ({ ...form, strange: strangeness(form.inspection) }));
}

function strangeness({ mapping, columns }: Inspection): string | null {
  if (isComplete(mapping)) return null;
  const named = columns.map(({ name }) => name);
  const list = named.length > 8 ? `${named.slice(0, 8).join(', ')} …` : named.join(', ');
  return mapping === null
    ? `no column looks like a reward; it has ${list}`
    : `no column tells prompts apart; it has ${list}`;
}

/** "iter_1.jsonl"; "60 files, iter_1.jsonl to iter_60.jsonl". */
export function filesInWords(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ');
  return `${names.length.toLocaleString('en-GB')} files, ${names[0]} to ${names[names.length - 1]}`;
}

/** docs/students.md: what pocket students give, over seeds, as text. */

import { fixed, grouped, percent } from '../../../src/core/numberText.ts';
import { mean, pairedDifference } from '../../../src/core/statistics/stats.ts';
import { halfWidth95, toldApart } from '../../../src/core/statistics/studentT.ts';
import type { StudentSettings } from '../../../src/lab/trainer/protocol.ts';
import { markdown } from '../../output/markdown.ts';
import { intervalOver } from '../../output/overSeeds.ts';

export const studentKinds = ['alone', 'distilled', 'supervised', 'prefix', 'ppo'] as const;
export type StudentKind = (typeof studentKinds)[number];

/** What was measured with one seed. */
export interface StudentRow {
  /** What it was measured with: rows of other settings are not mixed with it. */
  settings: string;
  seed: number;
  students: Record<StudentKind, Record<string, number>>;
  stores: Record<'supervised' | 'ppo', { entries: number; requests: number }>;
}

/** The rows of a file that were measured with these settings; a last line that was cut off is left out. */
export function readStudentRows(text: string, settings: string): StudentRow[] {
  return text.split('\n').flatMap((line) => {
    try {
      const row = JSON.parse(line) as StudentRow;
      return row.settings === settings ? [row] : [];
    } catch {
      return [];
    }
  });
}

const names: Record<StudentKind, string> = {
  alone: 'student alone',
  distilled: 'distilled, no store',
  supervised: 'store of supervised extraction, mixed in',
  prefix: 'the same store, read as a prefix',
  ppo: 'store after PPO, mixed in',
};

const share = (value: number) => percent(value, 1);
const columns = [
  { key: 'knownPass', head: 'known problems, other words', show: share },
  { key: 'heldPass', head: 'held-out problems', show: share },
  { key: 'diversity', head: 'diversity of what it writes', show: (value: number) => fixed(value, 2) },
  { key: 'entries', head: 'entries', show: (value: number) => grouped(Math.round(value)) },
  { key: 'bytes', head: 'kB', show: (value: number) => grouped(Math.round(value / 1000)) },
] as const;
/** The numbers whose differences are told. */
const told = columns.slice(0, 3);

const numbersOf = (rows: readonly StudentRow[], kind: StudentKind, key: string) =>
  rows.toSorted((a, b) => a.seed - b.seed).map(({ students }) => students[kind][key]);

/** Which differences are looked at: from the student before, and each store from the other. */
const pairs: readonly [StudentKind, StudentKind][] = [
  ['distilled', 'alone'],
  ['supervised', 'distilled'],
  ['prefix', 'distilled'],
  ['ppo', 'distilled'],
  ['ppo', 'supervised'],
];

function difference(rows: readonly StudentRow[], [a, b]: readonly [StudentKind, StudentKind], key: string) {
  return pairedDifference(numbersOf(rows, a, key), numbersOf(rows, b, key));
}

function differenceText(
  rows: readonly StudentRow[],
  pair: readonly [StudentKind, StudentKind],
  { key, show }: (typeof columns)[number],
): string {
  const found = difference(rows, pair, key);
  const half = halfWidth95(found.standardError, found.count);
  const range =
    half === null || half === 0 ? '' : ` [${show(found.mean - half)}, ${show(found.mean + half)}]`;
  return `${show(found.mean)}${range}, ${toldApart(found) ? '**told apart**' : 'not told apart'}`;
}

/** A sentence of what the seeds allow to be said of one pair and one number. */
function sentence(
  rows: readonly StudentRow[],
  [a, b]: readonly [StudentKind, StudentKind],
  key: (typeof told)[number]['key'],
  of: string,
): string {
  const found = difference(rows, [a, b], key);
  const how = toldApart(found)
    ? `is told apart from *${names[b]}*: ${found.mean > 0 ? 'more' : 'less'}`
    : `is not told apart from *${names[b]}*`;
  return `- ${of}: *${names[a]}* ${how}.`;
}

export interface PageFacts {
  settings: StudentSettings;
  seeds: number;
  parameters: number;
  /** What the teacher is called. */
  teacher: string;
  teacherParameters: number;
  retrieverNumbers: number;
}

export function studentsPage(rows: readonly StudentRow[], facts: PageFacts): string {
  const { settings, seeds, parameters, teacher, teacherParameters, retrieverNumbers } = facts;
  const store = (kind: 'supervised' | 'ppo', key: 'entries' | 'requests') =>
    grouped(Math.round(mean(rows.map(({ stores }) => stores[kind][key]))));
  return `# Pocket students with a knowledge store

A teacher is made to say what it knows, what passes its tests is stored, and a much smaller student learns from the store and
looks things up in it. After RetriKT ([arXiv 2310.15594](https://arxiv.org/abs/2310.15594)); ${seeds} seeds.

\`npm run students -- --seeds ${seeds}\` writes this page.

## What is the paper's, and what is ours

- **The paper's**, as far as it could be read (its abstract and the caption of Figure 1): soft prompts of the large model are tuned by
  supervised learning so that it generates samples of the domain; they are tuned further by PPO with a reward for quality and
  diversity; a knowledge store is built from the generations, and a model of about 1 % of the size is taught to retrieve from it.
- **Our construction**: everything with a number. The reward (passes its tests + ${settings.diversity} · (1 − self-BLEU among the programs for
  the same request) − ${settings.beta} · KL from the imitating prompt), the ${settings.vectors} vectors, the linear critic, what an entry of the store holds, the
  retriever, the prefix, the mixture. The paper's tables could not be read, so there are no figures of it here.

## How it was done

- **Teacher**: ${teacher}, ${grouped(teacherParameters)} parameters, frozen. Its soft prompt imitates 400 right programs for ${settings.imitation} steps;
  PPO goes on for ${settings.iterations} iterations of 48 requests × 4 programs.
- **Student**: ${grouped(parameters)} parameters, ${percent(parameters / teacherParameters, 1)} of the teacher's; more than half of them are its words. Beside a store it has a retriever of
  ${grouped(retrieverNumbers)} numbers, which is larger than the student itself: they are counted in the bytes.
- **Students**: *alone* learns from 4,000 programs of the corpus that the teacher learned from; *distilled* from what the supervised store
  holds, without looking anything up; the others look up the nearest request: its programs are mixed into the student's own
  choice of every token (λ = ${settings.lambda}), or stand before the request. All take ${grouped(settings.steps)} steps of 32 programs. *Mixed in* after supervised extraction is the
  distilled student itself, given the store.
- **What a store may know**: programs for ${grouped(settings.requests)} training requests, ${settings.samplesPerRequest} tries each, that pass their tests. Held-out problems are never asked of the
  teacher: no training problem has their compositions, or, where they are one operation, its constant.
- **Looks**: the likeliest token throughout, one program each. *Known problems, other words*: 180 of the problems that the teacher was asked
  about (whether or not it then wrote a program that passes), in words that no training request has. *Held-out*: the 180 held-out problems.
  *Diversity*: 1 − self-BLEU among 3 programs drawn at temperature 1 for each of 60 known problems; what is garbled differs, too.

## Levels

Means over seeds with 95 % intervals of Student's t.

${markdown(
  ['student', ...columns.map(({ head }) => head)],
  studentKinds.map((kind) => [
    names[kind],
    ...columns.map(({ key, show }) => intervalOver(numbersOf(rows, kind, key), show)),
  ]),
)}

The supervised store holds ${store('supervised', 'entries')} programs for ${store('supervised', 'requests')} requests, the one after PPO ${store('ppo', 'entries')} for ${store('ppo', 'requests')} (means). kB are those of model, store and
retriever together.

## Differences

Paired by seed. *Told apart* means that the 95 % interval leaves zero out; ${pairs.length * told.length + 1} differences are looked at, so
one of them may be told apart by chance alone.

${markdown(
  ['difference', ...told.map(({ head }) => head)],
  pairs.map((pair) => [
    `${names[pair[0]]} − ${names[pair[1]]}`,
    ...told.map((column) => differenceText(rows, pair, column)),
  ]),
)}

Entries of the store after PPO − of the one before: ${differenceText(rows, ['ppo', 'supervised'], columns[3])}.

${[
  sentence(rows, ['supervised', 'distilled'], 'knownPass', 'Known problems'),
  sentence(rows, ['ppo', 'supervised'], 'knownPass', 'Known problems'),
  sentence(rows, ['supervised', 'distilled'], 'heldPass', 'Held-out problems'),
  sentence(rows, ['ppo', 'supervised'], 'heldPass', 'Held-out problems'),
  sentence(rows, ['prefix', 'distilled'], 'knownPass', 'A prefix, known problems'),
].join('\n')}
`;
}

/**
 * What a study leaves in its folder while many processes compute it: `plan.json`, the same whoever writes it, and one
 * file for each finished run. A run file says all of what it is, so that a file that strayed in is known.
 */
import * as v from 'valibot';
import type { ExperimentInput } from '../settings/experimentSpec.ts';
import { type FileKind, kindInWords, kindOfFile } from './fileKind.ts';

export const planFile = 'plan.json';
export const runFolder = 'runs';

/** A run of the list: what it is, and the name of its file. */
export interface PlannedRun {
  /** Hash of settings, seed, code and engine. */
  id: string;
  /** Null without a grid. */
  cell: string | null;
  arm: string;
  seed: number;
}

export interface StudyPlan {
  format: 'filtrate-plan/1';
  /** Hash of the code that computes. */
  code: string;
  spec: ExperimentInput;
  runs: PlannedRun[];
}

/** The responses of the first iteration, which the starting policy wrote: what criteria are measured on. */
export interface StartRows {
  reward: number[];
  /** Share of hidden tests passed. */
  score: number[];
  group: number[];
  /** Index of the training problem. */
  problem: number[];
  /** How many times the filter let a response into the training set. */
  uses: number[];
}

export interface StudyRun extends PlannedRun {
  format: 'filtrate-study-run/1';
  code: string;
  engine: { name: string; device: string };
  settings: Record<string, unknown>;
  /** Only what spec, seed and engine determine. */
  evaluations: { iteration: number; metrics: Record<string, number> }[];
  iterations: { iteration: number; metrics: Record<string, number> }[];
  start: StartRows;
  /** How long it took: of this machine, and so of no merged number. */
  clock: { seconds: number };
}

const text = v.string();
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const planned = { id: text, cell: v.nullable(text), arm: text, seed: whole };
const row = v.object({ iteration: whole, metrics: v.record(text, v.number()) });
const column = v.array(v.number());

const planSchema = v.object({
  format: v.literal('filtrate-plan/1'),
  code: text,
  spec: v.record(text, v.unknown()),
  runs: v.array(v.object(planned)),
});

const runSchema = v.object({
  format: v.literal('filtrate-study-run/1'),
  ...planned,
  code: text,
  engine: v.object({ name: text, device: text }),
  settings: v.record(text, v.unknown()),
  evaluations: v.array(row),
  iterations: v.array(row),
  start: v.object({ reward: column, score: column, group: column, problem: column, uses: column }),
  clock: v.object({ seconds: v.number() }),
});

/** A file that is not what it should be. The message says why, to stand after the name of the file. */
export class StudyFileError extends Error {
  override name = 'StudyFileError';
}

const plainTypes: Readonly<Record<string, string>> = {
  number: 'a number',
  string: 'a text',
  Array: 'a list',
  Object: 'an object',
};

/**
 * Reads a file of one kind. What is another kind is named; what was altered is told with its field.
 * @throws StudyFileError
 */
export function readFile<Schema extends v.GenericSchema>(
  schema: Schema,
  json: string,
  kind: FileKind,
  what: string,
): v.InferOutput<Schema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new StudyFileError(`is not JSON: it was cut off or altered.`, { cause });
  }
  if (kindOfFile(parsed) !== kind) throw new StudyFileError(`is no ${what}: ${kindInWords(parsed)}`);
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue);
  const wanted = plainTypes[issue.expected ?? ''] ?? issue.expected;
  const fault =
    issue.received === 'undefined'
      ? `${field} is missing`
      : `${field} should be ${wanted}, and is ${issue.received}`;
  throw new StudyFileError(`is no whole ${what}: it was altered. ${fault}.`);
}

/** @throws StudyFileError */
export const readPlan = (json: string): StudyPlan =>
  readFile(planSchema, json, 'plan', 'list of a study’s runs') as StudyPlan;
/** @throws StudyFileError */
export const readRun = (json: string): StudyRun =>
  readFile(runSchema, json, 'run', 'run of a study') as StudyRun;

/** JSON that is the same for the same plan. */
export const planText = (plan: StudyPlan): string => `${JSON.stringify(plan, null, 1)}\n`;

/** "weak model: BW, seed 3" */
export const nameOfRun = ({ cell, arm, seed }: Omit<PlannedRun, 'id'>): string =>
  `${cell === null ? arm : `${cell}: ${arm}`}, seed ${seed}`;

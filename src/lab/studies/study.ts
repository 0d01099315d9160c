/** A study put together: everything that the map shows, small enough to be read with a page. */
import * as v from 'valibot';
import type { ExperimentInput } from '../settings/experimentSpec.ts';
import { type CriterionId, criterionIds } from './criteria.ts';
import { budgets, type StudyNumbers } from './gains.ts';
import { readFile } from './studyFiles.ts';

/** A number with its interval; without one where there are too few cells. */
export interface Correlation {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** How well a criterion of the starting policy foretells what a filter gains. */
export interface Prediction {
  criterion: CriterionId;
  budget: (typeof budgets)[number];
  /** Whether BoN is among the filters. */
  bon: boolean;
  /** Filters, each in its cell, that it is computed over. */
  points: number;
  rank: Correlation;
}

export interface StudyCell {
  name: string;
  /** What it is, by path; see src/rlhf/catalogue/paths.ts. */
  settings: Record<string, unknown>;
  /** Responses per prompt. */
  responses: number;
  /** Mean true score of the starting policy in each tenth by reward, lowest first. */
  tenths: number[];
  /** Mean true score of the starting policy. */
  score: number;
}

export interface Study {
  format: 'filtrate-study/1';
  code: string;
  spec: ExperimentInput;
  engines: string[];
  /** Runs of the whole list; fewer in `runs` when it is not complete. */
  planned: number;
  /** Arms that differences are taken from; null when the study has none of this name. */
  reference: string | null;
  control: string | null;
  cells: StudyCell[];
  arms: string[];
  runs: StudyNumbers[];
  criteria: { cell: string; arm: string; values: Record<CriterionId, number | null> }[];
  predictions: Prediction[];
}

const number = v.nullable(v.number());
const schema = v.object({
  format: v.literal('filtrate-study/1'),
  code: v.string(),
  spec: v.record(v.string(), v.unknown()),
  engines: v.array(v.string()),
  planned: v.number(),
  reference: v.nullable(v.string()),
  control: v.nullable(v.string()),
  cells: v.array(
    v.object({
      name: v.string(),
      settings: v.record(v.string(), v.unknown()),
      responses: v.number(),
      tenths: v.array(v.number()),
      score: v.number(),
    }),
  ),
  arms: v.array(v.string()),
  runs: v.array(
    v.object({
      cell: v.string(),
      arm: v.string(),
      seed: v.number(),
      looks: v.array(
        v.object({
          iteration: v.number(),
          heldPass: v.number(),
          updateTokens: v.number(),
          samples: v.number(),
        }),
      ),
    }),
  ),
  criteria: v.array(
    v.object({
      cell: v.string(),
      arm: v.string(),
      values: v.object(
        Object.fromEntries(criterionIds.map((id) => [id, number])) as Record<CriterionId, typeof number>,
      ),
    }),
  ),
  predictions: v.array(
    v.object({
      criterion: v.picklist(criterionIds),
      budget: v.picklist(budgets),
      bon: v.boolean(),
      points: v.number(),
      rank: v.object({ value: number, low: number, high: number }),
    }),
  ),
});

/** @throws StudyFileError naming the field that is wrong */
export const readStudy = (json: string): Study => readFile(schema, json, 'study', 'merged study') as Study;

/** A run to a line, so that two versions of the file can be compared by eye. */
export function studyText(study: Study): string {
  const { cells, runs, criteria, predictions, ...head } = study;
  const list = (name: string, rows: readonly unknown[]) =>
    ` ${JSON.stringify(name)}: [\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n ]`;
  const fields = Object.entries(head).map(
    ([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...fields, list('cells', cells), list('runs', runs), list('criteria', criteria), list('predictions', predictions)].join(',\n')}\n}\n`;
}

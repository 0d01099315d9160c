/**
 * What a lesson is: steps of text that point at parts of the page, arrange it, run it, and ask. A step can be read
 * without touching anything; what it opens and runs is there for those who want to see it happen.
 *
 * In texts: [[part|words]] points at a part of the page, ((term|words)) at the glossary, *words* and `code` look so.
 */
import type { LabState } from '../../lab/state/store.ts';
import { type LessonEntry, type LessonId, syllabus } from '../../lab/state/syllabus.ts';
import type { FormulaName } from './formulas.ts';
import type { PartId } from './parts.ts';

/** Told apart on the page: what the paper says, and what holds in this laboratory. */
export type Paragraph = string | { from: 'paper' | 'here'; text: string };

export interface Prediction {
  question: string;
  options: readonly string[];
  /** Index of the best option. */
  answer: number;
  /** Why, honestly: also when it is a matter of degree. */
  because: string;
}

/** What a step lets the laboratory do when it is entered. */
export type Run =
  | { do: 'station' }
  /** On, by recording or by computing, until every arm has this iteration. */
  | { do: 'until'; iteration: number };

/** What must hold on the page after a step, in words and as a check of what the page shows. */
export interface Holds {
  what: string;
  test: (state: LabState) => boolean;
  /** Asked only of arms that have run to their end. */
  whole?: true;
}

export interface Source {
  text: string;
  url: string;
}

export interface BenchProgram {
  label: string;
  source: string;
}

export interface LessonStep {
  title: string;
  text: readonly Paragraph[];
  /** The page to arrange, as the fragment of a link. Absent: as the step before left it. */
  open?: string;
  run?: Run;
  /** Scrolled into view. */
  look?: PartId;
  predict?: Prediction;
  formula?: FormulaName;
  /** A sentence with numbers from the present page; null while there are none. */
  live?: (state: LabState) => string | null;
  /** Shows what the published experiment allows to be said, from results.json. */
  results?: true;
  /** A bench on which programs are judged by both judges. */
  bench?: readonly BenchProgram[];
  /** The tree on which two rules of guidance part. */
  tree?: true;
  /** The star graph on which imitation stops at chance. */
  star?: true;
  holds?: Holds;
  sources?: readonly Source[];
}

export interface Lesson extends LessonEntry {
  id: LessonId;
  parts: readonly LessonStep[];
}

export const lesson = (id: LessonId, parts: readonly LessonStep[]): Lesson => ({
  ...syllabus[id],
  id,
  parts,
});

/** Index of the step whose page a step stands on; -1 when no step before it arranges one. */
export function arrangedBy(steps: readonly LessonStep[], step: number): number {
  let at = step;
  while (at >= 0 && steps[at].open === undefined) at--;
  return at;
}

export const paper: Source = {
  text: 'Shen and Zhang, Policy Filtration for RLHF to Mitigate Noise in Reward Models (PF-PPO)',
  url: 'https://arxiv.org/abs/2409.06957',
};

/** What the page shows of experiments. */
import type { EvaluationRecord } from '../records/record.ts';
import type { ExperimentSpec } from '../settings/experimentSpec.ts';
import type { MetricRow } from '../storage/database.ts';
import type { ExperimentRun } from './experimentEvents.ts';

/** One arm with one seed and everything that it logged. A deleted run has no rows. */
export interface RunView extends ExperimentRun {
  /** Id of the stored run; null when it has not begun or is not stored. */
  id: string | null;
  iterations: readonly MetricRow[];
  evaluations: readonly EvaluationRecord[];
}

/** An experiment as the panel shows it. Whatever is summed up there is summed over `runs` as they stand here. */
export interface ExperimentView {
  id: string;
  name: string;
  spec: ExperimentSpec;
  /** Milliseconds since 1970. */
  created: number;
  runs: readonly RunView[];
  /** Seconds computed so far. */
  seconds: number;
}

/** The experiment that computes in this tab. */
export interface Computing {
  id: string;
  name: string;
  /** opening: before the first trainer answers. */
  state: 'opening' | 'running' | 'paused';
  backend: { name: string; device: string; reason: string } | null;
  /** Iterations over all runs. */
  done: number;
  total: number;
  secondsLeft: number | null;
}

export interface ExperimentsState {
  /** The one that is looked at. */
  shown: ExperimentView | null;
  computing: Computing | null;
  /** An experiment that was cut off in an earlier session, offered once more. */
  interrupted: string | null;
}

export const initialExperiments: ExperimentsState = { shown: null, computing: null, interrupted: null };

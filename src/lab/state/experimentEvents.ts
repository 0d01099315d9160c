/** What an experiment tells while it runs. Part of the automation surface. */
import type { EvaluationRecord, IterationRecord } from '../records/record.ts';
import type { BackendInfo } from '../settings/engines.ts';
import type { RunEnd } from '../settings/stopRules.ts';
import type { CheckpointBytes, LabError } from '../trainer/protocol.ts';

/** `deleted`: its stored rows were deleted, so that it counts for nothing and is not computed again. */
export type RunState = 'waiting' | 'running' | 'finished' | 'failed' | 'stopped' | 'deleted';

/** One arm with one seed, as it stands. */
export interface ExperimentRun {
  index: number;
  arm: string;
  seed: number;
  state: RunState;
  /** Finished iterations. */
  iteration: number;
  /** What ended it; null while it goes on, and when a person or an error ended it. */
  endedBy: RunEnd | null;
  /** Why it failed. */
  error: LabError | null;
}

export type ExperimentState = 'ready' | 'running' | 'paused' | 'stopped' | 'finished';

export type ExperimentEvent =
  | { type: 'state'; state: ExperimentState }
  | { type: 'run'; run: ExperimentRun }
  | { type: 'backend'; backend: BackendInfo }
  | { type: 'iteration'; run: ExperimentRun; record: IterationRecord }
  | { type: 'evaluation'; run: ExperimentRun; record: EvaluationRecord }
  /** A run recovered from a lost device: what it reported after this iteration is computed again. */
  | { type: 'rewound'; run: ExperimentRun; iteration: number }
  /** The trained policy of a run, when `policies` was asked for. */
  | { type: 'policy'; run: ExperimentRun; checkpoint: CheckpointBytes }
  | { type: 'progress'; done: number; total: number; secondsLeft: number | null };

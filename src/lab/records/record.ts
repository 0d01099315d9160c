/** What a run leaves behind, row by row. The page, the recorded demos, the exports and the storage all read this. */
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import type { SampleColumns } from '../../rlhf/loop/samples.ts';

export { type SampleColumns, type Station, stations } from '../../rlhf/loop/samples.ts';

import type { MetricKey } from './metrics.ts';

export interface IterationRecord {
  /** 1 is the first PPO iteration. */
  iteration: number;
  /** A metric that this iteration did not measure is absent. */
  metrics: Partial<Record<MetricKey, number>>;
  samples: SampleColumns;
}

/** A look at the held-out problems; iteration 0 is the starting policy. */
export interface EvaluationRecord {
  iteration: number;
  metrics: Partial<Record<MetricKey, number>>;
}

export interface RunRecord {
  format: 'filtrate-run/1';
  name: string;
  seed: number;
  settings: ArmSettings;
  /** Seed of the problem world that the run's problem indices refer to. */
  worldSeed: number;
  /** Which engine computed it, and why that one. */
  backend: { name: string; reason: string };
  iterations: IterationRecord[];
  evaluations: EvaluationRecord[];
}

/** The samples of a row that keeps its metrics alone. */
export const noSamples: SampleColumns = {
  problem: new Int32Array(),
  group: new Int32Array(),
  starts: new Int32Array(1),
  tokens: new Uint16Array(),
  logProb: new Float32Array(),
  refLogProb: new Float32Array(),
  reward: new Float32Array(),
  score: new Float32Array(),
  status: new Uint8Array(),
  uses: new Uint16Array(),
};

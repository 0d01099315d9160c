/** What a run leaves behind, row by row. The page, the recorded demos, the exports and the storage all read this. */
import type { ArmSettings } from './settings.ts';
import type { MetricKey } from './metrics.ts';

export const stations = ['sample', 'score', 'run', 'filter', 'update'] as const;
export type Station = (typeof stations)[number];

/** All responses of one iteration, as columns. B responses, T completion tokens in total. */
export interface SampleColumns {
  /** [B] index of the problem among the training problems. */
  problem: Int32Array;
  /** [B] index of the group (prompt occurrence) within the iteration. */
  group: Int32Array;
  /** [B+1] where each response starts in the token columns. */
  starts: Int32Array;
  /** [T] completion tokens, end of sequence included when the policy wrote it. */
  tokens: Uint16Array;
  /** [T] log-probability under the policy that sampled it, in nats. */
  logProb: Float32Array;
  /** [T] log-probability under the reference policy, in nats. */
  refLogProb: Float32Array;
  /** [B] what the reward source said, before normalisation. */
  reward: Float32Array;
  /** [B] share of hidden tests passed; NaN while the judge has not answered. */
  score: Float32Array;
  /** [B] index into `verdictStatuses`. */
  status: Uint8Array;
  /** [B] how many times the filter let the response into the training set (0 = dropped). */
  uses: Uint16Array;
}

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

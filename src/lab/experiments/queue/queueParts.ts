/**
 * What a queue of runs is made from: its options, and the list of runs with what is known of them from before.
 */
import { type EvaluationRecord, noSamples, type RunRecord } from '../../records/record.ts';
import type { PastRun, RunLine } from '../../runs/pastRun.ts';
import type { BackendChoice, BackendInfo } from '../../settings/engines.ts';
import type { ExperimentSpec } from '../../settings/experimentSpec.ts';
import { endOfRun, limitsOf, type RunEnd } from '../../settings/stopRules.ts';
import type { ExperimentRun } from '../../state/experimentEvents.ts';
import type { MetricRow } from '../../storage/database.ts';
import { shippedWorldSeed } from '../../trainer/worldTasks.ts';

/** `first`: those of the first iteration, which the starting policy wrote. */
export type KeepSamples = 'all' | 'first' | 'none';

export interface QueueOptions {
  /** Cores of the machine; the default of `spec.concurrency`. */
  cores: number;
  /** Of which iterations `records()` keeps the samples, beside the metrics of all. */
  keepSamples: KeepSamples;
  /** Places in the queue that are computed here; absent: all. */
  only?: ReadonlySet<number>;
  /** Export the policy at the end of each run. */
  policies: boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** An experiment that goes on: what is there already. */
  before?: QueueBefore;
  /** Begins or takes up what is stored of a run; `leave` ends the run here. @throws RunLeft, LabFailure */
  keep?(run: ExperimentRun, backend: BackendInfo, leave: (left: RunLeft) => void): Promise<RunStorage>;
}

export interface QueueBefore {
  /** One entry per place in the queue; null for a run that has not begun. */
  runs: readonly (RunBefore | null)[];
  /** Seconds that the experiment has computed so far. */
  seconds: number;
  /** The engine that computed it, because another one rounds differently; the spec's where that cannot be opened. */
  engine: BackendChoice;
}

export interface RunBefore {
  state: 'finished' | 'stopped' | 'deleted';
  iterations: readonly MetricRow[];
  evaluations: readonly EvaluationRecord[];
}

export interface RunStorage {
  /** Null when it is not stored. */
  line: RunLine | null;
  /** Null for a run that begins. */
  past: PastRun | null;
}

/** A run that is no longer the queue's: deleted, or taken up by an arm of the page. */
export class RunLeft {
  readonly state: 'stopped' | 'deleted';
  constructor(state: 'stopped' | 'deleted') {
    this.state = state;
  }
}

/** Arms × seeds in the order in which they are computed: seed by seed, so that what is done always compares. */
export const placesOf = (spec: ExperimentSpec) =>
  spec.seeds.flatMap((seed) => spec.arms.map((arm) => ({ arm, seed })));

/** What ended a finished run of an experiment. */
export const endOf = (
  spec: ExperimentSpec,
  run: Pick<RunRecord, 'settings'> & Parameters<typeof endOfRun>[2],
): RunEnd => endOfRun(limitsOf(spec.stop), run.settings.training.iterations, run);

/**
 * The runs of an experiment, with the iterations that they have together in the end, and those that are done.
 * @param only places that are computed here; the others count as stopped
 */
export function planRuns(
  spec: ExperimentSpec,
  before: readonly (RunBefore | null)[],
  only?: ReadonlySet<number>,
): { records: RunRecord[]; runs: ExperimentRun[]; total: number; done: number } {
  const records: RunRecord[] = [];
  const runs: ExperimentRun[] = [];
  let total = 0;
  let done = 0;
  placesOf(spec).forEach(({ arm, seed }, index) => {
    const known = before[index] ?? null;
    const record: RunRecord = {
      format: 'filtrate-run/1',
      name: arm.name,
      seed,
      settings: arm.settings,
      worldSeed: shippedWorldSeed,
      backend: { name: 'none', reason: 'the run did not start' },
      iterations: (known?.iterations ?? []).map((row) => ({ ...row, samples: noSamples })),
      evaluations: [...(known?.evaluations ?? [])],
    };
    const left = known === null || known.state === 'stopped';
    const isOurs = only?.has(index) ?? true;
    const state = !left ? known.state : isOurs ? 'waiting' : 'stopped';
    const iteration = record.iterations.at(-1)?.iteration ?? 0;
    const endedBy = state === 'finished' ? endOf(spec, record) : null;
    records.push(record);
    runs.push({ index, arm: arm.name, seed, state, iteration, endedBy, error: null });
    if (state === 'deleted' || state === 'stopped') return;
    total += state === 'finished' ? iteration : arm.settings.training.iterations;
    done += iteration;
  });
  return { records, runs, total, done };
}

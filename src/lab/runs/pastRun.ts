/** A stored run as an arm takes it up: its rows, where to go on from, and who writes what comes next. */
import { passesOf } from '../settings/stopRules.ts';
import type { Arm } from '../state/arm.ts';
import type { StoredRows, StoredRun } from '../storage/runStore.ts';
import type { ModelSlot } from '../trainer/models/modelSlots.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import type { CheckpointBytes, TrainerCommand, TrainerEvent } from '../trainer/protocol.ts';

/** The way from an arm to its stored run. */
export interface RunLine {
  readonly id: string;
  hear(event: TrainerEvent): void;
  /** The arm is gone: others may write to the run. */
  release(): void | Promise<void>;
}

/**
 * Begins to store the run of an arm that starts; null when runs are not kept. It calls `lost` when saving ends early.
 */
export type KeepRun = (
  arm: Arm,
  models: ReadonlyMap<ModelSlot, CheckpointBytes>,
  lost: () => void,
) => RunLine | null;

export interface PastRun {
  run: StoredRun;
  rows: StoredRows;
  /** Null when it can only be looked at: it is finished, or another tab writes it. */
  line: RunLine | null;
}

/** What an arm shows of a run before anything computes. */
export function armOfPast({ run, rows, line }: PastRun): Partial<Arm> {
  return {
    state: line ? 'paused' : 'finished',
    backend: run.backend,
    iteration: rows.iterations.at(-1)?.iteration ?? 0,
    iterations: rows.iterations,
    evaluations: rows.evaluations,
    run: run.id,
  };
}

/**
 * How its trainer is opened: with its own models or the shipped ones, whatever the page has by now, and on the engine
 * that computed it, because another one rounds differently.
 */
export function partsOfPast(parts: TrainerParts, { run, rows }: PastRun): TrainerParts {
  const engine = run.backend?.name;
  return {
    ...parts,
    backend: engine === 'webgpu' || engine === 'simd' || engine === 'plain' ? engine : parts.backend,
    models: new Map(Object.entries(rows.models) as [ModelSlot, CheckpointBytes][]),
  };
}

/**
 * Tells the trainer to go on from the snapshot, and when to end. A run without a snapshot starts anew, to the same
 * rows.
 */
export function goOnCommand({ run, rows }: PastRun): Extract<TrainerCommand, { type: 'arm' }> {
  const { snapshot, evaluations } = rows;
  return {
    type: 'arm',
    settings: run.settings,
    seed: run.seed,
    ...(snapshot ? { resume: snapshot } : {}),
    ...(run.limits
      ? { limits: run.limits, passes: snapshot ? passesOf(evaluations, snapshot.iteration) : [] }
      : {}),
  };
}

/**
 * Runs of a script's experiment kept by the script: what is needed to go on with a run that was cut off, handed out as a
 * file while the run computes and when it is stopped, and taken back when it begins again.
 */
import { RunLeft, type RunStorage } from '../experiments/queue/queueParts.ts';
import { type EvaluationRecord, type IterationRecord, noSamples } from '../records/record.ts';
import { rowsUpTo, withRow } from '../records/rowsByIteration.ts';
import { newRun } from '../runs/newRun.ts';
import type { RunLine } from '../runs/pastRun.ts';
import type { SpecArm } from '../settings/armPlan.ts';
import type { BackendInfo } from '../settings/engines.ts';
import type { RunLimits } from '../settings/stopRules.ts';
import type { ExperimentRun } from '../state/experimentEvents.ts';
import { decodeRecording, encodeRecording, RecordFileError } from '../storage/recordFile.ts';
import type { StoredRows, StoredRun } from '../storage/runStore.ts';
import type { ArmSnapshot, TrainerEvent } from '../trainer/protocol.ts';

/** What a script does to keep runs. */
export interface RunKeeper {
  /** What `save` was given last of this run; null for one that begins, 'done' for one that another has finished. */
  read(run: ExperimentRun): Promise<Uint8Array<ArrayBuffer> | 'done' | null>;
  save(run: ExperimentRun, file: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Told of a file that cannot be gone on with: the run begins anew. */
  damaged?(run: ExperimentRun, message: string): void;
  /** Least seconds between two files of a run that computes. Default 60. */
  everySeconds?: number;
}

/** Takes up what is kept of a run, or begins it. @throws RunLeft when another has finished it */
export async function keepRun(
  keeper: RunKeeper,
  {
    run,
    arm,
    limits,
    backend,
  }: { run: ExperimentRun; arm: SpecArm; limits: RunLimits | null; backend: BackendInfo },
  now: () => number,
): Promise<RunStorage> {
  const described = { name: arm.name, color: 0, settings: arm.settings, seed: run.seed, backend };
  const stored: StoredRun = { ...newRun(described, ''), ...(limits ? { limits } : {}) };
  const rows = await rowsOf(keeper, run);
  const line = new KeptLine(stored, rows ?? { iterations: [], evaluations: [] }, {
    save: (file) => keeper.save(run, file),
    everyMs: 1000 * (keeper.everySeconds ?? 60),
    now,
  });
  return { line, past: rows && { run: stored, rows, line } };
}

async function rowsOf(keeper: RunKeeper, run: ExperimentRun): Promise<StoredRows | null> {
  const file = await keeper.read(run);
  if (file === 'done') throw new RunLeft('stopped');
  if (!file) return null;
  try {
    const [{ iterations, evaluations, kept }] = (await decodeRecording(file)).runs;
    return { iterations, evaluations, snapshot: kept?.snapshot ?? null, models: {} };
  } catch (thrown) {
    if (!(thrown instanceof RecordFileError)) throw thrown;
    keeper.damaged?.(run, thrown.message);
    return null;
  }
}

interface LineOptions {
  save(file: Uint8Array<ArrayBuffer>): Promise<void>;
  everyMs: number;
  now(): number;
}

/** Gathers a run as it computes. Of samples it keeps those of the first iteration, which the starting policy wrote. */
class KeptLine implements RunLine {
  readonly id: string;
  readonly #run: StoredRun;
  readonly #options: LineOptions;
  #iterations: readonly IterationRecord[];
  #evaluations: readonly EvaluationRecord[];
  /** The latest snapshot; null once it is saved. */
  #unsaved: ArmSnapshot | null = null;
  #savedAt: number;
  #saving: Promise<void> = Promise.resolve();
  #finished = false;

  constructor(run: StoredRun, rows: Pick<StoredRows, 'iterations' | 'evaluations'>, options: LineOptions) {
    this.id = run.id;
    this.#run = run;
    this.#iterations = rows.iterations;
    this.#evaluations = rows.evaluations;
    this.#options = options;
    this.#savedAt = options.now();
  }

  hear(event: TrainerEvent): void {
    switch (event.type) {
      case 'iteration': {
        const { record } = event;
        const row = record.iteration === 1 ? record : { ...record, samples: noSamples };
        this.#iterations = withRow(this.#iterations, row);
        break;
      }
      case 'evaluation':
        this.#evaluations = withRow(this.#evaluations, event.record);
        break;
      case 'rewound':
        this.#iterations = rowsUpTo(this.#iterations, event.iteration);
        this.#evaluations = rowsUpTo(this.#evaluations, event.iteration);
        break;
      case 'snapshot':
        this.#unsaved = event.snapshot;
        if (this.#options.now() - this.#savedAt >= this.#options.everyMs) void this.#save();
        break;
      case 'state':
        if (event.state === 'finished') this.#finished = true;
        break;
      default:
        break;
    }
  }

  /** Once what was computed up to the last snapshot is kept. */
  release(): Promise<void> {
    return this.#finished ? this.#saving : this.#save();
  }

  #save(): Promise<void> {
    const snapshot = this.#unsaved;
    if (!snapshot) return this.#saving;
    this.#unsaved = null;
    this.#savedAt = this.#options.now();
    const { name, seed, settings, worldSeed, backend, created, limits } = this.#run;
    const file = encodeRecording({
      preset: 'healthy',
      command: 'npm run experiment',
      runs: [
        {
          format: 'filtrate-run/1',
          name,
          seed,
          settings,
          worldSeed,
          backend: backend ?? { name: 'none', reason: '' },
          iterations: [...rowsUpTo(this.#iterations, snapshot.iteration)],
          evaluations: [...rowsUpTo(this.#evaluations, snapshot.iteration)],
          kept: { note: '', created, finished: false, ...(limits ? { limits } : {}), snapshot, models: {} },
        },
      ],
    });
    this.#saving = Promise.all([file, this.#saving]).then(([bytes]) => this.#options.save(bytes));
    return this.#saving;
  }
}

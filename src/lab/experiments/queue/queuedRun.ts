/**
 * One run of a queue on its trainer: begun or gone on with, heard until it ends, and written to its record, its line
 * of the storage and the queue's listeners as it goes.
 */
import { Deferred } from '../../../core/deferred.ts';
import { type IterationRecord, noSamples, type RunRecord } from '../../records/record.ts';
import { rowsUpTo } from '../../records/rowsByIteration.ts';
import { goOnCommand, type PastRun, type RunLine } from '../../runs/pastRun.ts';
import type { RunLimits } from '../../settings/stopRules.ts';
import type { ExperimentEvent, ExperimentRun } from '../../state/experimentEvents.ts';
import { LabFailure } from '../../trainer/errors.ts';
import type { TrainerHandle } from '../../trainer/pageSide/trainerHandle.ts';
import type { TrainerEvent } from '../../trainer/protocol.ts';
import type { KeepSamples, RunStorage } from './queueParts.ts';

/** What a run needs of its queue. */
export interface QueueSide {
  limits: RunLimits | null;
  /** Of which iterations the record keeps the samples. */
  keepSamples: KeepSamples;
  /** What a run does as soon as it is ready. */
  wanted(): 'play' | 'pause' | 'step';
  emit(event: ExperimentEvent): void;
  /** Iterations that were computed, or, below zero, that will be computed again. */
  advance(iterations: number): void;
  /** Called after everything that a trainer says. */
  heard(): void;
}

const keeps = (samples: KeepSamples, { iteration }: IterationRecord): boolean =>
  samples === 'all' || (samples === 'first' && iteration === 1);

export class QueuedRun {
  readonly trainer: TrainerHandle;
  readonly #run: ExperimentRun;
  readonly #record: RunRecord;
  readonly #queue: QueueSide;
  readonly #ended = new Deferred<void>();
  #line: RunLine | null = null;
  #quiet = () => {};

  constructor(run: ExperimentRun, record: RunRecord, trainer: TrainerHandle, queue: QueueSide) {
    this.trainer = trainer;
    this.#run = run;
    this.#record = record;
    this.#queue = queue;
    // It may be ended before anyone waits for it.
    this.#ended.promise.catch(() => {});
  }

  /** Ends it from outside: `compute` rejects with the reason. */
  readonly abort = (reason: unknown): void => this.#ended.reject(reason);

  /** Computes it to its end. @throws LabFailure, or what it was aborted with */
  compute({ line, past }: RunStorage): Promise<void> {
    this.#line = line;
    this.#quiet = this.trainer.listen((event) => this.#hear(event));
    this.#begin(past);
    return this.#ended.promise;
  }

  /** Hears nothing more, and lets others write to the stored run. */
  async release(): Promise<void> {
    this.#quiet();
    await this.#line?.release();
  }

  #begin(past: PastRun | null): void {
    if (past) {
      // Rows from before, unless the queue was told of them.
      if (this.#record.iterations.length === 0) this.#record.iterations = [...past.rows.iterations];
      if (this.#record.evaluations.length === 0) this.#record.evaluations = [...past.rows.evaluations];
      this.#hear({ type: 'rewound', iteration: past.rows.snapshot?.iteration ?? 0 });
      this.trainer.send(goOnCommand(past));
    } else {
      const { limits } = this.#queue;
      const { settings, seed } = this.#record;
      this.trainer.send({ type: 'arm', settings, seed, ...(limits ? { limits } : {}) });
    }
  }

  #hear(event: TrainerEvent): void {
    const run = this.#run;
    const record = this.#record;
    const queue = this.#queue;
    this.#line?.hear(event);
    switch (event.type) {
      case 'state':
        if (event.state === 'finished') this.#ended.resolve();
        else if (event.state === 'ready') this.#goOn();
        break;
      case 'iteration':
        run.iteration = event.record.iteration;
        record.iterations.push(
          keeps(queue.keepSamples, event.record) ? event.record : { ...event.record, samples: noSamples },
        );
        queue.emit({ type: 'iteration', run, record: event.record });
        queue.advance(1);
        break;
      case 'rewound':
        queue.advance(event.iteration - run.iteration);
        run.iteration = event.iteration;
        record.iterations = rowsUpTo(record.iterations, event.iteration);
        record.evaluations = rowsUpTo(record.evaluations, event.iteration);
        queue.emit({ type: 'rewound', run, iteration: event.iteration });
        break;
      case 'evaluation':
        record.evaluations.push(event.record);
        queue.emit({ type: 'evaluation', run, record: event.record });
        break;
      case 'error':
        this.#ended.reject(new LabFailure(event.error));
        break;
      case 'opened':
        // A lost device was opened anew, or the trainer had to fall back.
        record.backend = { name: event.backend.name, reason: event.backend.reason };
        break;
      case 'compiling':
      case 'station':
      case 'snapshot':
      case 'training':
      case 'trained':
      case 'trained-student':
      case 'checked':
      case 'used':
      case 'exported':
      case 'arena':
      case 'steered':
        break;
      default:
        event satisfies never;
    }
    queue.heard();
  }

  #goOn(): void {
    const wanted = this.#queue.wanted();
    if (wanted === 'play') this.trainer.send({ type: 'play' });
    else if (wanted === 'step') this.trainer.send({ type: 'step', unit: 'iteration' });
  }
}

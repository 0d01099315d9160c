/**
 * Runs an experiment: arms × seeds over as many trainer workers as there are cores. Runs are taken seed by seed, so
 * that an interrupted experiment still compares its arms on the seeds it finished. The queue only drives trainers and
 * tells what happens; the page, the automation surface and the headless runner listen to the same events.
 */
import { openTrainer, type TrainerParts } from './armSource.ts';
import { Deferred } from './deferred.ts';
import { LabFailure, labError } from './errors.ts';
import type { ExperimentEvent, ExperimentRun, ExperimentState, RunState } from './experimentEvents.ts';
import type { ExperimentSpec } from './experimentSpec.ts';
import type { BackendInfo, LabError, TrainerEvent } from './protocol.ts';
import { noSamples, type RunRecord } from './record.ts';
import { type Summary, summarise } from './summary.ts';
import { TimeLeft } from './timeLeft.ts';
import type { TrainerHandle } from './trainer.ts';
import { shippedWorldSeed } from './worldTasks.ts';

export interface QueueOptions {
  /** Cores of the machine; the default of `spec.concurrency`. */
  cores: number;
  /** Keep the samples of all iterations for `records()`; otherwise metrics alone. */
  keepSamples: boolean;
  /** Export the policy at the end of each run. */
  policies: boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
}

interface Slot {
  run: ExperimentRun;
  trainer: TrainerHandle;
  abort(reason: unknown): void;
}

/** Thrown into a run that a stop ended. */
const stopped = Symbol('stopped');

export class ExperimentQueue {
  readonly spec: ExperimentSpec;
  readonly runs: readonly ExperimentRun[];
  #records: RunRecord[];
  #options: QueueOptions;
  #parts: TrainerParts;
  #state: ExperimentState = 'ready';
  #listeners = new Set<(event: ExperimentEvent) => void>();
  #slots = new Set<Slot>();
  /** What a run does as soon as it is ready. */
  #wanted: 'play' | 'pause' | 'step' = 'play';
  #backend: BackendInfo | null = null;
  #clock: TimeLeft;
  #done = new Deferred<void>();

  /** @param parts how trainers are opened; `parts.backend` is replaced by the spec's */
  constructor(spec: ExperimentSpec, parts: TrainerParts, options: QueueOptions) {
    this.spec = spec;
    this.#options = options;
    this.#parts = { ...parts, backend: spec.backend };
    const planned = spec.seeds.flatMap((seed) => spec.arms.map((arm) => ({ arm, seed })));
    this.runs = planned.map(({ arm, seed }, index) => ({
      index,
      arm: arm.name,
      seed,
      state: 'waiting',
      iteration: 0,
      error: null,
    }));
    this.#records = planned.map(({ arm, seed }) => ({
      format: 'filtrate-run/1',
      name: arm.name,
      seed,
      settings: arm.settings,
      worldSeed: shippedWorldSeed,
      backend: { name: 'none', reason: 'the run did not start' },
      iterations: [],
      evaluations: [],
    }));
    this.#clock = new TimeLeft(planned.reduce((sum, { arm }) => sum + arm.settings.iterations, 0));
  }

  get state(): ExperimentState {
    return this.#state;
  }

  /** True when nothing more will be computed. */
  get ended(): boolean {
    return this.#state === 'stopped' || this.#state === 'finished';
  }

  /** What computes; null before the first trainer has opened. */
  get backend(): BackendInfo | null {
    return this.#backend;
  }

  /** Settles when every run has ended, one way or another, or the experiment was stopped. Never rejects. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Calls `listener` with every event until the returned function is called. */
  listen(listener: (event: ExperimentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts, or goes on after a pause. */
  start(): void {
    if (this.#state === 'ready') {
      this.#wanted = 'play';
      this.#set('running');
      this.#clock.resume(this.#options.now());
      void this.#work();
    } else if (this.#state === 'paused') {
      this.#wanted = 'play';
      this.#set('running');
      this.#clock.resume(this.#options.now());
      for (const { trainer } of this.#slots) trainer.send({ type: 'play' });
    }
  }

  /** Holds every run after the iteration that it is in. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#wanted = 'pause';
    this.#set('paused');
    this.#clock.pause(this.#options.now());
    for (const { trainer } of this.#slots) trainer.send({ type: 'pause' });
  }

  /** One more iteration of each run that is under way, then pauses. Starts the experiment when it has not begun. */
  step(): void {
    if (this.#state === 'ready') {
      this.start();
      this.pause();
      this.#wanted = 'step';
    } else {
      this.pause();
      for (const { trainer } of this.#slots) trainer.send({ type: 'step', unit: 'iteration' });
    }
  }

  /** Ends everything at once; what was computed stays. */
  stop(): void {
    if (this.ended) return;
    const begun = this.#state !== 'ready';
    this.#set('stopped');
    this.#clock.pause(this.#options.now());
    for (const { abort, trainer } of this.#slots) {
      abort(stopped);
      trainer.dispose();
    }
    for (const run of this.runs) if (run.state === 'waiting') this.#mark(run, 'stopped');
    if (!begun) this.#done.resolve();
  }

  /** All that was computed so far, run by run; samples only when they are kept. */
  records(): RunRecord[] {
    return this.#records.filter((record) => record.evaluations.length > 0 || record.iterations.length > 0);
  }

  summary(): Summary {
    return summarise(this.#records.map(({ name, ...record }) => ({ ...record, arm: name })));
  }

  #emit(event: ExperimentEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #set(state: ExperimentState): void {
    this.#state = state;
    this.#emit({ type: 'state', state });
  }

  #mark(run: ExperimentRun, state: RunState, error: LabError | null = null): void {
    run.state = state;
    run.error = error;
    this.#emit({ type: 'run', run });
  }

  /** The first worker says what computes, and so how many more are worth having. */
  async #work(): Promise<void> {
    const waiting = [...this.runs];
    const first = await this.#open(waiting);
    if (first) {
      const gpu = this.#backend?.name === 'webgpu';
      const wanted = this.spec.concurrency ?? (gpu ? 1 : this.#options.cores);
      const others = Array.from({ length: Math.min(wanted, waiting.length) - 1 }, () =>
        this.#drain(waiting, null),
      );
      await Promise.all([this.#drain(waiting, first), ...others]);
    }
    if (!this.ended) this.#set('finished');
    this.#done.resolve();
  }

  /** Opens the first trainer. When that is impossible, no run can be: all fail with the same message. */
  async #open(waiting: ExperimentRun[]): Promise<TrainerHandle | null> {
    try {
      return await this.#openTrainer();
    } catch (thrown) {
      for (const run of waiting) if (run.state === 'waiting') this.#mark(run, 'failed', labError(thrown));
      return null;
    }
  }

  async #openTrainer(): Promise<TrainerHandle> {
    const { trainer, backend } = await openTrainer(this.#parts);
    if (!this.#backend) {
      this.#backend = backend;
      this.#emit({ type: 'backend', backend });
    }
    return trainer;
  }

  /** Takes runs until none is left. A trainer serves many runs; one that failed is replaced. */
  async #drain(waiting: ExperimentRun[], opened: TrainerHandle | null): Promise<void> {
    let trainer = opened;
    while (waiting.length > 0 && !this.ended) {
      const run = waiting.shift()!;
      try {
        trainer ??= await this.#openTrainer();
        await this.#run(run, trainer);
        this.#mark(run, 'finished');
      } catch (thrown) {
        if (thrown === stopped || this.ended) this.#mark(run, 'stopped');
        else this.#mark(run, 'failed', labError(thrown));
        this.#clock.skip(this.#records[run.index].settings.iterations - run.iteration);
        trainer?.dispose();
        trainer = null;
      }
    }
    trainer?.dispose();
  }

  async #run(run: ExperimentRun, trainer: TrainerHandle): Promise<void> {
    if (this.ended) throw stopped;
    const record = this.#records[run.index];
    const { name, reason } = this.#backend!;
    record.backend = { name, reason };
    const ended = new Deferred<void>();
    const slot: Slot = { run, trainer, abort: (reason) => ended.reject(reason) };
    const quiet = trainer.listen((event) => this.#hear(event, slot, record, ended));
    this.#slots.add(slot);
    try {
      this.#mark(run, 'running');
      trainer.send({ type: 'arm', settings: record.settings, seed: run.seed });
      await ended.promise;
      if (this.#options.policies) {
        const checkpoint = await trainer.exportModel('policy');
        this.#emit({ type: 'policy', run, checkpoint });
      }
    } finally {
      quiet();
      this.#slots.delete(slot);
    }
  }

  #advance(iterations: number): void {
    this.#clock.advance(iterations);
    this.#emit({ type: 'progress', ...this.#clock.report(this.#options.now()) });
  }

  #hear(event: TrainerEvent, slot: Slot, record: RunRecord, ended: Deferred<void>): void {
    const { run, trainer } = slot;
    switch (event.type) {
      case 'state':
        if (event.state === 'finished') ended.resolve();
        else if (event.state === 'ready') {
          if (this.#wanted === 'play') trainer.send({ type: 'play' });
          else if (this.#wanted === 'step') trainer.send({ type: 'step', unit: 'iteration' });
        }
        break;
      case 'iteration':
        run.iteration = event.record.iteration;
        record.iterations.push(
          this.#options.keepSamples ? event.record : { ...event.record, samples: noSamples },
        );
        this.#emit({ type: 'iteration', run, record: event.record });
        this.#advance(1);
        break;
      case 'rewound':
        this.#advance(event.iteration - run.iteration);
        run.iteration = event.iteration;
        record.iterations = record.iterations.filter((row) => row.iteration <= event.iteration);
        record.evaluations = record.evaluations.filter((row) => row.iteration <= event.iteration);
        this.#emit({ type: 'rewound', run, iteration: event.iteration });
        break;
      case 'evaluation':
        record.evaluations.push(event.record);
        this.#emit({ type: 'evaluation', run, record: event.record });
        break;
      case 'error':
        ended.reject(new LabFailure(event.error));
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
      case 'used':
      case 'exported':
        break;
      default:
        event satisfies never;
    }
  }
}

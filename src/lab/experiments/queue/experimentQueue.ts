/**
 * Runs an experiment: arms × seeds over as many trainer workers as there are cores. Runs are taken seed by seed, so
 * that an interrupted experiment still compares its arms on the seeds it finished. The queue only drives trainers and
 * tells what happens; the page, the automation surface and the headless runner listen to the same events. A
 * page that stores runs gives the queue a writer per run, and what is stored of an experiment that goes on.
 */
import { Deferred } from '../../../core/deferred.ts';
import { TimeLeft } from '../../../core/time/timeLeft.ts';
import type { RunRecord } from '../../records/record.ts';
import { type Summary, summarise } from '../../records/summary.ts';
import type { BackendInfo } from '../../settings/engines.ts';
import type { ExperimentSpec } from '../../settings/experimentSpec.ts';
import { limitsOf, type RunEnd } from '../../settings/stopRules.ts';
import type {
  ExperimentEvent,
  ExperimentRun,
  ExperimentState,
  RunState,
} from '../../state/experimentEvents.ts';
import { labError } from '../../trainer/errors.ts';
import { openTrainer, type TrainerParts } from '../../trainer/pageSide/openTrainer.ts';
import type { TrainerHandle } from '../../trainer/pageSide/trainerHandle.ts';
import type { LabError } from '../../trainer/protocol.ts';
import { QueuedRun, type QueueSide } from './queuedRun.ts';
import { endOf, planRuns, type QueueOptions, RunLeft } from './queueParts.ts';

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
  /** Runs under way. */
  #running = new Set<QueuedRun>();
  /** What a run does as soon as it is ready. */
  #wanted: 'play' | 'pause' | 'step' = 'play';
  #backend: BackendInfo | null = null;
  #clock: TimeLeft;
  /** What its runs see of it. */
  readonly #side: QueueSide;
  #done = new Deferred<void>();

  /** @param parts how trainers are opened; `parts.backend` is replaced by the spec's */
  constructor(spec: ExperimentSpec, parts: TrainerParts, options: QueueOptions) {
    this.spec = spec;
    this.#options = options;
    this.#parts = { ...parts, backend: options.before?.engine ?? spec.backend };
    const { records, runs, total, done } = planRuns(spec, options.before?.runs ?? [], options.only);
    this.#records = records;
    this.runs = runs;
    this.#clock = new TimeLeft(total, done);
    this.#side = {
      limits: limitsOf(spec.stop),
      keepSamples: options.keepSamples,
      wanted: () => this.#wanted,
      emit: (event) => this.#emit(event),
      advance: (iterations) => this.#advance(iterations),
      heard: () => this.#endWhenTimeIsUp(),
    };
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

  /** Seconds computed so far, over all its lives; pauses do not count. */
  get seconds(): number {
    return (this.#options.before?.seconds ?? 0) + this.#clock.elapsed(this.#options.now()) / 1000;
  }

  /** How far it is. */
  get progress(): { done: number; total: number; secondsLeft: number | null } {
    return this.#clock.report(this.#options.now());
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
      for (const { trainer } of this.#running) trainer.send({ type: 'play' });
    }
  }

  /** Holds every run after the iteration that it is in. */
  pause(): void {
    if (this.#state !== 'running') return;
    this.#wanted = 'pause';
    this.#set('paused');
    this.#clock.pause(this.#options.now());
    for (const { trainer } of this.#running) trainer.send({ type: 'pause' });
  }

  /** One more iteration of each run that is under way, then pauses. Starts the experiment when it has not begun. */
  step(): void {
    if (this.#state === 'ready') {
      this.start();
      this.pause();
      this.#wanted = 'step';
    } else {
      this.pause();
      for (const { trainer } of this.#running) trainer.send({ type: 'step', unit: 'iteration' });
    }
  }

  /** Ends everything at once; what was computed stays. */
  stop(): void {
    this.#end(null);
  }

  #end(by: RunEnd | null): void {
    if (this.ended) return;
    for (const run of this.runs) if (run.state === 'waiting' || run.state === 'running') run.endedBy = by;
    const begun = this.#state !== 'ready';
    this.#set('stopped');
    this.#clock.pause(this.#options.now());
    for (const { abort, trainer } of this.#running) {
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
    const waiting = this.runs.filter((run) => run.state === 'waiting');
    const first = waiting.length > 0 ? await this.#open(waiting) : null;
    if (first) {
      const gpu = this.#backend?.name === 'webgpu';
      const wanted = this.spec.concurrency ?? (gpu ? 1 : this.#options.cores);
      const others = Array.from({ length: Math.min(wanted, waiting.length) - 1 }, () =>
        this.#drain(waiting, null),
      );
      await Promise.all([this.#drain(waiting, first), ...others]);
    }
    this.#clock.pause(this.#options.now());
    if (!this.ended) this.#set('finished');
    this.#done.resolve();
  }

  /** Opens the first trainer. When that is impossible, no run can be: all fail with the same message. */
  async #open(waiting: ExperimentRun[]): Promise<TrainerHandle | null> {
    try {
      return await this.#openTrainer().catch((thrown: unknown) => {
        if (this.#parts.backend === this.spec.backend) throw thrown;
        this.#parts.backend = this.spec.backend;
        return this.#openTrainer();
      });
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
        run.endedBy = endOf(this.spec, this.#records[run.index]);
        this.#mark(run, 'finished');
      } catch (thrown) {
        if (thrown instanceof RunLeft) this.#mark(run, thrown.state);
        else if (thrown === stopped || this.ended) this.#mark(run, 'stopped');
        else this.#mark(run, 'failed', labError(thrown));
        trainer?.dispose();
        trainer = null;
      }
      if (!this.ended)
        this.#advance(0, this.#records[run.index].settings.training.iterations - run.iteration);
    }
    trainer?.dispose();
  }

  async #run(run: ExperimentRun, trainer: TrainerHandle): Promise<void> {
    if (this.ended) throw stopped;
    const record = this.#records[run.index];
    const backend = this.#backend!;
    record.backend = { name: backend.name, reason: backend.reason };
    const running = new QueuedRun(run, record, trainer, this.#side);
    this.#running.add(running);
    try {
      this.#mark(run, 'running');
      const kept = await this.#options.keep?.(run, backend, running.abort);
      if (this.ended) {
        await kept?.line?.release();
        throw stopped;
      }
      await running.compute(kept ?? { line: null, past: null });
      if (this.#options.policies) {
        const checkpoint = await trainer.exportModel('policy');
        this.#emit({ type: 'policy', run, checkpoint });
      }
    } finally {
      await running.release();
      this.#running.delete(running);
    }
  }

  /** @param skipped iterations that will not be computed after all */
  #advance(iterations: number, skipped = 0): void {
    if (iterations === 0 && skipped === 0) return;
    this.#clock.advance(iterations);
    this.#clock.skip(skipped);
    this.#emit({ type: 'progress', ...this.progress });
  }

  #endWhenTimeIsUp(): void {
    const { seconds } = this.spec.stop;
    if (seconds !== null && this.seconds >= seconds) this.#end('seconds');
  }
}

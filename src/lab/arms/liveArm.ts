/**
 * An arm computed in this tab. Its trainer starts with the first play or step, so that settings can be changed
 * before that at no cost; a started arm is never re-armed with other settings, it is replaced.
 */
import { rowsUpTo, withRow } from '../records/rowsByIteration.ts';
import {
  armOfPast,
  goOnCommand,
  type KeepRun,
  type PastRun,
  partsOfPast,
  type RunLine,
} from '../runs/pastRun.ts';
import { type Arm, newArm } from '../state/arm.ts';
import { labError } from '../trainer/errors.ts';
import { openTrainer, type TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import type { TrainerHandle } from '../trainer/pageSide/trainerHandle.ts';
import type { LabError, TrainerEvent } from '../trainer/protocol.ts';
import type { ArmIdentity } from './armIdentity.ts';
import type { ArmSource, StepUnit } from './armSource.ts';

export interface LiveArmOptions {
  parts: () => TrainerParts;
  changed: () => void;
  failed: (error: LabError, name: string) => void;
  warned: (text: string) => void;
  stationMs: number;
  ghost: Arm['ghost'];
  /** Begins to store what the arm computes. */
  keep: KeepRun;
  /** The stored run that the arm shows and goes on with. */
  past?: PastRun;
}

export class LiveArm implements ArmSource {
  #arm: Arm;
  #parts: () => TrainerParts;
  #changed: () => void;
  #failed: LiveArmOptions['failed'];
  #warned: LiveArmOptions['warned'];
  #keep: KeepRun;
  /** A stored run until the arm goes on with it. */
  #past: PastRun | null;
  #line: RunLine | null;
  #trainer: TrainerHandle | null = null;
  #begun = false;
  #disposed = false;
  /** What to do as soon as the trainer can. */
  #wanted: 'pause' | 'play' | StepUnit = 'pause';
  #stationMs: number;

  constructor(identity: ArmIdentity, options: LiveArmOptions) {
    this.#past = options.past ?? null;
    this.#arm = {
      ...newArm(identity),
      ghost: options.ghost,
      ...(options.past ? armOfPast(options.past) : {}),
    };
    this.#line = options.past?.line ?? null;
    this.#keep = options.keep;
    this.#parts = options.parts;
    this.#changed = options.changed;
    this.#failed = options.failed;
    this.#warned = options.warned;
    this.#stationMs = options.stationMs;
  }

  get arm(): Arm {
    return this.#arm;
  }

  /** True once it has rows of its own, or is about to: its settings are fixed from then on. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The worker, once it is open. */
  get trainer(): TrainerHandle | null {
    return this.#trainer;
  }

  present(change: Partial<Pick<Arm, 'name' | 'hidden' | 'ghost'>>): void {
    this.#set(change);
  }

  play(): void {
    this.#want('play');
  }

  pause(): void {
    this.#wanted = 'pause';
    this.#trainer?.send({ type: 'pause' });
  }

  step(unit: StepUnit): void {
    this.#want(unit);
  }

  pace(stationMs: number): void {
    this.#stationMs = stationMs;
    this.#trainer?.send({ type: 'pace', stationMs });
  }

  dispose(): void {
    this.#disposed = true;
    this.#trainer?.dispose();
    this.#trainer = null;
    this.#line?.release();
    this.#line = null;
  }

  /** Marks the arm: its rows are no longer stored. */
  forgetRun(): void {
    this.#line = null;
    this.#set({ run: null });
  }

  #stop(error: LabError): void {
    this.#set({ error });
    this.#failed(error, this.#arm.name);
  }

  #set(change: Partial<Arm>): void {
    this.#arm = { ...this.#arm, ...change };
    this.#changed();
  }

  #want(wanted: 'play' | StepUnit): void {
    if (this.#arm.state === 'finished' || this.#arm.state === 'failed') return;
    this.#wanted = wanted;
    if (!this.#begun) {
      this.#begun = true;
      this.#set({ state: 'loading' });
      void this.#begin();
    } else if (this.#arm.state !== 'loading') {
      this.#goOn();
    }
  }

  async #begin(): Promise<void> {
    try {
      const past = this.#past;
      const parts = this.#parts();
      const { trainer, backend } = past ? await this.#reopen(parts, past) : await openTrainer(parts);
      if (this.#disposed) return trainer.dispose();
      this.#trainer = trainer;
      this.#set({ backend });
      trainer.listen((event) => this.#hear(event));
      trainer.send({ type: 'pace', stationMs: this.#stationMs });
      if (past) {
        this.#past = null;
        if (backend.name !== past.run.backend?.name) this.#line?.hear({ type: 'opened', backend });
        this.#hear({ type: 'rewound', iteration: past.rows.snapshot?.iteration ?? 0 });
        trainer.send(goOnCommand(past));
      } else {
        this.#line = this.#keep(this.#arm, parts.models, () => this.forgetRun());
        if (this.#line) this.#set({ run: this.#line.id });
        const { settings, seed } = this.#arm;
        trainer.send({ type: 'arm', settings, seed });
      }
    } catch (thrown) {
      if (this.#disposed) return;
      this.#set({ state: 'failed' });
      this.#stop(labError(thrown));
    }
  }

  /** On the engine that computed the run before; where there is none, on another, and says so. */
  async #reopen(parts: TrainerParts, past: PastRun): ReturnType<typeof openTrainer> {
    const same = partsOfPast(parts, past);
    try {
      return await openTrainer(same);
    } catch (thrown) {
      if (same.backend === parts.backend || this.#disposed) throw thrown;
      const opened = await openTrainer({ ...same, backend: parts.backend });
      this.#warned(
        `${this.#arm.name} was computed with ${same.backend}, which cannot be opened here, and goes on with ${opened.backend.name}: its numbers will differ from there in the last digits.`,
      );
      return opened;
    }
  }

  #goOn(): void {
    if (this.#wanted === 'pause') return;
    if (this.#wanted === 'play') this.#trainer?.send({ type: 'play' });
    else {
      this.#trainer?.send({ type: 'step', unit: this.#wanted });
      this.#wanted = 'pause';
    }
  }

  #hear(event: TrainerEvent): void {
    this.#line?.hear(event);
    switch (event.type) {
      case 'opened':
        this.#set({ backend: event.backend });
        break;
      case 'state': {
        const past = event.state === 'finished' || event.state === 'failed';
        this.#set(past ? { state: event.state, station: null } : { state: event.state });
        if (event.state === 'ready') this.#goOn();
        break;
      }
      case 'compiling':
        this.#set({ compiling: event.done < event.total ? { done: event.done, total: event.total } : null });
        break;
      case 'station':
        this.#set({ iteration: event.iteration, station: event.station });
        break;
      case 'iteration': {
        const iterations = withRow(this.#arm.iterations, event.record);
        const { ghost } = this.#arm;
        const caughtUp =
          ghost !== null && event.record.iteration >= (ghost.iterations.at(-1)?.iteration ?? 0);
        this.#set({
          iterations,
          iteration: event.record.iteration,
          station: null,
          ghost: caughtUp ? null : ghost,
        });
        break;
      }
      case 'evaluation':
        this.#set({ evaluations: withRow(this.#arm.evaluations, event.record) });
        break;
      case 'rewound': {
        const { iterations, evaluations } = this.#arm;
        this.#set({
          iterations: rowsUpTo(iterations, event.iteration),
          evaluations: rowsUpTo(evaluations, event.iteration),
          iteration: event.iteration,
          error: null,
        });
        break;
      }
      case 'error':
        this.#stop(event.error);
        break;
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
  }
}

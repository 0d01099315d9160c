/** An arm whose rows were computed earlier. `reveal` shows them up to an iteration. */
import type { RunRecord } from '../records/record.ts';
import { rowsUpTo } from '../records/rowsByIteration.ts';
import { type Arm, newArm } from '../state/arm.ts';
import type { ArmIdentity } from './armIdentity.ts';
import type { ArmSource } from './armSource.ts';

export class RecordedArm implements ArmSource {
  #arm: Arm;
  #changed: () => void;
  readonly run: RunRecord;

  constructor(identity: ArmIdentity, run: RunRecord, changed: () => void) {
    this.run = run;
    this.#changed = changed;
    this.#arm = {
      ...newArm(identity),
      backend: run.backend,
      recorded: true,
      state: 'running',
      evaluations: run.evaluations.filter((row) => row.iteration === 0),
    };
  }

  get arm(): Arm {
    return this.#arm;
  }

  present(change: Partial<Pick<Arm, 'name' | 'hidden' | 'ghost'>>): void {
    this.#arm = { ...this.#arm, ...change };
    this.#changed();
  }

  /** Iteration of the last recorded row. */
  get last(): number {
    return this.run.iterations.at(-1)?.iteration ?? 0;
  }

  reveal(iteration: number): void {
    const shown = Math.min(iteration, this.last);
    this.#arm = {
      ...this.#arm,
      iteration: shown,
      iterations: rowsUpTo(this.run.iterations, shown),
      evaluations: rowsUpTo(this.run.evaluations, shown),
      state: shown >= this.last ? 'finished' : 'running',
    };
    this.#changed();
  }

  // A recording has no loop to drive: the laboratory replaces it by a live arm first.
  play(): void {}
  pause(): void {}
  step(): void {}
  pace(): void {}
  dispose(): void {}
}

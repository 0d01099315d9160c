/**
 * Where the rows of an arm come from: a trainer worker that computes them, or a recording that replays them. Both
 * own the arm's state and say when it changed; the laboratory decides which arms are on the page.
 */
import type { Arm } from '../state/arm.ts';

export type StepUnit = 'iteration' | 'station';

export interface ArmSource {
  readonly arm: Arm;
  /** Changes what the page shows of the arm; settings and rows are not changed this way. */
  present(change: Partial<Pick<Arm, 'name' | 'hidden' | 'ghost'>>): void;
  play(): void;
  pause(): void;
  step(unit: StepUnit): void;
  pace(stationMs: number): void;
  dispose(): void;
}

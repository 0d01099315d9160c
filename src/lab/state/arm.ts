/** One method in the comparison: what it is and everything that its run has logged. */
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import type { EvaluationRecord, IterationRecord, Station } from '../records/record.ts';
import type { ArmState, LabError } from '../trainer/protocol.ts';

/** As many arms as the palette can tell apart. */
export const mostArms = 8;

/** Rows of a run: iterations in order, evaluations in order (iteration 0 is the starting policy). */
export interface Rows {
  iterations: readonly IterationRecord[];
  evaluations: readonly EvaluationRecord[];
}

/** What computes or computed an arm, and why: a live one also names its device. */
export interface ArmBackend {
  name: string;
  device?: string;
  reason: string;
}

/** One method in the comparison, with everything that is known of its run. */
export interface Arm extends Rows {
  id: string;
  /** Shown beside its curves, for example "BW". Distinct among the arms of the page. */
  name: string;
  /** Index into the series of the palette (colour and dash); never a colour, so that themes can differ. */
  color: number;
  settings: ArmSettings;
  seed: number;
  /** `ready` before its first iteration; a recorded arm that still replays is `running`. */
  state: ArmState;
  /** What computes it (or computed it, for a recorded arm); null until the trainer has opened. */
  backend: ArmBackend | null;
  /** Shaders compiled so far, while a GPU prepares for this arm. */
  compiling?: { done: number; total: number } | null;
  /** Where its loop is now; null when it stands before or behind an iteration. */
  station: Station | null;
  /** The iteration that the loop is in (or the last finished one); 0 before the first. */
  iteration: number;
  error: LabError | null;
  /** True while what is shown was recorded earlier and only replays. */
  recorded: boolean;
  /**
   * The recorded run of the same settings and seed that this live arm replaced: drawn faintly behind it until the
   * live run has caught up, so that the picture does not jump. Null otherwise.
   */
  ghost: Rows | null;
  /** Left out of the charts. Nothing else changes when an arm is hidden. */
  hidden: boolean;
  /** Id of the stored run that its rows are in; null when they are not kept. */
  run: string | null;
}

/** An arm before its first row. */
export function newArm(from: Pick<Arm, 'id' | 'name' | 'color' | 'settings' | 'seed'>): Arm {
  return {
    ...from,
    state: 'ready',
    backend: null,
    station: null,
    iteration: 0,
    iterations: [],
    evaluations: [],
    error: null,
    recorded: false,
    ghost: null,
    hidden: false,
    run: null,
  };
}

/** The iteration that the panels show for an arm: the cursor's, or the newest when it follows. */
export function shownIteration(arm: Arm, cursor: number | null): IterationRecord | null {
  if (cursor === null) return arm.iterations.at(-1) ?? null;
  return arm.iterations.find((row) => row.iteration === cursor) ?? null;
}

/** The newest iteration that any arm has finished; 0 before the first. */
export const newestIteration = (arms: readonly Arm[]): number =>
  Math.max(0, ...arms.map((arm) => arm.iterations.at(-1)?.iteration ?? 0));

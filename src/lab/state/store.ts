/**
 * Everything that the page shows, in one observable value. The laboratory writes it, the page reads it; there is no
 * React here, so tests and the automation surface can watch the same store. Rows that arrive are appended to a copy
 * of a list of references, never deep-copied: an arm of 1,000 iterations costs microseconds per row.
 */
import { createStore } from 'zustand/vanilla';
import type { EvaluationRecord, IterationRecord, Station } from '../records/record.ts';
import type { BackendChoice } from '../settings/engines.ts';
import type { ArmSettings } from '../settings/settings.ts';
import type { ArmState, LabError, TrainingProgress } from '../trainer/protocol.ts';
import type { ModelSlot } from '../trainer/shippedModels.ts';
import { type ExperimentsState, initialExperiments } from './experimentsState.ts';
import { initialRuns, type RunsState } from './runsState.ts';
import type { Guide } from './syllabus.ts';

/** What the horizontal axis of every curve counts; beside `iteration`, keys of metrics. */
export const xAxes = ['iteration', 'samples', 'updateTokens', 'seconds'] as const;
export type XAxis = (typeof xAxes)[number];

/** Rows of a run: iterations in order, evaluations in order (iteration 0 is the starting policy). */
export interface Rows {
  iterations: readonly IterationRecord[];
  evaluations: readonly EvaluationRecord[];
}

/** What computes or computed an arm, and why: a live one also names its device. */
export interface Engine {
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
  backend: Engine | null;
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

/** The response under inspection: `row` indexes the samples of that iteration. */
export interface Selection {
  armId: string;
  iteration: number;
  row: number;
}

export const paces = ['full', 'calm', 'slow'] as const;
export type Pace = (typeof paces)[number];
/** Least time per station in milliseconds. */
export const stationMs: Record<Pace, number> = { full: 0, calm: 250, slow: 1200 };

export interface Notice {
  id: number;
  kind: 'info' | 'warning' | 'error';
  /** What happened and what to do, in whole sentences. */
  text: string;
  /** The knob or file that it is about. */
  field?: string;
  /** Id of an action that helps, offered as a button. */
  action?: string;
}

/** A training job of the page: the policy from its corpus (SFT), or a reward model. */
export interface TrainingJob {
  job: 'policy' | 'reward';
  slot: ModelSlot;
  state: 'running' | 'stopping' | 'done' | 'failed';
  /** Every report so far, oldest first; the last one is the present. */
  history: readonly TrainingProgress[];
  /** Measured on the finished model. */
  result: Record<string, number> | null;
  error: LabError | null;
}

export type ModelOrigin = 'shipped' | 'trained' | 'imported';

export const panelIds = [
  'settings',
  'inspector',
  'filters',
  'training',
  'packs',
  'runs',
  'experiments',
  'finding',
  'share',
  'help',
] as const;
export type PanelId = (typeof panelIds)[number];

/** Parts of the page beside its panels that a teacher's link can leave out. */
export const pageParts = [
  'header',
  'footer',
  'status',
  'presets',
  'transport',
  'scrubber',
  'pace',
  'seed',
  'stations',
  'arms',
  'curves',
  'figures',
  'strips',
  'openers',
  'lessons',
  'commands',
  'engine',
  'theme',
] as const;
export const hideIds = [...pageParts, ...panelIds] as const;
export type HideId = (typeof hideIds)[number];

/** What a teacher's link can keep from being changed; it stays in sight. */
export const lockIds = [
  'transport',
  'pace',
  'seed',
  'presets',
  'arms',
  'settings',
  'filters',
  'engine',
  'panels',
] as const;
export type LockId = (typeof lockIds)[number];

/** What a teacher's link makes of the page. A convenience of the address: whoever changes the address lifts it. */
export interface Teaching {
  hide: readonly HideId[];
  lock: readonly LockId[];
  /** Within another page: no header, footer and openers, little air, a link to the whole page. */
  embed: boolean;
  /** Overrides the reader's own choice until they make another. */
  theme: Theme | null;
}
export const noTeaching: Teaching = { hide: [], lock: [], embed: false, theme: null };

/** Iterations per second of a playback. */
export const playbackRates = [2, 5, 10, 20] as const;
export type PlaybackRate = (typeof playbackRates)[number];

/** As many arms as the palette can tell apart. */
export const mostArms = 8;

export type Theme = 'system' | 'light' | 'dark';

export interface LabState {
  /** False until the page knows what it can show: nothing is drawn as empty before. */
  ready: boolean;
  /** recorded: the first picture, before anything computes here. live: arms are computed in this tab. */
  mode: 'recorded' | 'live';
  /** Id of the preset that the arms came from. */
  preset: string;
  /** One seed for all arms: the same prompts, the same sampling streams. */
  seed: number;
  arms: readonly Arm[];
  /** The arm whose settings and stations are shown in detail; null only when there is no arm. */
  activeArm: string | null;
  /** The iteration that every panel shows; null follows the newest. */
  cursor: number | null;
  selection: Selection | null;
  /** A station under the pointer: its data is highlighted everywhere. */
  highlight: Station | null;
  xAxis: XAxis;
  pace: Pace;
  playing: boolean;
  /** The cursor walks through the iterations that are there, by itself. Not to be confused with `playing`. */
  playingBack: boolean;
  playbackRate: PlaybackRate;
  training: TrainingJob | null;
  /** Where the models of each slot come from. */
  models: Record<ModelSlot, ModelOrigin>;
  backendChoice: BackendChoice;
  /** What computes in this tab; null before the first trainer has opened. */
  backend: Engine | null;
  notices: readonly Notice[];
  theme: Theme;
  panels: readonly PanelId[];
  teaching: Teaching;
  /** Lessons and glossary beside the page; null when they are closed. */
  guide: Guide | null;
  /** The demo that plays; null when none does. `hurry` leaves out the pauses for reading. */
  demo: { id: string; hurry: boolean } | null;
  /** What is stored in this browser. */
  runs: RunsState;
  /** Arms × seeds: the experiment that is looked at, and the one that computes. */
  experiments: ExperimentsState;
  /** What undo would take back, in words; null when there is nothing. */
  undo: string | null;
}

export const initialState: LabState = {
  ready: false,
  mode: 'recorded',
  preset: 'healthy',
  seed: 1,
  arms: [],
  activeArm: null,
  cursor: null,
  selection: null,
  highlight: null,
  xAxis: 'iteration',
  pace: 'full',
  playing: false,
  playingBack: false,
  playbackRate: 5,
  training: null,
  models: { policy: 'shipped', strong: 'shipped', weak: 'shipped' },
  backendChoice: 'auto',
  backend: null,
  notices: [],
  theme: 'system',
  panels: ['settings'],
  teaching: noTeaching,
  guide: null,
  demo: null,
  runs: initialRuns,
  experiments: initialExperiments,
  undo: null,
};

export const createLabStore = () => createStore<LabState>()(() => initialState);
export type LabStore = ReturnType<typeof createLabStore>;

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

/**
 * Everything that the page shows, in one observable value. The laboratory writes it, the page reads it; there is no
 * React here, so tests and the automation surface can watch the same store. Rows that arrive are appended to a copy
 * of a list of references, never deep-copied: an arm of 1,000 iterations costs microseconds per row.
 */
import { createStore } from 'zustand/vanilla';
import type { MaskLook } from '../../rlhf/prepare/noise/settings.ts';
import type { Knowledge } from '../../rlhf/student/knowledge.ts';
import type { Station } from '../records/record.ts';
import type { BackendChoice } from '../settings/engines.ts';
import type { ModelSlot } from '../trainer/models/modelSlots.ts';
import type { LabError, StudentBytes, TrainingProgress } from '../trainer/protocol.ts';
import type { Arm, ArmBackend } from './arm.ts';
import { type ExperimentsState, initialExperiments } from './experimentsState.ts';
import { noTeaching, type PanelId, type Teaching, type Theme } from './pageParts.ts';
import { initialRuns, type RunsState } from './runsState.ts';
import type { Guide } from './syllabus.ts';

/** What the horizontal axis of every curve counts; beside `iteration`, keys of metrics. */
export const xAxes = ['iteration', 'samples', 'updateTokens', 'seconds', 'kl'] as const;
export type XAxis = (typeof xAxes)[number];

/** The response under inspection: `row` indexes the samples of that iteration. */
export interface Selection {
  armId: string;
  iteration: number;
  row: number;
  /** The token that is looked at, by its place in the response. */
  token?: number;
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

/** A training job of the page: the policy from its corpus (SFT), a reward model, or a model that compares. */
export interface TrainingJob {
  slot: ModelSlot | 'student';
  state: 'running' | 'stopping' | 'done' | 'failed';
  /** Every report so far, oldest first; the last one is the present. */
  history: readonly TrainingProgress[];
  /** Measured on the finished model. */
  result: Record<string, number> | null;
  /** Share of held-out programs that pass in each tenth of its rewards, lowest first. */
  reliability?: readonly number[] | undefined;
  /** The newest masks of a few sequences, from when the model was pre-heated under noise. */
  masks?: readonly MaskLook[];
  error: LabError | null;
}

/** A knowledge store, and the student that was trained on it, where one was. */
export interface StudentState {
  origin: 'recorded' | 'trained' | 'imported';
  knowledge: Knowledge;
  student: StudentBytes | null;
}

export type ModelOrigin = 'shipped' | 'trained' | 'imported';

/** Iterations per second of a playback. */
export const playbackRates = [2, 5, 10, 20] as const;
export type PlaybackRate = (typeof playbackRates)[number];

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
  /** The station whose choices the settings show. */
  station: Station;
  xAxis: XAxis;
  pace: Pace;
  playing: boolean;
  /** The cursor walks through the iterations that are there. `playing` is another thing: it computes new ones. */
  playingBack: boolean;
  playbackRate: PlaybackRate;
  training: TrainingJob | null;
  /** The pocket student and its knowledge store; null before the recorded store was read. */
  student: StudentState | null;
  /** Where the models of each slot come from. */
  models: Record<ModelSlot, ModelOrigin>;
  backendChoice: BackendChoice;
  /** What computes in this tab; null before the first trainer has opened. */
  backend: ArmBackend | null;
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
  station: 'filter',
  xAxis: 'iteration',
  pace: 'full',
  playing: false,
  playingBack: false,
  playbackRate: 5,
  training: null,
  student: null,
  models: {
    policy: 'shipped',
    strong: 'shipped',
    weak: 'shipped',
    careless: 'shipped',
    'strong-dropout': 'shipped',
    'strong-beta': 'shipped',
    'strong-mask': 'shipped',
    genrm: 'shipped',
    histogram: 'shipped',
    value: 'shipped',
  },
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

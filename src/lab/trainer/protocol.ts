/**
 * What the page and a trainer worker say to each other. The only file that both sides import.
 * One trainer holds one arm. Programs travel to the judge over a port of their own (see src/judge).
 */
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import type { Costs } from '../../rlhf/loop/costs.ts';
import type { Memory, RewardScale } from '../../rlhf/loop/state.ts';
import type { MaskLook, NoiseSettings } from '../../rlhf/prepare/noise/settings.ts';
import type { Values } from '../../rlhf/sample/decode/guided.ts';
import type { Reading } from '../../rlhf/student/student.ts';
import type { Problem } from '../../tasks/problem.ts';
import type { ArenaSettings, PromptResult, SideNow } from '../arena/arena.ts';
import type { ArenaReport } from '../arena/report.ts';
import type { EvaluationRecord, IterationRecord, Station } from '../records/record.ts';
import type { BackendChoice, BackendInfo } from '../settings/engines.ts';
import type { RunLimits } from '../settings/stopRules.ts';
import type { ModelName, ModelSlot, RewardSlot } from './models/modelSlots.ts';
import type { SteerAnswer, SteerAsk } from './steer.ts';

/** A model as it travels: safetensors bytes plus the metadata of its Hugging Face folder. */
export interface CheckpointBytes {
  model: Uint8Array;
  config: string;
}

/** One model in training: its weights and its optimiser, each as one column over all parameters. */
export interface ModelSnapshot {
  weights: Float32Array;
  /** Steps taken. */
  time: number;
  m: Float32Array;
  v: Float32Array;
}

export interface ArmSnapshot {
  /** The last iteration that is in it. */
  iteration: number;
  /** The policy, and what the update trains beside it, by name. */
  networks: { policy: ModelSnapshot; [name: string]: ModelSnapshot };
  /** Weights of what the reference has become; absent while it is the starting policy. */
  reference?: Float32Array | undefined;
  /** What methods remember; absent in snapshots of before there was any. */
  memory?: Readonly<Record<string, Memory>> | undefined;
  costs: Costs;
  rewardScale: RewardScale;
  /** Fingerprints of the models that the run began with, by slot; absent in snapshots of before they were kept. */
  began?: Readonly<Record<string, string>> | undefined;
}

export interface SftSettings extends NoiseSettings {
  steps: number;
  batch: number;
  learningRate: number;
  corpus: number;
  layers: number;
  width: number;
  heads: number;
}

export interface RewardModelSettings extends NoiseSettings {
  prompts: number;
  samplesPerPrompt: number;
  /** Which pairs of a prompt's samples are compared: all that differ in truth, or the paper's one by maximum edit distance. */
  pairing: 'all' | 'max-edit';
  /** Share of labels flipped, in [0, 0.5]. */
  flipped: number;
  /** Scores must differ by so much for a label to be the truth; where they do not, it is a matter of style. 0: always the truth. */
  clearFrom: number;
  /** Seed of the style. */
  style: number;
  epochs: number;
  batch: number;
  learningRate: number;
}

export interface GenrmSettings {
  prompts: number;
  samplesPerPrompt: number;
  /** Share of the comparisons that are with the reference program, in [0, 1]; the others are among programs of a prompt. */
  withReference: number;
  steps: number;
  batch: number;
  learningRate: number;
}

export interface ValueSettings {
  prompts: number;
  samplesPerPrompt: number;
  /** Whether a rollout passes, or a histogram of the share of its tests. */
  learns: Values;
  /** Rounds of collection: the first from the policy alone, the others steered up to a random cut. */
  rounds: number;
  /** 1/η of guidance is 1 over this while rollouts are steered. */
  eta: number;
  epochs: number;
  batch: number;
  learningRate: number;
}

export interface StudentSettings {
  /** What makes the teacher say what it knows: a soft prompt that imitates, or one that PPO trained further. */
  extraction: 'supervised' | 'ppo';
  /** Vectors of the soft prompt. */
  vectors: number;
  /** Steps of imitation. */
  imitation: number;
  /** Iterations of PPO, where there are any. */
  iterations: number;
  /** What being different earns where passing earns 1. */
  diversity: number;
  /** Price of a nat of distance from the imitating soft prompt. */
  beta: number;
  /** Training requests that the teacher is asked. */
  requests: number;
  samplesPerRequest: number;
  width: number;
  /** Steps in which the student learns. */
  steps: number;
  /** How it uses the store when it writes. */
  reading: Reading;
  neighbours: number;
  /** Share of the store's voice where it is mixed in. */
  lambda: number;
}

/** Whom a student learns from. */
export interface Teacher {
  /** What its store will call it. */
  name: string;
  /** Absent: the present starting policy. */
  checkpoint?: CheckpointBytes;
}

/** A student as it travels: its model, and beside it the store with the way into it. */
export interface StudentBytes {
  checkpoint: CheckpointBytes;
  /** The file of the knowledge store. */
  knowledge: string;
  /** The file of the retriever. */
  retriever: Uint8Array;
}

export type TrainerCommand =
  /** First message. `assets` is the absolute URL of the folder that holds checkpoints/. */
  | { type: 'open'; backend: BackendChoice; judge: MessagePort; assets: string }
  /** Reads models and builds the problems, so that an arm starts at once. What fails is tried again, and told, by `arm`. */
  | { type: 'prepare'; models: readonly ModelName[] }
  /**
   * Starts the arm anew, or goes on from a snapshot of the same settings and seed. With limits it may finish before its
   * iterations are done; `passes` are the held-out pass rates up to the snapshot, which a plateau is told from.
   */
  | {
      type: 'arm';
      settings: ArmSettings;
      seed: number;
      resume?: ArmSnapshot;
      limits?: RunLimits;
      passes?: readonly number[];
    }
  | { type: 'play' }
  | { type: 'pause' }
  | { type: 'step'; unit: 'iteration' | 'station' }
  /** Least time per station in milliseconds: 0 is full speed, 1200 is slow motion. */
  | { type: 'pace'; stationMs: number }
  | { type: 'train-policy'; settings: SftSettings; seed: number }
  | { type: 'train-reward'; settings: RewardModelSettings; seed: number; slot: RewardSlot }
  | { type: 'train-genrm'; settings: GenrmSettings; seed: number }
  /** Runs the decode arena. */
  | {
      type: 'arena';
      settings: ArenaSettings;
      rewardModel: 'strong' | 'weak';
      /** The critic that lanes are cut by, where they are. */
      critic?: CheckpointBytes;
      /** Milliseconds between two pieces, so that a person sees them. */
      paceMs: number;
    }
  | { type: 'train-value'; settings: ValueSettings; seed: number }
  /** Extracts a knowledge store from a teacher and trains a student on it; or on a store that was brought along. */
  | { type: 'train-student'; settings: StudentSettings; seed: number; teacher: Teacher; knowledge?: string }
  /** Reads all files of a student, and says so when they fit. */
  | { type: 'check-student'; student: StudentBytes }
  /** Writes responses to a held-out problem under guidance and reads them token by token. */
  | { type: 'steer'; ask: SteerAsk; request: number }
  /** Ends a training job early and keeps what was learned. */
  | { type: 'stop-training' }
  /** Use these models instead of the shipped ones. Takes effect with the next `arm`. */
  | { type: 'use'; slot: ModelSlot; checkpoint: CheckpointBytes }
  | { type: 'export'; slot: 'policy' | 'critic' | 'reward'; request: number };

/** What a run of the arena says, in this order; `now` again and again. */
export type ArenaEvent =
  | { step: 'started'; problems: readonly Problem[] }
  | { step: 'now'; now: SideNow }
  | { step: 'done'; results: readonly PromptResult[]; report: ArenaReport };

export type ArmState = 'loading' | 'ready' | 'running' | 'paused' | 'finished' | 'failed';

/** An error that a person can act on. */
export interface LabError {
  code:
    | 'bad-settings'
    | 'bad-checkpoint'
    | 'backend'
    | 'non-finite'
    | 'device-lost'
    | 'judge'
    | 'filter'
    | 'internal';
  /** What happened and what to do, in whole sentences. */
  message: string;
  /** The knob or file at fault. */
  field?: string;
}

export interface TrainingProgress {
  job: 'policy' | 'reward' | 'genrm' | 'value' | 'student';
  phase: string;
  done: number;
  total: number;
  secondsLeft: number | null;
  /** Columns logged so far at this step: loss, pass rate, pair accuracy … */
  metrics: Record<string, number>;
  /** The masks of a few sequences, now and then while a model is pre-heated under Beta noise. */
  masks?: readonly MaskLook[];
}

export type TrainerEvent =
  | { type: 'arena'; event: ArenaEvent }
  | { type: 'opened'; backend: BackendInfo }
  | { type: 'state'; state: ArmState }
  /** Shaders of the GPU that are compiled, while the arm is loading; `done` reaches `total`. */
  | { type: 'compiling'; done: number; total: number }
  /** The loop arrived at a station. */
  | { type: 'station'; iteration: number; station: Station }
  | { type: 'iteration'; record: IterationRecord }
  | { type: 'evaluation'; record: EvaluationRecord }
  /** From here the arm can be resumed to the same numbers. */
  | { type: 'snapshot'; snapshot: ArmSnapshot }
  /** The arm goes on after this iteration: forget what it reported of later ones. */
  | { type: 'rewound'; iteration: number }
  | { type: 'training'; progress: TrainingProgress }
  | {
      type: 'trained';
      slot: ModelSlot;
      checkpoint: CheckpointBytes;
      metrics: Record<string, number>;
      /** Share of held-out programs that pass in each tenth of the rewards, lowest first: of reward models only. */
      reliability?: number[];
    }
  | { type: 'trained-student'; student: StudentBytes; metrics: Record<string, number> }
  /** The files of a student were read and fit. */
  | { type: 'checked' }
  /** The models of a `use` command were read and fit. */
  | { type: 'used'; slot: ModelSlot }
  | { type: 'steered'; request: number; answer: SteerAnswer }
  | { type: 'exported'; request: number; checkpoint: CheckpointBytes }
  | { type: 'error'; error: LabError };

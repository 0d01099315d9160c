/**
 * What a method of each slot gives to the loop, and what the loop gives to it. A method's knobs come last. The functions of the same names at the end
 * change nothing: they let the compiler know the knobs of the method at hand, so that a misspelt one is an error.
 */
import type { Filter, FilterBatch } from '../core/filters/filter.ts';
import type { PromptFilter } from '../core/filters/promptFilter.ts';
import type { Rng } from '../core/random.ts';
import type { SequenceRow, UploadedBatch } from '../nn/batch/batch.ts';
import type { Guide } from '../nn/generate/generator.ts';
import type { Transformer } from '../nn/model/transformer.ts';
import type { tf } from '../nn/tensors/tf.ts';
import type { MatchCode } from '../tasks/match/codeMatch.ts';
import type { Problem } from '../tasks/problem.ts';
import type { Knobs, ValuesOf } from './catalogue/knobs.ts';
import type { About } from './catalogue/method.ts';
import type { Metrics } from './catalogue/metricText.ts';
import type { ArmSettings, Training } from './catalogue/settings.ts';
import type { Costs } from './loop/costs.ts';
import type { Responses, Scored, TaskSet } from './loop/responses.ts';
import type { Judged, JudgePrograms, Outcome } from './loop/run.ts';
import type { ArmState, Memory, RewardScale } from './loop/state.ts';

export type Nn = typeof import('../nn/forMethods.ts');

/** A method for each slot. */
export interface Methods {
  order: OrderMethod;
  decode: DecodeMethod;
  reward: RewardMethod;
  reference: ReferenceMethod;
  price: PriceMethod;
  promptFilter: PromptFilterMethod;
  filter: FilterMethod;
  update: UpdateMethod;
}

/** One arm: everything that its iterations share. */
export interface Arm {
  /** What the methods may use of the tensor library. */
  nn: Nn;
  seed: number;
  tasks: TaskSet;
  settings: ArmSettings;
  /** The methods that the settings choose. */
  methods: Methods;
  /** The starting policy. */
  reference: Transformer;
  /** The trained models that its methods read, by name. */
  models: Readonly<Record<string, Transformer>>;
  reward: Reward;
  rewardScale: RewardScale;
  judge: JudgePrograms;
  /**
   * A judge that can be fooled, asked about the same programs when the gap to the true one is to be shown; always there
   * for a reward that believes it.
   */
  naiveJudge?: JudgePrograms;
  /** Row weights of a filter written by a person; evaluated in the sandbox. */
  customFilter(source: string, batch: { reward: Float32Array; group: Int32Array }): Promise<Float32Array>;
  /** Whether to wait for the judge at its station instead of letting it work beside the update. */
  awaitJudge(): boolean;
}

/** What a method of any slot may have that remembers something from one iteration to the next. */
export interface Remembers<K extends Knobs = Knobs> {
  memory?: {
    /** Before the first iteration, and what finding it out cost. */
    start(arm: Arm, knobs: ValuesOf<K>): Remembered | Promise<Remembered>;
    /** After each iteration. */
    next(memory: Memory, seen: Seen, knobs: ValuesOf<K>): Memory;
  };
}
export interface Remembered {
  memory: Memory;
  costs?: Partial<Costs>;
}
/** What a memory may be made of: nothing that training does not know. */
export interface Seen {
  iteration: number;
  scored: Scored;
  /** Rows that the filter let through. */
  kept: Int32Array;
  /** Prompts that were written to; those replaced count, too. */
  prompts: number;
}

/** Sample: which problems an iteration works on. */
export interface OrderMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** How many prompts an iteration has, and how many responses to each. */
  asks(training: Training): { prompts: number; perPrompt: number };
  /** Whether two arms that differ elsewhere work on the same prompts, or each on its own, because of what it learns. */
  sees: 'alike' | 'own';
  /** Names of the trained models that it reads; absent: none. */
  models?(knobs: ValuesOf<K>): readonly string[];
  /** Indices of training problems, `count` of them. */
  choose(
    asked: {
      seed: number;
      iteration: number;
      problems: readonly Problem[];
      pool: number;
      count: number;
      /** Prompts drawn before in this iteration; above 0 where some are to be replaced. */
      drawn: number;
      /** Of a method that has one. */
      memory: Memory | undefined;
    },
    knobs: ValuesOf<K>,
  ): Int32Array;
  /** Groups that teach nothing are thrown away, and other prompts take their places. Absent: every group stays. */
  replaces?: {
    /** How many rounds of sampling an iteration may have. */
    rounds(knobs: ValuesOf<K>): number;
    /** Whether a group stays, by its rewards. */
    keeps(rewards: readonly number[], knobs: ValuesOf<K>): boolean;
  };
}
/** The prompts of an iteration. */
export interface Prompts {
  /** Index of the training problem of each prompt. */
  chosen: Int32Array;
  /** Responses to each prompt. */
  perPrompt: number;
  iteration: number;
  /** The last iteration after which the reference moved; 0 while it is the starting policy. */
  since: number;
}

/** Sample: how a response is written. */
export interface DecodeMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** The reference writes, too. */
  byReference: boolean;
  /** The iteration whose prompts this one works on: itself, unless it comes back to what was written before. */
  revisits(iteration: number, reference: { since: number }, knobs: ValuesOf<K>): number;
  /** Slots of the trained models that it reads; absent: none. */
  models?(knobs: ValuesOf<K>): readonly string[];
  /** What steers its draws, for the looks at held-out problems too; absent: nothing does. */
  guide?(models: Readonly<Record<string, Transformer>>, knobs: ValuesOf<K>): Guide;
  write(arm: Arm, state: ArmState, asked: Prompts, knobs: ValuesOf<K>): Promise<Responses>;
}

/** Score: where the reward comes from. */
export interface RewardMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** Slots of the trained models that it reads; the critic starts from the first. */
  models(knobs: ValuesOf<K>): readonly string[];
  open(
    parts: {
      nn: Nn;
      seed: number;
      models: Readonly<Record<string, Transformer>>;
    } & Surroundings,
    knobs: ValuesOf<K>,
  ): Reward;
  /** What the reward of a program is made of, where it is a sum of several things. */
  parts?(of: JudgedProgram, knobs: ValuesOf<K>): readonly RewardPart[];
}
/** What a reward may ask of the world. */
export interface Surroundings {
  /** What the policy is trained on. */
  problems: readonly Problem[];
  /** Present for a method that has `parts`. */
  match?: MatchCode;
}
/** One program and what the judge said of it. */
export interface JudgedProgram {
  program: string;
  problem: Pick<Problem, 'reference'>;
  score: number;
  status: Outcome;
  /** A test ended in an error that the program threw. */
  raised: boolean;
  match: MatchCode;
}
export interface RewardPart {
  label: string;
  /** What it adds to the reward. */
  value: number;
  /** The most that it can add. */
  most: number;
  /** It says how alike the program and the reference are, and nothing of what the program does. */
  likeness?: true;
}
/** A reward at work. */
export interface Reward {
  /** The judge must answer before the reward is known: the reward is made from its verdicts. */
  needsVerdicts: boolean;
  /** The tests that the verdicts are of; absent: the hidden tests of the problem. The same problem gives the same object. */
  ask?(problem: Problem): Problem;
  /** The verdicts are those of the judge that can be fooled. */
  believes?: boolean;
  /** How many sequences a neural reward model reads for `rows` responses (the paper's Table 6). */
  passes(rows: number): number;
  /**
   * Rewards in [−1, 1]: a tensor [B] when a network computes them, so that one readback can serve several results, or
   * an array when not.
   * @param verdicts present when `needsVerdicts`
   */
  grade(look: RewardLook, verdicts: Judged | null): tf.Tensor1D | Float32Array;
  /** Makes what must be there before these responses are graded, and depends on their problems alone. */
  prepare?(look: RewardLook): Promise<void>;
}
/** What a reward may look at: one entry per response. */
export interface RewardLook {
  batch: UploadedBatch;
  programs: readonly string[];
  problems: readonly Problem[];
  /** Tokens of a program that passes, for the problem of a row. */
  reference(row: number): Int32Array;
  /** Tells one look from another where noise is drawn anew: the iteration. */
  look: number;
}

/** Score: which policy the distance of moving is measured from. It begins as the starting policy. */
export interface ReferenceMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** How far it moves towards the policy after an iteration: 0 leaves it where it is, 1 makes it a copy. */
  share(iteration: number, knobs: ValuesOf<K>): number;
}

/** Score: the price of a nat of distance from the reference. Read by updates that are priced. */
export interface PriceMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** @param memory of a method that has one */
  beta(knobs: ValuesOf<K>, memory: Memory | undefined): number;
}

/** Filter: which prompts are worth an update. */
export interface PromptFilterMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** As src/core and the filter lab know it; null lets every prompt through. */
  shape(knobs: ValuesOf<K>): PromptFilter | null;
}

/** What a filter may look at. */
export interface FilterRows extends FilterBatch {
  /** Completion tokens of a row. */
  words(row: number): Uint16Array;
}

/** Filter: which responses may be learned from, of the prompts that were let through. */
export interface FilterMethod<K extends Knobs = Knobs> extends About<K>, Remembers<K> {
  /** Rows of `batch` to learn from; one that is to be learned from twice stands there twice. */
  select(arm: Arm, batch: FilterRows, rng: Rng, knobs: ValuesOf<K>): Int32Array | Promise<Int32Array>;
  /** The same as src/core and the filter lab know it; null for a filter that they do not know. */
  shape(knobs: ValuesOf<K>): Filter | null;
}

/** Update: by which loss the policy learns. */
export interface UpdateMethod<K extends Knobs = Knobs, M extends Metrics = Metrics>
  extends About<K>,
    Remembers<K> {
  /** The price of moving is part of the reward that it learns from. Where not, the slot `price` has no effect. */
  priced: boolean;
  /** It compares the policy with the reference by itself, in its loss. */
  compares: boolean;
  /** What it trains beside the policy. */
  networks(knobs: ValuesOf<K>): Readonly<Record<string, NetworkPlan>>;
  /** What it logs beside what every arm logs. */
  metrics: M;
  /** From what was sampled and kept to what is learned from. */
  examples(scored: Scored, kept: Int32Array, knobs: ValuesOf<K>): Examples;
  /** One for each network in training, `policy` first. */
  losses: Readonly<Record<string, Loss<K>>>;
}
export interface NetworkPlan {
  /** What it starts as: a copy of the policy, or of the reward model where the arm has one. A new scalar head is zero. */
  from: 'policy' | 'reward';
  learningRate: number;
  /** The metric under which its loss is logged. */
  loss: string;
}
/** Examples to learn from, in the order in which they were kept. */
export interface Examples {
  /** The rows of each example: one for a response; of what is compared, all that answer a prompt, best first. */
  rows: readonly (readonly number[])[];
  /** Sequences that nobody sampled; their rows go on where the sampled ones end. Only `refLogProb` is known of them. */
  further?: readonly SequenceRow[];
  /** Columns [T] over the completion tokens of all sampled rows, for the losses. */
  perToken: Readonly<Record<string, Float32Array>>;
  /** Columns [B] over all sampled rows and the further ones, for the losses. */
  perRow?: Readonly<Record<string, Float32Array>>;
  /** What is known before any step, to be logged. */
  metrics?: Readonly<Record<string, number>>;
}
export interface Minibatch {
  batch: UploadedBatch;
  /** [A] log-probability of each action under the policy, or value of each action, of the network in training. */
  now: tf.Tensor1D;
  /** [A] the columns of `Examples.perToken` at the actions of this minibatch. */
  old: Readonly<Record<string, tf.Tensor1D>>;
  /** The columns of `Examples.perRow` at the rows of this minibatch, example by example. */
  row: Readonly<Record<string, tf.Tensor1D>>;
  /** How many rows each example has. */
  sizes: readonly number[];
  /** [A] KL(π_ref ‖ π) over the vocabulary at each action, with its gradient in the policy: a pass of both. */
  drift(): tf.Tensor1D;
}
export type Loss<K extends Knobs = Knobs> = {
  // A method, so that a list may hold losses of different knobs.
  of(nn: Nn, minibatch: Minibatch, knobs: ValuesOf<K>): LossValue;
}['of'];
export interface LossValue {
  loss: tf.Scalar;
  /** Numbers to log beside it, by metric. */
  watch?: Readonly<Record<string, tf.Scalar>>;
}

export const order = <const K extends Knobs>(method: OrderMethod<K>) => method;
export const decode = <const K extends Knobs>(method: DecodeMethod<K>) => method;
export const reward = <const K extends Knobs>(method: RewardMethod<K>) => method;
export const reference = <const K extends Knobs>(method: ReferenceMethod<K>) => method;
export const price = <const K extends Knobs>(method: PriceMethod<K>) => method;
export const promptFilter = <const K extends Knobs>(method: PromptFilterMethod<K>) => method;
export const filter = <const K extends Knobs>(method: FilterMethod<K>) => method;
export const update = <const K extends Knobs, const M extends Metrics>(method: UpdateMethod<K, M>) => method;

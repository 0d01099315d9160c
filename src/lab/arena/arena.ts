/**
 * Best-of-N and Speculative Rejection (arXiv 2410.20290) side by side: the same prompts, the same policy and the same
 * random numbers, so that a lane of one side is, as far as it is written, the lane of the other.
 *
 * Lanes are cut by a score of what is written so far. The answer to a prompt is, on both sides, the response that the
 * reward model prefers of those that came to an end.
 */
import { hash32, stream } from '../../core/random.ts';
import type * as forMethods from '../../nn/forMethods.ts';
import { startGenerating } from '../../nn/generate/generate.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import type { TaskSet } from '../../rlhf/loop/responses.ts';
import {
  type Decision,
  type LaneState,
  type LanesAtEnd,
  type Piece,
  type ScoreRows,
  writeLanes,
} from '../../rlhf/sample/decode/lanes.ts';
import { byLikelihood, byNetwork, byValue } from '../../rlhf/sample/decode/prefixScore.ts';
import { steepness } from '../../rlhf/score/reward/model.ts';

export const sides = ['bon', 'rejection'] as const;
export type Side = (typeof sides)[number];

export interface ArenaSettings {
  prompts: number;
  /** Responses begun to each prompt: N. */
  lanes: number;
  /** Share that is cut at a decision. */
  alpha: number;
  /** Tokens that the live lanes of a prompt may hold. */
  memory: number;
  cutBy: 'reward' | 'value' | 'likelihood';
  seed: number;
}

export interface ArenaModels {
  policy: Transformer;
  reward: Transformer;
  /** Needed to cut by value. */
  critic?: Transformer;
}

/** One side as it stands. Lanes of all prompts, prompt after prompt. */
export interface SideNow {
  side: Side;
  states: readonly LaneState[];
  /** Tokens of each lane. */
  lengths: readonly number[];
  texts: readonly string[];
  /** Most tokens that the lanes of each prompt held together in this piece. */
  memory: readonly number[];
  decisions: readonly Decision[];
}

/** What came of one prompt on one side. */
export interface Outcome {
  /** The lane of the answer, counted within the prompt. */
  answer: number;
  reward: number;
  program: string;
  /** Tokens that the policy wrote. */
  policyTokens: number;
  /** Tokens, prompts included, that scores read, on the way and at the end. */
  scoreTokens: number;
  /** Most tokens that the live lanes held together. */
  peak: number;
}

export interface PromptResult {
  /** Index of the problem in its task set. */
  problem: number;
  outcomes: Readonly<Record<Side, Outcome>>;
  /** Final reward of every lane of Best-of-N: of those that the other side cut, too. */
  rewards: readonly number[];
  decisions: readonly Decision[];
}

/** The problems of a run: different ones, as many as there are at most. */
export const arenaProblems = (tasks: TaskSet, { prompts, seed }: ArenaSettings): Int32Array =>
  stream(seed, 'arena problems')
    .shuffle(Int32Array.from(tasks.problems, (_, i) => i))
    .slice(0, prompts);

/** Both sides take turns, a piece each, until both are done. */
export async function* runArena(
  nn: typeof forMethods,
  models: ArenaModels,
  tasks: TaskSet,
  settings: ArenaSettings,
  stride: number,
): AsyncGenerator<SideNow, PromptResult[]> {
  const chosen = arenaProblems(tasks, settings);
  const running = sides.map((side) => new Running(nn, models, tasks, settings, chosen, side, stride));
  try {
    while (running.some((side) => !side.end)) {
      for (const side of running) {
        if (side.end) continue;
        const now = await side.next();
        if (now) yield now;
      }
    }
    const [bon, rejection] = await Promise.all(running.map((side) => side.outcomes()));
    return Array.from(chosen, (problem, p) => ({
      problem,
      outcomes: { bon: bon.outcomes[p], rejection: rejection.outcomes[p] },
      rewards: bon.rewards.slice(p * settings.lanes, (p + 1) * settings.lanes),
      decisions: running[1].decisions.filter(({ prompt }) => prompt === p),
    }));
  } finally {
    for (const side of running) side.dispose();
  }
}

class Running {
  readonly #tasks: TaskSet;
  readonly #lanes: number;
  readonly #chosen: Int32Array;
  readonly #side: Side;
  readonly #grade: ScoreRows;
  readonly #generation: ReturnType<typeof startGenerating>;
  readonly #pieces: AsyncGenerator<Piece, LanesAtEnd>;
  readonly #read: number[];
  readonly #peak: number[];
  readonly #cutByReward: boolean;
  readonly decisions: Decision[] = [];
  end: LanesAtEnd | null = null;

  constructor(
    nn: typeof forMethods,
    { policy, reward, critic }: ArenaModels,
    tasks: TaskSet,
    { lanes, alpha, memory, cutBy, seed }: ArenaSettings,
    chosen: Int32Array,
    side: Side,
    stride: number,
  ) {
    this.#tasks = tasks;
    this.#lanes = lanes;
    this.#chosen = chosen;
    this.#side = side;
    this.#read = new Array(chosen.length).fill(0);
    this.#peak = new Array(chosen.length).fill(0);
    this.#grade = byNetwork(nn, (batch) =>
      nn.tf.tidy(() => nn.pooledReward(nn.scalars(reward, batch), batch.host, steepness)),
    );
    // What cuts nothing needs no other score than the one that answers are chosen by.
    this.#cutByReward = cutBy === 'reward' || side === 'bon';
    const score = this.#cutByReward
      ? this.#grade
      : cutBy === 'value' && critic
        ? byValue(nn, critic)
        : byLikelihood;
    this.#generation = startGenerating(policy, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: lanes,
      seed: hash32(seed, 'arena'),
      streamId: 0,
    });
    const counted: ScoreRows = (rollouts, rows) => {
      if (this.#cutByReward || cutBy === 'value') this.#count(rollouts.totalLength, rows);
      return score(rollouts, rows);
    };
    this.#pieces = writeLanes(
      this.#generation,
      { prompts: chosen.length, perPrompt: lanes, maxLength: policy.config.maxLength, stride },
      { alpha: side === 'bon' ? 0 : alpha, memory, least: 1 },
      counted,
    );
  }

  async next(): Promise<SideNow | null> {
    const { done, value } = await this.#pieces.next();
    if (done) {
      this.end = value;
      return null;
    }
    const { rollouts, states, memory, decisions } = value;
    this.decisions.push(...decisions);
    memory.forEach((held, p) => {
      this.#peak[p] = Math.max(this.#peak[p], held);
    });
    const { starts } = rollouts;
    const lengths = states.map((_, lane) => starts[lane + 1] - starts[lane]);
    const texts = states.map((_, lane) => this.#text(rollouts, lane));
    return { side: this.#side, states, lengths, texts, memory, decisions: this.decisions.slice() };
  }

  async outcomes(): Promise<{ outcomes: Outcome[]; rewards: number[] }> {
    const { rollouts, states, scores } = this.end!;
    const ended = states.flatMap((state, lane) => (state === 'ended' ? [lane] : []));
    const rewards = Array.from(scores);
    if (!this.#cutByReward) {
      this.#count(rollouts.totalLength, ended);
      const graded = await this.#grade(rollouts, ended);
      ended.forEach((lane, i) => {
        rewards[lane] = graded[i];
      });
    }
    const N = this.#lanes;
    const outcomes = Array.from(this.#chosen, (_, p): Outcome => {
      const own = ended.filter((lane) => Math.floor(lane / N) === p);
      const best = own.reduce((so, lane) => (rewards[lane] > rewards[so] ? lane : so));
      return {
        answer: best - p * N,
        reward: rewards[best],
        program: this.#text(rollouts, best),
        policyTokens: rollouts.starts[(p + 1) * N] - rollouts.starts[p * N],
        scoreTokens: this.#read[p],
        peak: this.#peak[p],
      };
    });
    return { outcomes, rewards };
  }

  dispose(): void {
    this.#generation.dispose();
  }

  #count(totalLength: Int32Array, rows: readonly number[]): void {
    for (const row of rows) this.#read[Math.floor(row / this.#lanes)] += totalLength[row];
  }

  #text({ tokens, totalLength, promptLength }: LanesAtEnd['rollouts'], lane: number): string {
    const from = lane * (tokens.length / totalLength.length);
    const problem = this.#tasks.problems[this.#chosen[Math.floor(lane / this.#lanes)]];
    return this.#tasks.source(tokens.slice(from + promptLength[lane], from + totalLength[lane]), problem);
  }
}

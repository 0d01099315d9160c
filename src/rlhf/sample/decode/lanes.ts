/**
 * Responses written side by side, piece by piece, with the worst of each prompt cut whenever its memory is full: what
 * Speculative Rejection does, and Best-of-N, which cuts nothing.
 *
 * A lane is a row of the generation. It is live while it is written, then ended, or cut. An ended lane holds no memory,
 * stays in the pool, and raises the bar there until it is cut itself; it remains an answer all the same.
 */
import { cutOf, type RejectionRule, roomOf } from '../../../core/decoding/rejection.ts';
import type { Generation, Rollouts } from '../../../nn/generate/generate.ts';
import { endToken } from '../../../tasks/tokenizer.ts';

export type LaneState = 'live' | 'ended' | 'cut';

/** A prompt whose memory was full. */
export interface Decision {
  prompt: number;
  /** Tokens that each live lane had. */
  token: number;
  /** The pool, and the score of each of its lanes then. */
  pool: readonly number[];
  scores: readonly number[];
  /** Those of the pool that were still written. */
  live: readonly number[];
  /** Lanes that left the pool; those of them that were live are written no further. */
  cut: readonly number[];
}

/** What has come of the lanes after a piece. */
export interface Piece {
  rollouts: Rollouts;
  states: readonly LaneState[];
  /** Tokens held by the live lanes of each prompt, at their most in this piece. */
  memory: readonly number[];
  decisions: readonly Decision[];
}

export interface LanesAtEnd {
  rollouts: Rollouts;
  states: readonly LaneState[];
  /** Final score of every ended lane; NaN of those that were cut on their way. */
  scores: Float32Array;
  /** Tokens written, of all lanes. */
  written: number;
  /** How many sequences the score has read, those of lanes cut later among them, and how many tokens in them. */
  graded: { sequences: number; tokens: number };
}

/** Scores of rows as they stand. */
export type ScoreRows = (rollouts: Rollouts, rows: readonly number[]) => Promise<ArrayLike<number>>;

export interface LanePlan {
  prompts: number;
  /** Lanes of each prompt. */
  perPrompt: number;
  /** Of the generation. */
  maxLength: number;
  /** Most tokens of a piece, for whoever looks on. */
  stride: number;
}

export async function* writeLanes(
  generation: Generation,
  { prompts, perPrompt, maxLength, stride }: LanePlan,
  rule: RejectionRule,
  score: ScoreRows,
): AsyncGenerator<Piece, LanesAtEnd> {
  const count = prompts * perPrompt;
  const states: LaneState[] = new Array(count).fill('live');
  const inPool: boolean[] = new Array(count).fill(true);
  const scores = new Float32Array(count).fill(Number.NaN);
  const lanes = Array.from({ length: prompts }, (_, prompt) =>
    Array.from({ length: perPrompt }, (__, i) => prompt * perPrompt + i),
  );
  const pools = () => lanes.map((own) => own.filter((lane) => inPool[lane]));
  const graded = { sequences: 0, tokens: 0 };
  let length = 0;
  let rollouts: Rollouts | null = null;

  while (states.includes('live')) {
    const live = lanes.map((own) => own.filter((lane) => states[lane] === 'live'));
    const pool = pools();
    const rooms = live.map((own, prompt) =>
      own.length === 0 ? stride : roomOf(own.length, length, pool[prompt].length, rule),
    );
    // Where a decision left the memory full, it takes one token more all the same.
    const step = Math.max(1, Math.min(maxLength, stride, ...rooms));
    rollouts = await generation.advance(step);
    const from = length + 1;
    length += step;
    const { starts, totalLength, tokens } = rollouts;
    const ended: number[] = [];
    for (let lane = 0; lane < count; lane++) {
      if (states[lane] !== 'live') continue;
      const own = starts[lane + 1] - starts[lane];
      const last = tokens[lane * (tokens.length / count) + totalLength[lane] - 1];
      if ((own > 0 && last === endToken) || totalLength[lane] === maxLength) {
        states[lane] = 'ended';
        ended.push(lane);
      }
    }
    const memory = live.map((own) => mostHeld(own, from, length, rollouts!));

    const deciding = pools().flatMap((own, prompt) => {
      const going = own.filter((lane) => states[lane] === 'live');
      const full = going.length > 0 && roomOf(going.length, length, own.length, rule) < 1;
      return full ? [{ prompt, own, going }] : [];
    });
    const asked = [...ended, ...deciding.flatMap(({ going }) => going)];
    if (asked.length > 0) {
      const answers = await score(rollouts, asked);
      asked.forEach((lane, i) => {
        scores[lane] = answers[i];
        graded.tokens += rollouts!.totalLength[lane];
      });
      graded.sequences += asked.length;
    }
    const decisions = deciding.map(({ prompt, own, going }): Decision => {
      const cut = cutOf(
        own.map((lane) => ({ lane, score: scores[lane] })),
        rule,
      );
      return { prompt, token: length, pool: own, scores: own.map((lane) => scores[lane]), live: going, cut };
    });
    const stopped: number[] = [];
    for (const lane of decisions.flatMap(({ cut }) => cut)) {
      inPool[lane] = false;
      if (states[lane] !== 'live') continue;
      states[lane] = 'cut';
      scores[lane] = Number.NaN;
      stopped.push(lane);
    }
    if (stopped.length > 0) generation.stop(stopped);
    yield { rollouts, states: states.slice(), memory, decisions };
  }
  if (!rollouts) throw new RangeError('There is no lane to write.');
  return { rollouts, states, scores, written: rollouts.starts[count], graded };
}

/** The most tokens that lanes held together while they were written from token `from` to token `to`. */
function mostHeld(lanes: readonly number[], from: number, to: number, { starts }: Rollouts): number {
  let most = 0;
  for (let token = from; token <= to; token++) {
    const writing = lanes.filter((lane) => starts[lane + 1] - starts[lane] >= token).length;
    if (writing === 0) break;
    most = Math.max(most, writing * token);
  }
  return most;
}

/** What the policy wrote in one go, as rows for the networks, columns for the record, and text for the judge. */
import type { SequenceRow } from '../nn/batch.ts';
import type { Rollouts } from '../nn/generate.ts';
import type { Problem } from '../tasks/problem.ts';

/** A set of problems as the policy and the judge see them. */
export interface TaskSet {
  problems: Problem[];
  /** Tokens of each problem's prompt. */
  prompts: Int32Array[];
  /** The program that completion tokens spell, ready to run. */
  source(tokens: ArrayLike<number>, problem: Problem): string;
  /** Tokens of a program that passes, its end included. */
  reference(problem: Problem): Int32Array;
}

export interface Responses {
  /** Prompt and completion of each response, for packing. */
  rows: SequenceRow[];
  /** [B] index of the problem in its task set. */
  problem: Int32Array;
  /** [B] index of the prompt occurrence. */
  group: Int32Array;
  /** [B+1] where each response starts in the columns over completion tokens. */
  starts: Int32Array;
  /** [T] completion tokens. */
  tokens: Uint16Array;
  /** [T] log-probability at sampling. */
  logProb: Float32Array;
  /** Source text of each program. */
  programs: string[];
  /** [B] 1 where the reference wrote it instead of the policy. Absent: the policy wrote everything. */
  byReference?: Uint8Array;
  /** What was written beside them and thrown away. Absent: nothing. */
  thrown?: Thrown;
  /** Responses that were written once and are learned from again. */
  stored?: Stored;
}

/** What it cost to write responses beyond themselves. */
export interface Thrown {
  /** Responses begun. */
  samples: number;
  /** Tokens written. */
  tokens: number;
  /** Sequences that the reward model read on the way. */
  rewardPasses: number;
  /** Sequences that the reference read on the way. */
  referencePasses: number;
}

export const nothingThrown: Thrown = { samples: 0, tokens: 0, rewardPasses: 0, referencePasses: 0 };

/** What is known of responses in a preference store. */
export interface Stored {
  /** The iteration that they were written in. */
  written: number;
  /** What reference and reward said of them then. It holds as long as they are looked at. */
  scores?: { refLogProb: Float32Array; startLogProb: Float32Array; reward: Float32Array };
}

/** Responses with what reference and reward say of them. */
export interface Scored extends Responses {
  /** [T] log-probability under the reference, in nats. */
  refLogProb: Float32Array;
  /** [T] log-probability under the starting policy, in nats: the same until the reference moves. */
  startLogProb: Float32Array;
  /** [B] what the reward said. */
  reward: Float32Array;
  /** [B] the same on the scale of the starting policy's rewards: (r − mean) / deviation. */
  standardised: Float32Array;
  /** Price of a nat of distance from the reference. */
  beta: number;
  /** [T] the values of each network that the update trains beside the policy, by its name. */
  values: Readonly<Record<string, Float32Array>>;
}

/** @param chosen problem index of each prompt; `rollouts` holds `perPrompt` consecutive rows for each */
export function responsesOf(
  rollouts: Rollouts,
  tasks: TaskSet,
  chosen: ArrayLike<number>,
  perPrompt: number,
): Responses {
  const count = chosen.length * perPrompt;
  const rows: SequenceRow[] = [];
  const programs: string[] = [];
  const problem = new Int32Array(count);
  const group = new Int32Array(count);
  const tokens = new Uint16Array(rollouts.starts[count]);
  const stride = rollouts.tokens.length / count;
  for (let row = 0; row < count; row++) {
    group[row] = Math.floor(row / perPrompt);
    problem[row] = chosen[group[row]];
    const from = row * stride;
    const promptLength = rollouts.promptLength[row];
    const all = rollouts.tokens.subarray(from, from + rollouts.totalLength[row]);
    const completion = all.subarray(promptLength);
    rows.push({ tokens: all, promptLength });
    tokens.set(completion, rollouts.starts[row]);
    programs.push(tasks.source(completion, tasks.problems[problem[row]]));
  }
  return { rows, problem, group, starts: rollouts.starts, tokens, logProb: rollouts.logProb, programs };
}

/** The responses to each prompt of `own`, then those of `others`, which the reference wrote. */
export function interleaved(own: Responses, others: Responses): Responses {
  const count = own.group.length + others.group.length;
  const prompts = 1 + own.group[own.group.length - 1];
  const [a, b] = [own.group.length / prompts, others.group.length / prompts];
  const each = a + b;
  const from = (row: number): [Responses, number] => {
    const [prompt, at] = [Math.floor(row / each), row % each];
    return at < a ? [own, prompt * a + at] : [others, prompt * b + at - a];
  };
  const sources = Array.from({ length: count }, (_, row) => from(row));
  const starts = new Int32Array(count + 1);
  sources.forEach(([part, at], row) => {
    starts[row + 1] = starts[row] + part.starts[at + 1] - part.starts[at];
  });
  const tokens = new Uint16Array(starts[count]);
  const logProb = new Float32Array(starts[count]);
  sources.forEach(([part, at], row) => {
    tokens.set(part.tokens.subarray(part.starts[at], part.starts[at + 1]), starts[row]);
    logProb.set(part.logProb.subarray(part.starts[at], part.starts[at + 1]), starts[row]);
  });
  return {
    rows: sources.map(([part, at]) => part.rows[at]),
    problem: Int32Array.from(sources, ([part, at]) => part.problem[at]),
    group: Int32Array.from(sources, ([part, at]) => part.group[at]),
    starts,
    tokens,
    logProb,
    programs: sources.map(([part, at]) => part.programs[at]),
    byReference: Uint8Array.from(sources, ([part]) => (part === others ? 1 : 0)),
  };
}

/** The entries of a ragged column that belong to `chosen` rows, concatenated in that order. */
export function gatherRows(
  column: Float32Array,
  starts: Int32Array,
  chosen: ArrayLike<number>,
): Float32Array {
  let length = 0;
  for (let i = 0; i < chosen.length; i++) length += starts[chosen[i] + 1] - starts[chosen[i]];
  const gathered = new Float32Array(length);
  let at = 0;
  for (let i = 0; i < chosen.length; i++) {
    const part = column.subarray(starts[chosen[i]], starts[chosen[i] + 1]);
    gathered.set(part, at);
    at += part.length;
  }
  return gathered;
}

/** The rows that were let through, each once, as if nothing else had been sampled; and where each kept row is now. */
export function onlyKept(scored: Scored, kept: Int32Array): { scored: Scored; kept: Int32Array } {
  const rows = [...new Set(kept)].sort((a, b) => a - b);
  const now = new Map(rows.map((row, at) => [row, at]));
  const { starts, byReference } = scored;
  const lengths = rows.map((row) => starts[row + 1] - starts[row]);
  const from = new Int32Array(rows.length + 1);
  for (let at = 0; at < rows.length; at++) from[at + 1] = from[at] + lengths[at];
  const tokens = new Uint16Array(from[rows.length]);
  for (let at = 0; at < rows.length; at++) {
    tokens.set(scored.tokens.subarray(starts[rows[at]], starts[rows[at] + 1]), from[at]);
  }
  const perToken = (column: Float32Array) => gatherRows(column, starts, rows);
  const perRow = (column: Float32Array) => Float32Array.from(rows, (row) => column[row]);
  return {
    scored: {
      ...scored,
      rows: rows.map((row) => scored.rows[row]),
      problem: Int32Array.from(rows, (row) => scored.problem[row]),
      group: Int32Array.from(rows, (row) => scored.group[row]),
      programs: rows.map((row) => scored.programs[row]),
      starts: from,
      tokens,
      logProb: perToken(scored.logProb),
      refLogProb: perToken(scored.refLogProb),
      startLogProb: perToken(scored.startLogProb),
      ...(byReference ? { byReference: Uint8Array.from(rows, (row) => byReference[row]) } : {}),
      reward: perRow(scored.reward),
      standardised: perRow(scored.standardised),
      values: Object.fromEntries(
        Object.entries(scored.values).map(([name, column]) => [name, perToken(column)]),
      ),
    },
    kept: kept.map((row) => now.get(row)!),
  };
}

/** What the policy wrote in one go, as rows for the networks, columns for the record, and text for the judge. */
import type { SequenceRow } from '../../nn/batch/batch.ts';
import type { Rollouts } from '../../nn/generate/generate.ts';
import type { Problem } from '../../tasks/problem.ts';

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

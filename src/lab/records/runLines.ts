/**
 * Runs as lines of JSON. Metrics: one line per iteration or evaluation, with only what seed and settings determine,
 * so that the same experiment run twice gives the same file; what the clock says goes to lines of its own. Rollouts:
 * one line per response, in the format `pfrollout/1` of docs/automation.md.
 */
import type { Problem } from '../../tasks/problem.ts';
import { decode, endToken, vocabulary } from '../../tasks/tokenizer.ts';
import { type MetricKey, metricKeys, reproducibleKeys } from './metrics.ts';
import type { EvaluationRecord, IterationRecord } from './record.ts';

/** Which run a line belongs to. */
export interface RunName {
  arm: string;
  seed: number;
}

const reproducible = new Set<MetricKey>(reproducibleKeys);

/** `timing` is null when nothing was measured by the clock. */
export function metricLines(
  { arm, seed }: RunName,
  kind: 'iteration' | 'evaluation',
  record: IterationRecord | EvaluationRecord,
): { metrics: string; timing: string | null } {
  const head = { arm, seed, step: record.iteration, kind };
  const pick = (wanted: (key: MetricKey) => boolean) =>
    Object.fromEntries(
      metricKeys.flatMap((key) =>
        wanted(key) && record.metrics[key] !== undefined ? [[key, record.metrics[key]]] : [],
      ),
    );
  const timing = pick((key) => !reproducible.has(key));
  return {
    metrics: `${JSON.stringify({ ...head, data: pick((key) => reproducible.has(key)) })}\n`,
    timing: Object.keys(timing).length > 0 ? `${JSON.stringify({ ...head, data: timing })}\n` : null,
  };
}

/** One line of `rollouts.jsonl`. */
export interface RolloutRow {
  format: 'pfrollout/1';
  arm: string;
  seed: number;
  step: number;
  prompt_id: string;
  /** Number of the group in its step: a step may take a prompt twice. */
  group: number;
  /** Which of the responses to the prompt this is. */
  sample: number;
  prompt: string;
  response: string;
  /** What the reward source said. */
  reward: number | null;
  /** Share of hidden tests passed. */
  score: number | null;
  /** Whether it was learned from, and how many times. */
  kept: boolean;
  uses: number;
  /** 1 is the highest reward of its group; equal rewards share the better rank. */
  rank: number;
  finish_reason: 'stop' | 'length';
  response_tokens?: string[];
  logprobs?: number[];
  ref_logprobs?: number[];
}

/**
 * The responses of one iteration.
 * @param problems the training problems of the run's world
 * @param options.tokens adds the token columns, which make the file about three times as large
 */
export function rolloutRows(
  { arm, seed }: RunName,
  { iteration, samples }: IterationRecord,
  problems: readonly Problem[],
  options: { tokens: boolean },
): RolloutRow[] {
  const { problem, group, starts, tokens, logProb, refLogProb, reward, score, uses } = samples;
  const seen = new Map<number, number>();
  const groups = new Map<number, number[]>();
  group.forEach((id, row) => {
    const rewards = groups.get(id) ?? [];
    rewards.push(reward[row]);
    groups.set(id, rewards);
  });
  return Array.from(problem, (index, row): RolloutRow => {
    const sample = seen.get(index) ?? 0;
    seen.set(index, sample + 1);
    const [from, to] = [starts[row], starts[row + 1]];
    const written = tokens.subarray(from, to);
    return {
      format: 'pfrollout/1',
      arm,
      seed,
      step: iteration,
      prompt_id: problems[index].id,
      group: group[row],
      sample,
      prompt: problems[index].prompt,
      response: decode(written),
      reward: known(reward[row]),
      score: known(score[row]),
      kept: uses[row] > 0,
      uses: uses[row],
      rank: 1 + groups.get(group[row])!.filter((other) => other > reward[row]).length,
      finish_reason: written.at(-1) === endToken ? 'stop' : 'length',
      ...(options.tokens
        ? {
            response_tokens: Array.from(written, (token) => vocabulary[token]),
            logprobs: Array.from(logProb.subarray(from, to), short),
            ref_logprobs: Array.from(refLogProb.subarray(from, to), short),
          }
        : {}),
    };
  });
}

/** Six digits are all that a float32 has. */
const short = (value: number): number => Number(value.toPrecision(6));
/** JSON has no NaN: what is not known is null. */
export const known = (value: number): number | null => (Number.isFinite(value) ? short(value) : null);

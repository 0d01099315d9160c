/** One response of an iteration, taken out of the columns. Pure. */
import { type Verdict, verdictStatuses } from '../../../judge/verdict.ts';
import type { SampleColumns } from '../../../lab/records/record.ts';
import { groupsByReward } from '../../strips/ranking.ts';

export interface ResponseView {
  row: number;
  problem: number;
  group: number;
  reward: number;
  score: number;
  uses: number;
  status: Verdict['status'];
  /** 1 = highest reward of its group. */
  rank: number;
  /** Rows of its group, highest reward first. */
  siblings: number[];
  tokens: Uint16Array;
  logProb: Float32Array;
  refLogProb: Float32Array;
  /** Σ (log π − log π_SFT), in nats. */
  kl: number;
}

/** Null when the iteration has no such row. */
export function responseAt(samples: SampleColumns, row: number): ResponseView | null {
  if (!(row >= 0 && row < samples.group.length)) return null;
  const [from, to] = [samples.starts[row], samples.starts[row + 1]];
  const siblings = groupsByReward(samples).find((group) => group.rows.includes(row))!.rows;
  const logProb = samples.logProb.subarray(from, to);
  const refLogProb = samples.refLogProb.subarray(from, to);
  return {
    row,
    problem: samples.problem[row],
    group: samples.group[row],
    reward: samples.reward[row],
    score: samples.score[row],
    uses: samples.uses[row],
    status: verdictStatuses[samples.status[row]],
    rank: siblings.indexOf(row) + 1,
    siblings,
    tokens: samples.tokens.subarray(from, to),
    logProb,
    refLogProb,
    kl: logProb.reduce((sum, value, token) => sum + value - refLogProb[token], 0),
  };
}

/** A value as JavaScript would write it, for the tests table; what JSON lacks arrives spelled out as text. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return JSON.stringify(value) ?? String(value);
}

/**
 * The responses that a drag follows at every frame, ranked: all of them, or of very many a part, whole groups at a
 * time. The table of filters is computed from all of them, in the worker. Pure.
 */
import {
  batchesOf,
  filterBatch,
  type Looks,
  lookedAt,
  looking,
  type Rollouts,
} from '../../../core/analysis/rollouts.ts';
import { type Ranking, rankGroups } from '../../../core/filters/filter.ts';
import { rowsOfBatch } from '../../../core/filters/pipeline.ts';
import { type PromptFilter, selectPrompts } from '../../../core/filters/promptFilter.ts';
import { counter32 } from '../../../core/random.ts';
import { dragTies } from '../analysis/analyst.ts';

/** Rows that fit into a frame. */
const comfortable = 60_000;

export interface Sampled {
  rollouts: Rollouts;
  /** [b] rows of the whole that the part consists of; null when it is the whole. */
  rows: Int32Array | null;
}

export interface DragSample extends Sampled {
  ranking: Ranking;
}

export function dragSample(rollouts: Rollouts): DragSample {
  const part = sampleGroups(rollouts);
  return { ...part, ranking: rankGroups(lookedAt(part.rollouts), part.rollouts.group, dragTies) };
}

/** The same sample with another column to look at. */
export function sampleLooking(sample: DragSample, looks: Looks): DragSample {
  const rollouts = looking(sample.rollouts, looks);
  if (lookedAt(rollouts) === lookedAt(sample.rollouts)) return sample;
  return { ...sample, rollouts, ranking: rankGroups(lookedAt(rollouts), rollouts.group, dragTies) };
}

/** What a prompt filter leaves of a sample, ranked; null where it leaves everything. */
export interface Through extends Pick<DragSample, 'ranking'> {
  rows: Int32Array;
  looked: Float32Array;
  group: Int32Array;
}

/** @param share of all rows that the sample is: of a batch, so many of its prompts are in the sample */
export function throughOf(
  prompts: PromptFilter | null,
  { rollouts }: Sampled,
  share: number,
): Through | null {
  if (prompts === null) return null;
  const filter =
    prompts.kind === 'variance-count'
      ? { ...prompts, count: Math.max(1, Math.round(prompts.count * share)) }
      : prompts;
  const batch = batchesOf(rollouts.step ?? null)?.batch ?? null;
  const all = { ...filterBatch(rollouts), batch };
  const rows = selectPrompts(filter, all, dragTies);
  const { reward, group } = rowsOfBatch(all, rows);
  return { rows, looked: reward, group, ranking: rankGroups(reward, group, dragTies) };
}

/** About 60,000 rows in whole groups, chosen by the group's number: the same ones each time. */
export function sampleGroups(rollouts: Rollouts): Sampled {
  const { reward, score, group, prompt, filterOn, lengths, step } = rollouts;
  if (reward.length <= comfortable * 1.5) return { rollouts, rows: null };
  const limit = (comfortable / reward.length) * 2 ** 32;
  let count = 0;
  const chosen = new Uint8Array(reward.length);
  for (let row = 0; row < reward.length; row++) {
    if (counter32(1, group[row]) < limit) {
      chosen[row] = 1;
      count++;
    }
  }
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < reward.length; row++) if (chosen[row]) rows[at++] = row;
  const take = <T extends Float32Array | Int32Array>(column: T, made: T): T => {
    for (let at = 0; at < rows.length; at++) made[at] = column[rows[at]];
    return made;
  };
  return {
    rollouts: {
      filterOn: filterOn && take(filterOn, new Float32Array(count)),
      lengths: lengths && Float64Array.from(rows, (row) => lengths[row]),
      step: step && Float64Array.from(rows, (row) => step[row]),
      reward: take(reward, new Float32Array(count)),
      score: score && take(score, new Float32Array(count)),
      group: take(group, new Int32Array(count)),
      prompt: take(prompt, new Int32Array(count)),
    },
    rows,
  };
}

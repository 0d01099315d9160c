/**
 * The responses that a drag follows at every frame, ranked: all of them, or of very many a part, whole groups at a
 * time. The table of filters is computed from all of them, in the worker. Pure.
 */
import type { Rollouts } from '../../core/analysis/compareFilters.ts';
import { type Ranking, rankGroups } from '../../core/filter.ts';
import { counter32 } from '../../core/random.ts';
import { dragTies } from './analyst.ts';

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
  return { ...part, ranking: rankGroups(part.rollouts.reward, part.rollouts.group, dragTies) };
}

/** About 60,000 rows in whole groups, chosen by the group's number: the same ones each time. */
export function sampleGroups(rollouts: Rollouts): Sampled {
  const { reward, score, group, prompt } = rollouts;
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
      reward: take(reward, new Float32Array(count)),
      score: score && take(score, new Float32Array(count)),
      group: take(group, new Int32Array(count)),
      prompt: take(prompt, new Int32Array(count)),
    },
    rows,
  };
}

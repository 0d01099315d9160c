/**
 * A prompt filter, then a response filter: which prompts are worth an update, and which of the responses to them. The
 * response filter sees the prompts that are left as if nothing else had been sampled: rows are numbered anew for it.
 */

import type { Rng } from '../random.ts';
import { type Filter, type FilterBatch, type Sampler, selectRanked } from './filter.ts';
import { type PromptBatch, type PromptFilter, selectPrompts } from './promptFilter.ts';
import { rankGroups } from './ranking.ts';

export interface Pipeline {
  /** Null lets every prompt through. */
  prompts: PromptFilter | null;
  filter: Filter;
  sampler: Sampler;
}

export type PipelineBatch = FilterBatch & PromptBatch;

/**
 * The rows of the training set, repeats included.
 * @param tieSeed orders equal rewards, and prompts of equal variance
 * @param rng gives the response filter its draws
 */
export function selectPipeline(
  { prompts, filter, sampler }: Pipeline,
  batch: PipelineBatch,
  tieSeed: number,
  rng: Rng,
): Int32Array {
  if (prompts === null) {
    return selectRanked(filter, sampler, rankGroups(batch.reward, batch.group, tieSeed), batch, rng);
  }
  const through = selectPrompts(prompts, batch, tieSeed);
  const left = rowsOfBatch(batch, through);
  const rows = selectRanked(filter, sampler, rankGroups(left.reward, left.group, tieSeed), left, rng);
  return rows.map((row) => through[row]);
}

/** Some rows of a batch as a batch of their own. */
export function rowsOfBatch({ reward, group, length = null }: FilterBatch, rows: Int32Array): FilterBatch {
  const left: FilterBatch & { length: Float64Array | null } = {
    reward: new Float32Array(rows.length),
    group: new Int32Array(rows.length),
    length: length && new Float64Array(rows.length),
  };
  for (let at = 0; at < rows.length; at++) {
    left.reward[at] = reward[rows[at]];
    left.group[at] = group[rows[at]];
    if (length && left.length) left.length[at] = length[rows[at]];
  }
  return left;
}

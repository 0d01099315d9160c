/** Responses as columns, from a run or from a file: what every part of the filter lab reads. B rows. */
import {
  type Filter,
  type FilterBatch,
  type Ranking,
  rankGroups,
  type Sampler,
  selectRanked,
} from '../filters/filter.ts';
import { type Pipeline, selectPipeline } from '../filters/pipeline.ts';
import type { PromptFilter } from '../filters/promptFilter.ts';
import { selectionStream, tieSeed } from '../filters/selectionSeeds.ts';

export interface Rollouts {
  /** [B] finite. */
  reward: Float32Array;
  /** [B] true scores, NaN where unknown; null when none is known. */
  score: Float32Array | null;
  /** [B] responses to one prompt in one step share a number. */
  group: Int32Array;
  /** [B] responses to one prompt share a number, whatever the step: what the bootstrap resamples. */
  prompt: Int32Array;
  /** [B] what the filters look at; absent or null: the reward. */
  filterOn?: Float32Array | null;
  /** [B] length of each response in one unit, whichever; absent or null: unknown. */
  lengths?: ArrayLike<number> | null;
  /** [B] training step; absent or null: all of one. */
  step?: ArrayLike<number> | null;
  /** [B] number of the trainer's batch: of the step, as an integer; absent or null: all of one. */
  batch?: Int32Array | null;
  /** [B] 2 where the trainer itself left the response out, 1 where it learned from it, 0 where nobody says. */
  trained?: Uint8Array | null;
}

/** A filter in a comparison. */
export interface NamedFilter {
  id: string;
  label: string;
  /** Runs before the filter of responses; absent or null: every prompt. */
  prompts?: PromptFilter | null;
  filter: Filter;
  sampler: Sampler;
  /** The training rows, when they were selected elsewhere (a custom filter ran in the sandbox). */
  rows?: Int32Array;
}

/** What filters look at: the column that was given for it (or else the reward), the reward, or the truth. */
export type Looks = 'given' | 'reward' | 'truth';

/** The truth of every response is known, so that filters may look at it. */
export const truthIsKnown = ({ score }: Rollouts): boolean => score !== null && !score.some(Number.isNaN);

/** The same responses with another column to look at. The truth is looked at where it is known of all. */
export function looking(rollouts: Rollouts, looks: Looks): Rollouts {
  if (looks === 'given') return rollouts;
  return { ...rollouts, filterOn: looks === 'truth' && truthIsKnown(rollouts) ? rollouts.score : null };
}

export const lookedAt = ({ filterOn, reward }: Rollouts): Float32Array => filterOn ?? reward;

/** What the filters see of responses. */
export function filterBatch(rollouts: Rollouts): FilterBatch & { batch: Int32Array | null } {
  const { group, lengths = null, batch = null } = rollouts;
  return { reward: lookedAt(rollouts), group, length: lengths, batch };
}

/** The groups as the filters rank them: once for all filters. */
export const rankLooked = (rollouts: Rollouts, seed: number): Ranking =>
  rankGroups(lookedAt(rollouts), rollouts.group, tieSeed(seed));

/** The rows that a filter chooses, the same for the same seed. @param ranking of `rankLooked` */
export function chooseRows(
  named: NamedFilter,
  rollouts: Rollouts,
  ranking: Ranking,
  seed: number,
): Int32Array {
  if (named.rows) return named.rows;
  const rng = selectionStream(seed, named.id);
  const { filter, sampler, prompts = null } = named;
  const batch = filterBatch(rollouts);
  if (prompts === null) return selectRanked(filter, sampler, ranking, batch, rng);
  const pipeline: Pipeline = { prompts, filter, sampler };
  return selectPipeline(pipeline, batch, tieSeed(seed), rng);
}

/** Steps as whole numbers from 0 in ascending order, and the steps themselves; null where there is but one. */
export function batchesOf(step: ArrayLike<number> | null): { batch: Int32Array; steps: number[] } | null {
  if (step === null) return null;
  const seen = new Set<number>();
  for (let row = 0; row < step.length; row++) seen.add(step[row]);
  if (seen.size < 2) return null;
  const steps = [...seen].sort((a, b) => a - b);
  const numberOf = new Map(steps.map((value, i) => [value, i]));
  const batch = new Int32Array(step.length);
  for (let row = 0; row < step.length; row++) batch[row] = numberOf.get(step[row])!;
  return { batch, steps };
}

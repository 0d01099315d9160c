/** The filter under edit: the filter knobs of an arm, and what each handle does to them. Pure. */

import {
  expectedUses,
  type Filter,
  inclusion,
  type Ranking,
  rankWeights,
  type Sampler,
} from '../../core/filter.ts';
import { short } from '../../core/numberText.ts';
import { type ArmSettings, defaultSettings, filterOf, knobs, type Method } from '../settings/settings.ts';

/** The knobs that say which responses are learned from. */
export const filterKnobs = [
  'method',
  'sampler',
  'responses',
  'keep',
  'rankWeights',
  'thresholdHigh',
  'thresholdLow',
  'randomShare',
  'powerExponent',
  'customFilter',
] as const satisfies readonly (keyof ArmSettings)[];
export type EditedFilter = Pick<ArmSettings, (typeof filterKnobs)[number]>;

export function editedFrom(settings: ArmSettings): EditedFilter {
  return Object.fromEntries(
    filterKnobs.map((key) => [key, structuredClone(settings[key])]),
  ) as unknown as EditedFilter;
}

/** The size that most groups have. Of two as frequent, the larger. */
export function commonestSize({ starts, first }: Ranking): number {
  const counts = new Map<number, number>();
  for (let g = 0; g < first.length; g++) {
    const size = starts[g + 1] - starts[g];
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  let [commonest, most] = [1, 0];
  for (const [size, count] of counts)
    if (count > most || (count === most && size > commonest)) [commonest, most] = [size, count];
  return commonest;
}

/** Filter of an edit. An empty custom function falls back to the weights by rank. */
const otherKnobs = defaultSettings();
export const filterOfEdit = (edit: EditedFilter): Filter => filterOf({ ...otherKnobs, ...edit });

export const isThresholdMethod = (method: Method) =>
  method === 'top' || method === 'top-rand' || method === 'top-bott';

/** Chooses a method, and the k that its name implies. */
export function choose(edit: EditedFilter, method: Method): EditedFilter {
  const keep = { 'ppo-m': edit.responses, 'ppo-s': edit.responses, bon: 1, br: 2, bw: 2, wr: 2, rand2: 2 }[
    method as string
  ];
  return {
    ...edit,
    method,
    ...(keep === undefined ? {} : { keep }),
    customFilter: method === 'custom' ? edit.customFilter : '',
  };
}

/** Weights over `n` ranks that the edit stands for, summing to 1; null when it does not weigh ranks. */
export function weightsOf(edit: EditedFilter, n: number): number[] | null {
  const filter = filterOfEdit(edit);
  if (filter.kind !== 'rank') return null;
  return Array.from(rankWeights(filter.weights, n), (weight) => Math.round(weight * 1e4) / 1e4);
}

/** Moves one bar: whatever the method was, it becomes a custom one that starts from the same weights. */
export function setWeight(edit: EditedFilter, n: number, rank: number, weight: number): EditedFilter {
  const filter = filterOfEdit(edit);
  const list =
    edit.method === 'custom' && edit.rankWeights.length === n
      ? [...edit.rankWeights]
      : (weightsOf(edit, n) ?? new Array<number>(n).fill(1 / n));
  const keep = filter.kind === 'rank' ? Math.min(filter.keep, n) : edit.keep;
  list[rank] = Math.round(Math.min(1, Math.max(0, weight)) * 100) / 100;
  return { ...edit, method: 'custom', customFilter: '', keep, rankWeights: list };
}

/** The bars as drawn: raw weights while they are edited, so that a bar stays where it was dropped. */
export function barsOf(edit: EditedFilter, n: number): number[] | null {
  if (edit.method === 'custom' && edit.customFilter.trim() === '' && edit.rankWeights.length === n)
    return edit.rankWeights;
  return weightsOf(edit, n);
}

/** Moves a threshold and keeps the two in order. */
export function setThreshold(edit: EditedFilter, which: 'high' | 'low', value: number): EditedFilter {
  const rounded = Math.round(value * 1000) / 1000;
  if (which === 'high') {
    return { ...edit, thresholdHigh: rounded, thresholdLow: Math.min(edit.thresholdLow, rounded) };
  }
  return { ...edit, thresholdLow: rounded, thresholdHigh: Math.max(edit.thresholdHigh, rounded) };
}

/** Knobs whose value an arm cannot take as it is, with the value that it would get. */
export function clampForArm(edit: EditedFilter): { edit: EditedFilter; clamped: string[] } {
  const clamped: string[] = [];
  const fitted = { ...edit };
  for (const key of [
    'keep',
    'responses',
    'thresholdHigh',
    'thresholdLow',
    'randomShare',
    'powerExponent',
  ] as const) {
    const knob = knobs[key];
    if (knob.kind !== 'number' && knob.kind !== 'integer') continue;
    const value = Math.min(knob.max, Math.max(knob.min, edit[key]));
    if (value !== edit[key]) clamped.push(`${knob.label} ${short(edit[key])} → ${short(value)}`);
    fitted[key] = value;
  }
  return { edit: fitted, clamped };
}

/** What a filter would do to a set of responses, on average over its random choices. */
export interface Effect {
  rows: number;
  /** Expected rows of the training set, repeats counted. */
  kept: number;
  /** Expected rows that are not in it. */
  dropped: number;
  /** Expected share of passing responses among the training rows; null without a true score. */
  passKept: number | null;
  passAll: number | null;
  meanRewardKept: number;
  /** Share of update tokens saved against learning from everything; of rows where lengths are unknown. */
  saved: number;
  /** [B] expected uses of each row. */
  uses: Float64Array;
}

export interface EffectInput {
  reward: Float32Array;
  score: Float32Array | null;
  ranking: Ranking;
  /** [B] tokens of each response, when known. */
  lengths: ArrayLike<number> | null;
}

/** Expected uses under the weights of a custom function, as `selectWeighted` draws them. */
function customUses(
  ranking: Ranking,
  weights: ArrayLike<number>,
  sampler: Sampler,
  keep: number,
): Float64Array {
  const uses = new Float64Array(weights.length);
  if (sampler === 'resample' || sampler === 'verl') {
    let sum = 0;
    for (let row = 0; row < uses.length; row++) sum += weights[row];
    return sum > 0 ? uses.map((_, row) => (weights[row] / sum) * uses.length) : uses;
  }
  const { order, starts, first } = ranking;
  for (let g = 0; g < first.length; g++) {
    const rows = order.subarray(starts[g], starts[g + 1]);
    const ofGroup = Float64Array.from(rows, (row) => weights[row]);
    const sum = ofGroup.reduce((a, b) => a + b, 0);
    const expected =
      sampler === 'keep'
        ? inclusion(ofGroup, keep)
        : ofGroup.map((weight) => (sum > 0 ? (weight / sum) * Math.min(keep, rows.length) : 0));
    rows.forEach((row, i) => {
      uses[row] = expected[i];
    });
  }
  return uses;
}

/** Computed on every frame of a drag: one pass over the rows. `custom` is what a custom function gave. */
export function effectOf(
  input: EffectInput,
  filter: Filter,
  sampler: Sampler,
  custom: { weights: ArrayLike<number> | null; keep: number } = { weights: null, keep: 1 },
): Effect {
  const { reward, score, ranking, lengths } = input;
  const uses =
    filter.kind === 'custom'
      ? customUses(ranking, custom.weights ?? new Float64Array(reward.length), sampler, custom.keep)
      : expectedUses(filter, sampler, ranking, reward);
  let kept = 0;
  let dropped = 0;
  let rewardSum = 0;
  let known = 0;
  let passing = 0;
  let knownKept = 0;
  let passingKept = 0;
  let tokens = 0;
  let tokensKept = 0;
  for (let row = 0; row < uses.length; row++) {
    const use = uses[row];
    const length = lengths ? lengths[row] : 1;
    kept += use;
    if (use < 1) dropped += 1 - use;
    rewardSum += use * reward[row];
    tokens += length;
    tokensKept += use * length;
    if (score === null || Number.isNaN(score[row])) continue;
    known++;
    knownKept += use;
    if (score[row] === 1) {
      passing++;
      passingKept += use;
    }
  }
  return {
    rows: reward.length,
    kept,
    dropped,
    passKept: knownKept > 0 ? passingKept / knownKept : null,
    passAll: known > 0 ? passing / known : null,
    meanRewardKept: kept > 0 ? rewardSum / kept : Number.NaN,
    saved: tokens > 0 ? 1 - tokensKept / tokens : 0,
    uses,
  };
}

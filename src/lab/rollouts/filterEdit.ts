/** The filter under edit: the filter knobs of an arm, and what each handle does to them. Pure. */
import { type Filter, type Ranking, rankWeights } from '../../core/filter.ts';
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

interface Threshold {
  which: 'high' | 'low';
  value: number;
}

/** The thresholds of an edit; none where its method has none. */
export function thresholdsOf(edit: EditedFilter): Threshold[] {
  if (!isThresholdMethod(edit.method)) return [];
  const high: Threshold = { which: 'high', value: edit.thresholdHigh };
  return edit.method === 'top-bott' ? [high, { which: 'low', value: edit.thresholdLow }] : [high];
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

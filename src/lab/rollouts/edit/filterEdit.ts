/** The filter under edit: a method with its knobs, and what each handle does to them. Pure. */

import type { Normalise } from '../../../core/analysis/criteria.ts';
import type { Looks } from '../../../core/analysis/rollouts.ts';
import { type Filter, type Ranking, rankWeights, type Sampler } from '../../../core/filters/filter.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';
import { short } from '../../../core/numberText.ts';
import { catalogue, methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import { initialValues, type KnobValue, type Values } from '../../../rlhf/catalogue/knobs.ts';
import type { About } from '../../../rlhf/catalogue/method.ts';
import { type ArmSettings, type Choice, trainingKnobs } from '../../../rlhf/catalogue/settings.ts';

/** A filter and N. `knobs` has those of the other filters too: who comes back to one finds it as it was left. */
export interface EditedFilter {
  method: string;
  responses: number;
  knobs: Values;
  /** The prompt filter that runs before, with the knobs of the others too. */
  prompts: { method: string; knobs: Values };
  looks: Looks;
  normalise: Normalise;
}

/** The filters that can be edited here: those that src/core knows. */
const filters: readonly About[] = catalogue.filter;
const promptMethods: readonly About[] = catalogue.promptFilter;

export function editedFrom({ filter, promptFilter, training }: ArmSettings): EditedFilter {
  const { method, ...own } = filter;
  const knobs = Object.assign({}, ...filters.map((each) => initialValues(each.knobs)), own);
  const { method: prompts, ...ownOfPrompts } = promptFilter;
  return {
    method,
    responses: training.responses,
    knobs,
    prompts: {
      method: prompts,
      knobs: Object.assign({}, ...promptMethods.map((each) => initialValues(each.knobs)), ownOfPrompts),
    },
    looks: training.filterOn === 'truth' ? 'truth' : 'given',
    normalise: training.normalise as Normalise,
  };
}

/** The choice of an arm with this filter. */
function choiceOf({ method, knobs }: EditedFilter): Choice {
  const names = Object.keys((methodOf('filter', method) as About).knobs);
  return { method, ...Object.fromEntries(names.map((name) => [name, knobs[name]])) };
}

const promptChoiceOf = ({ prompts: { method, knobs } }: EditedFilter): Choice => {
  const names = Object.keys((methodOf('promptFilter', method) as About).knobs);
  return { method, ...Object.fromEntries(names.map((name) => [name, knobs[name]])) };
};

/** The arm's settings with these filters. A column that was given in a file means nothing to an arm: it is the reward. */
export const withFilter = (settings: ArmSettings, edit: EditedFilter): ArmSettings => ({
  ...settings,
  training: {
    ...settings.training,
    responses: edit.responses,
    filterOn: edit.looks === 'truth' ? 'truth' : 'reward',
    normalise: edit.normalise,
  },
  promptFilter: promptChoiceOf(edit),
  filter: choiceOf(edit),
});

/** "BW", "Contrast, BW". */
export function labelOf(edit: EditedFilter): string {
  const own = methodOf('filter', edit.method).label;
  const { method } = edit.prompts;
  if (method === catalogue.promptFilter[0].id) return own;
  const { label } = methodOf('promptFilter', method);
  return edit.method === catalogue.filter[0].id ? label : `${label}, ${own}`;
}

/** How its weights become rows. A filter that leaves no choice keeps each row once. */
export const samplerOf = ({ method, knobs }: EditedFilter): Sampler =>
  'sampler' in (methodOf('filter', method) as About).knobs ? (knobs.sampler as Sampler) : 'keep';

/** The prompt filter of an edit; null for every prompt. */
export const promptsOfEdit = (edit: EditedFilter): PromptFilter | null =>
  methodOf('promptFilter', edit.prompts.method).shape(promptChoiceOf(edit));

export const withPromptKnob = (edit: EditedFilter, name: string, value: KnobValue): EditedFilter => ({
  ...edit,
  prompts: { ...edit.prompts, knobs: { ...edit.prompts.knobs, [name]: value } },
});

export const withKnob = (edit: EditedFilter, name: string, value: KnobValue): EditedFilter => ({
  ...edit,
  knobs: { ...edit.knobs, [name]: value },
});

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
export function filterOfEdit(edit: EditedFilter): Filter {
  const filter = methodOf('filter', edit.method).shape(choiceOf(edit));
  if (!filter) throw new TypeError(`${labelOf(edit)} is no filter that can be edited.`);
  return filter;
}

/** The text of a custom function; empty where the filter has none. */
export const functionOf = ({ method, knobs }: EditedFilter): string =>
  method === 'custom' ? (knobs.customFilter as string) : '';

/** The thresholds that the method has, upper first: handles in the histogram. */
export function thresholdsOf(edit: EditedFilter): { which: 'high' | 'low'; value: number }[] {
  const { knobs } = methodOf('filter', edit.method) as About;
  return [
    ...('thresholdHigh' in knobs
      ? [{ which: 'high' as const, value: edit.knobs.thresholdHigh as number }]
      : []),
    ...('thresholdLow' in knobs ? [{ which: 'low' as const, value: edit.knobs.thresholdLow as number }] : []),
  ];
}

/** Chooses a method, and the k that its name implies. A function is left behind. */
export function choose(edit: EditedFilter, method: string): EditedFilter {
  const { keep } = (methodOf('filter', method) as About).knobs;
  const chosen = { ...edit, method, knobs: { ...edit.knobs } };
  if (method === 'custom') return chosen;
  return {
    ...chosen,
    knobs: { ...edit.knobs, customFilter: '', ...(keep ? { keep: keep.initial as number } : {}) },
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
  const own = edit.knobs.rankWeights as readonly number[];
  const list =
    edit.method === 'custom' && own.length === n
      ? [...own]
      : (weightsOf(edit, n) ?? new Array<number>(n).fill(1 / n));
  const keep = filter.kind === 'rank' ? Math.min(filter.keep, n) : edit.knobs.keep;
  list[rank] = Math.round(Math.min(1, Math.max(0, weight)) * 100) / 100;
  return { ...edit, method: 'custom', knobs: { ...edit.knobs, customFilter: '', keep, rankWeights: list } };
}

/** The bars as drawn: raw weights while they are edited, so that a bar stays where it was dropped. */
export function barsOf(edit: EditedFilter, n: number): readonly number[] | null {
  const own = edit.knobs.rankWeights as readonly number[];
  if (edit.method === 'custom' && functionOf(edit).trim() === '' && own.length === n) return own;
  return weightsOf(edit, n);
}

/** Moves a threshold and keeps the two in order. */
export function setThreshold(edit: EditedFilter, which: 'high' | 'low', value: number): EditedFilter {
  const rounded = Math.round(value * 1000) / 1000;
  const [thresholdHigh, thresholdLow] =
    which === 'high'
      ? [rounded, Math.min(edit.knobs.thresholdLow as number, rounded)]
      : [Math.max(edit.knobs.thresholdHigh as number, rounded), rounded];
  return { ...edit, knobs: { ...edit.knobs, thresholdHigh, thresholdLow } };
}

/** Knobs whose value an arm cannot take as it is, with the value that it would get. */
export function clampForArm(edit: EditedFilter): { edit: EditedFilter; clamped: string[] } {
  const clamped: string[] = [];
  const within = (knob: About['knobs'][string], value: KnobValue): KnobValue => {
    if (knob.kind !== 'number' && knob.kind !== 'integer') return value;
    const fitted = Math.min(knob.max, Math.max(knob.min, value as number));
    if (fitted !== value) clamped.push(`${knob.label} ${short(value as number)} → ${short(fitted)}`);
    return fitted;
  };
  const moved = ({ knobs }: About, values: Values) =>
    Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, within(knob, values[name])]));
  const fitted = moved(methodOf('filter', edit.method), edit.knobs);
  const ofPrompts = moved(methodOf('promptFilter', edit.prompts.method), edit.prompts.knobs);
  const responses = within(trainingKnobs.responses, edit.responses) as number;
  return {
    edit: {
      ...edit,
      responses,
      knobs: { ...edit.knobs, ...fitted },
      prompts: { ...edit.prompts, knobs: { ...edit.prompts.knobs, ...ofPrompts } },
    },
    clamped,
  };
}

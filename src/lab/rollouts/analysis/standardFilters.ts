/** The filters that a comparison starts from: those of the catalogue that select by numbers alone, for any scale. */
import { lookedAt, type NamedFilter, type Rollouts } from '../../../core/analysis/rollouts.ts';
import type { Filter } from '../../../core/filters/filter.ts';
import type { PromptFilter } from '../../../core/filters/promptFilter.ts';
import { groupRows } from '../../../core/filters/ranking.ts';
import { quantileSorted } from '../../../core/statistics/stats.ts';
import { catalogue, chosen, methodOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { KnobValue } from '../../../rlhf/catalogue/knobs.ts';

/** Ids of the filters of a comparison, in the order of its table. A power stands there with its exponent. */
export const standardFilterIds = [
  'ppo-m',
  'bon',
  'br',
  'bw',
  'wr',
  'rand2',
  'top',
  'top-rand',
  'top-bott',
  'pow-1',
  'pow-2',
  'pow-3',
  'pods',
  'cppo',
  'positives',
  'negatives',
] as const;

/** Known by name, too; they need lengths, or say little of rewards. */
const furtherFilterIds = ['gfpo', 'gfpo-per-token', 'w-reinforce'] as const;
export const filterIds: readonly string[] = [...standardFilterIds, ...furtherFilterIds];

/** The prompt filters but the one that keeps every prompt. */
export const promptFilterIds: readonly string[] = catalogue.promptFilter.slice(1).map(({ id }) => id);

/** A method's shape with its usual knobs, but for those that are given and that it has. */
function shapeOf(id: string, knobs: Readonly<Record<string, KnobValue>>): Filter {
  const shape = methodOf('filter', id).shape({ ...chosen('filter', id), ...knobs });
  if (!shape) throw new TypeError(`The filter "${id}" cannot be compared on a file.`);
  return shape;
}

/** Knobs whose usual value means nothing on another scale. */
export interface Scale {
  thresholdHigh: number;
  thresholdLow: number;
  passAt: number;
  /** Responses of a group that a choice keeps: half of what most groups have. */
  keep: number;
  /** Prompts that top-k keeps of a batch: half of what a batch has. */
  keepPrompts: number;
}

/**
 * The scale of rollouts: the 70th and 30th percentile as thresholds, because the paper does not give its own; as right
 * what is the larger of two values, or 1 where values lie from 0 to 1, or else what is above the upper threshold.
 */
export function scaleOf(rollouts: Rollouts): Scale {
  const looked = lookedAt(rollouts);
  const sorted = Float32Array.from(looked).sort();
  const thresholdHigh = quantileSorted(sorted, 0.7);
  const { starts, first } = groupRows(rollouts.group);
  const counts = new Map<number, number>();
  for (let g = 0; g < first.length; g++) {
    const size = starts[g + 1] - starts[g];
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1];
  const batches = new Set(rollouts.batch ?? [0]).size;
  return {
    thresholdHigh,
    thresholdLow: quantileSorted(sorted, 0.3),
    passAt: passMark(looked) ?? thresholdHigh,
    keep: Math.max(2, Math.round(commonest / 2)),
    keepPrompts: Math.max(1, Math.round(first.length / batches / 2)),
  };
}

function passMark(values: Float32Array): number | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (values.every((value) => value === low || value === high)) return high;
  return low >= 0 && high === 1 ? 1 : null;
}

/** A filter by its name: of responses, of prompts, or both as "zero-variance+bw". Null where there is none. */
export function filterNamed(name: string, scale: Scale): NamedFilter | null {
  const parts = name.split(/[+ ]/).map((part) => (part === 'none' ? 'ppo-m' : part));
  const prompts = parts.filter((part) => promptFilterIds.includes(part));
  const responses = parts.filter((part) => filterIds.includes(part));
  if (prompts.length > 1 || responses.length > 1 || prompts.length + responses.length < parts.length)
    return null;
  const found = responseFilter(responses[0] ?? 'ppo-m', scale);
  if (prompts.length === 0) return { ...found, id: name };
  const label = methodOf('promptFilter', prompts[0]).label;
  return {
    ...found,
    id: name,
    label: responses[0] === undefined || responses[0] === 'ppo-m' ? label : `${label}, ${found.label}`,
    prompts: promptFilterNamed(prompts[0], scale),
  };
}

export function promptFilterNamed(id: string, { passAt, keepPrompts }: Scale): PromptFilter {
  const knobs = { ...chosen('promptFilter', id), passAt, keepPrompts };
  const shape = methodOf('promptFilter', id).shape(knobs);
  if (!shape) throw new TypeError(`"${id}" keeps every prompt.`);
  return shape;
}

/** Every prompt filter by its id, on the scale of these rollouts. */
export const promptFiltersOf = (scale: Scale): Record<string, PromptFilter> =>
  Object.fromEntries(promptFilterIds.map((id) => [id, promptFilterNamed(id, scale)]));

function responseFilter(id: string, { thresholdHigh, thresholdLow, passAt, keep }: Scale): NamedFilter {
  const [, exponent] = /^pow-(\d)$/.exec(id) ?? [];
  if (exponent !== undefined) {
    return {
      id,
      label: id,
      filter: shapeOf('pow', { powerExponent: Number(exponent) }),
      sampler: 'resample',
    };
  }
  const scaled: Record<string, number> = id.startsWith('top')
    ? { thresholdHigh, thresholdLow }
    : id === 'pods'
      ? { keep }
      : { passAt };
  return { id, label: methodOf('filter', id).label, filter: shapeOf(id, scaled), sampler: 'keep' };
}

/** The standard filters for rollouts on an unknown scale. */
export function standardFilters(rollouts: Rollouts): NamedFilter[] {
  const scale = scaleOf(rollouts);
  return standardFilterIds.map((id) => responseFilter(id, scale));
}

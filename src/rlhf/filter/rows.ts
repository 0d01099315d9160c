/** What the filters of src/core share here: the knobs that say how weights become rows, and the selection itself. */
import { type Filter, type FilterBatch, type Sampler, select } from '../../core/filters/filter.ts';
import type { Rng } from '../../core/random.ts';
import type { Knobs, ValuesOf } from '../catalogue/knobs.ts';
import type { Conflict } from '../catalogue/method.ts';
import type { ArmSettings } from '../catalogue/settings.ts';
import { type FilterMethod, filter } from '../slots.ts';

export const sampler = {
  kind: 'choice',
  label: 'Sampler',
  initial: 'keep',
  what: 'How the filter turns its weights into training rows.',
  expect: 'keep is steadiest; resample and verl train on as many rows as were sampled.',
  options: [
    { value: 'keep', label: 'keep', what: 'A fixed number per group, without repeats.' },
    { value: 'draw', label: 'draw', what: 'Independent draws per group: the text of the paper.' },
    {
      value: 'resample',
      label: 'resample',
      what: 'With replacement over the whole buffer: the authors’ code.',
    },
    {
      value: 'verl',
      label: 'verl',
      what: 'Extremes of the whole batch instead of each group: verl’s version.',
    },
  ],
} as const;

export const keep = {
  kind: 'integer',
  label: 'Kept per prompt (k)',
  min: 1,
  max: 16,
  step: 1,
  initial: 2,
  what: 'How many responses of each group are learned from.',
  expect: 'Closer to PPO-M: more update work, less filtering.',
} as const;

export function keepWithinGroup(kept: number, { training: { responses } }: ArmSettings): Conflict[] {
  if (kept <= responses) return [];
  return [
    {
      path: 'filter.keep',
      message: `keep must not exceed responses (${responses}), and is ${kept}.`,
      repair: { 'filter.keep': responses },
    },
  ];
}

/** A filter that src/core knows: its shape says all. */
export function shaped<const K extends Knobs & { sampler: typeof sampler }>(
  method: Omit<FilterMethod<K>, 'select' | 'shape'> & { shape(knobs: ValuesOf<K>): Filter },
) {
  return filter<K>({
    ...method,
    select: (_, batch: FilterBatch, rng: Rng, knobs: ValuesOf<K>) =>
      select(method.shape(knobs), knobs.sampler as Sampler, batch, rng),
  } as FilterMethod<K>);
}

/** The same for a filter that chooses or weighs rows in one way only, without repeats. */
export function withoutRepeats<const K extends Knobs>(
  method: Omit<FilterMethod<K>, 'select' | 'shape'> & { shape(knobs: ValuesOf<K>): Filter },
) {
  return filter<K>({
    ...method,
    select: (_, batch: FilterBatch, rng: Rng, knobs: ValuesOf<K>) =>
      select(method.shape(knobs), 'keep', batch, rng),
  } as FilterMethod<K>);
}

/** From which reward on a response counts as right. */
export const passAt = {
  kind: 'number',
  label: 'Right from',
  min: -1,
  max: 1,
  step: 0.01,
  initial: 0.5,
  what: 'A response counts as right when what the filters look at is at least this.',
  expect: 'Fewer responses count as right.',
} as const;

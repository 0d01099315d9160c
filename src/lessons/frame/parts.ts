/**
 * The parts of the page that a lesson can point at: what `data-part` calls them. A test holds this list against the
 * components, so that a renamed part is noticed before a student looks for it.
 */
import type { MetricKey } from '../../lab/records/metrics.ts';
import type { Station } from '../../lab/records/record.ts';
import type { Slot } from '../../rlhf/catalogue/settings.ts';

export const namedParts = [
  'presets',
  'transport',
  'loop',
  'arms',
  'curves',
  'x-axis',
  'strips',
  'filter-lab',
  'filter-source',
  'filter-editor',
  'ten-lines',
  'decision-table',
  'take-away',
  'panel-arena',
  'panel-inspector',
  'panel-steering',
  'panel-training',
  'panel-finding',
  'panel-atlas',
  'judge-bench',
  'tree',
  'star',
] as const;

export type PartId =
  | (typeof namedParts)[number]
  | `station-${Station}`
  | `metric-${MetricKey}`
  | `slot-${Slot}`
  | `knob-${string}`;

/** Where a part stands on the page, as a selector. */
export const partSelector = (part: string): string => `[data-part="${CSS.escape(part)}"]`;

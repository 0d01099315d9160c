/** The filters that a comparison starts from: those of the catalogue that select by rewards alone, for any scale. */
import type { NamedFilter } from '../../core/analysis/compareFilters.ts';
import type { Filter } from '../../core/filter.ts';
import { quantile } from '../../core/stats.ts';
import { chosen, methodOf } from '../../rlhf/catalogue.ts';
import type { KnobValue } from '../../rlhf/knobs.ts';

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
] as const;

/** A filter of the catalogue with its usual knobs, but for those that are given. */
function shapeOf(id: string, knobs: Readonly<Record<string, KnobValue>>): Filter {
  const shape = methodOf('filter', id).shape({ ...chosen('filter', id), ...knobs });
  if (!shape) throw new TypeError(`The filter "${id}" cannot be compared on a file.`);
  return shape;
}

/**
 * The standard filters for rewards on an unknown scale.
 * @param reward [B] the thresholds of top, top-rand and top-bott are its 70th and 30th percentiles, because the paper
 *   does not give its own
 */
export function standardFilters(reward: ArrayLike<number>): NamedFilter[] {
  const thresholdHigh = quantile(reward, 0.7);
  const thresholdLow = quantile(reward, 0.3);
  return standardFilterIds.map((id): NamedFilter => {
    const [, exponent] = /^pow-(\d)$/.exec(id) ?? [];
    if (exponent !== undefined) {
      const filter = shapeOf('pow', { powerExponent: Number(exponent) });
      return { id, label: id, filter, sampler: 'resample' };
    }
    const filter = shapeOf(id, id.startsWith('top') ? { thresholdHigh, thresholdLow } : {});
    return { id, label: methodOf('filter', id).label, filter, sampler: 'keep' };
  });
}

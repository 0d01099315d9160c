/** The filters that a comparison starts from: the paper's Table 3 and two controls that it does not have. */
import { type Filter, keepAll, type Sampler } from '../filter.ts';
import { quantile } from '../stats.ts';

export interface NamedFilter {
  id: string;
  label: string;
  filter: Filter;
  sampler: Sampler;
  /** The training rows, when they were selected elsewhere (a custom filter ran in the sandbox). */
  rows?: Int32Array;
}

/** Ids of the filters below, in the order of the table. */
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
export type StandardFilterId = (typeof standardFilterIds)[number];

/**
 * The standard filters for rewards on an unknown scale.
 * @param reward [B] the thresholds of top, top-rand and top-bott are its 70th and 30th percentiles, because the paper
 *   does not give its own
 */
export function standardFilters(reward: ArrayLike<number>): NamedFilter[] {
  const above = quantile(reward, 0.7);
  const below = quantile(reward, 0.3);
  const filters: Record<StandardFilterId, [string, Filter]> = {
    'ppo-m': ['PPO-M', { kind: 'rank', weights: 'uniform', keep: keepAll }],
    bon: ['BoN', { kind: 'rank', weights: 'best', keep: 1 }],
    br: ['BR', { kind: 'rank', weights: 'best-random', keep: 2 }],
    bw: ['BW', { kind: 'rank', weights: 'best-worst', keep: 2 }],
    wr: ['WR', { kind: 'rank', weights: 'worst-random', keep: 2 }],
    rand2: ['Rand2', { kind: 'rank', weights: 'uniform', keep: 2 }],
    top: ['top', { kind: 'threshold', above, below: null, otherwise: 0 }],
    'top-rand': ['top-rand', { kind: 'threshold', above, below: null, otherwise: 0.5 }],
    'top-bott': ['top-bott', { kind: 'threshold', above, below, otherwise: 0 }],
    'pow-1': ['pow-1', { kind: 'power', exponent: 1 }],
    'pow-2': ['pow-2', { kind: 'power', exponent: 2 }],
    'pow-3': ['pow-3', { kind: 'power', exponent: 3 }],
  };
  return standardFilterIds.map((id) => ({
    id,
    label: filters[id][0],
    filter: filters[id][1],
    sampler: filters[id][1].kind === 'power' ? 'resample' : 'keep',
  }));
}

/** Why a filter does not learn from a response: one reason for each row, and its advantage before and after. */
import { isGroupChoice } from '../filters/groupChoice.ts';
import { keptGroups } from '../filters/promptFilter.ts';
import { groupRows, type Ranking } from '../filters/ranking.ts';
import { tieSeed } from '../filters/selectionSeeds.ts';
import { rankWeights } from '../filters/weights.ts';
import { advantagesOf } from './criteria.ts';
import {
  chooseRows,
  filterBatch,
  lookedAt,
  type NamedFilter,
  type Rollouts,
  rankLooked,
} from './rollouts.ts';

/** In the order of their numbers. */
export const discardReasons = [
  'kept',
  'trainer',
  'no-contrast',
  'pass-rate',
  'low-variance',
  'rank',
  'chance',
  'threshold',
  'middle',
  'small-advantage',
  'length',
  'sign',
  'function',
] as const;
export type DiscardReason = (typeof discardReasons)[number];
const codeOf = (reason: DiscardReason): number => discardReasons.indexOf(reason);

export interface Discarded {
  /** [B] number of the reason in `discardReasons`; 0 is kept. */
  reason: Uint8Array;
  /** [B] place in the group by what the filters look at, from 1; of equal ones in random order. */
  rank: Int32Array;
  /** [B] responses in its group. */
  size: Int32Array;
  /** [B] advantage among all responses of the group, and among the kept ones. */
  before: Float32Array;
  after: Float32Array;
}

export function discardedBy(named: NamedFilter, rollouts: Rollouts, seed: number): Discarded {
  const { reward, group, trained } = rollouts;
  const looked = lookedAt(rollouts);
  const ranking = rankLooked(rollouts, seed);
  const uses = new Float64Array(reward.length);
  for (const row of chooseRows(named, rollouts, ranking, seed)) uses[row]++;
  const { order, starts, first } = ranking;
  const rank = new Int32Array(reward.length);
  const size = new Int32Array(reward.length);
  const reason = new Uint8Array(reward.length);
  const { prompts = null } = named;
  const stays = prompts === null ? null : keptGroups(prompts, ranking, filterBatch(rollouts), tieSeed(seed));
  for (let g = 0; g < first.length; g++) {
    const n = starts[g + 1] - starts[g];
    const gated = stays !== null && stays[g] === 0 ? codeOf(promptReason(named)) : 0;
    const weights = named.filter.kind === 'rank' && gated === 0 ? rankWeights(named.filter.weights, n) : null;
    for (let i = 0; i < n; i++) {
      const row = order[starts[g] + i];
      rank[row] = i + 1;
      size[row] = n;
      if (trained?.[row] === 2) reason[row] = codeOf('trainer');
      else if (uses[row] === 0) reason[row] = gated || codeOf(rowReason(named, looked[row], weights, i));
    }
  }
  const groups: Ranking = groupRows(group);
  return {
    reason,
    rank,
    size,
    before: advantagesOf(reward, groups, uses, 'before'),
    after: advantagesOf(reward, groups, uses, 'after'),
  };
}

function promptReason({ prompts }: NamedFilter): DiscardReason {
  if (prompts?.kind === 'contrast') return 'no-contrast';
  return prompts?.kind === 'pass-rate' ? 'pass-rate' : 'low-variance';
}

function rowReason(
  { filter, sampler }: NamedFilter,
  value: number,
  weights: Float64Array | null,
  i: number,
): DiscardReason {
  if (isGroupChoice(filter)) {
    if (sampler !== 'keep') return 'chance';
    return ({ 'max-variance': 'middle', advantage: 'small-advantage', length: 'length' } as const)[
      filter.kind
    ];
  }
  switch (filter.kind) {
    case 'rank':
      return weights !== null && weights[i] === 0 ? 'rank' : 'chance';
    case 'threshold':
      return filter.otherwise > 0 || value > (filter.above ?? Infinity) || value < (filter.below ?? -Infinity)
        ? 'chance'
        : 'threshold';
    case 'sign':
      return (value >= filter.passAt ? filter.positives : filter.negatives) > 0 ? 'chance' : 'sign';
    case 'power':
      return 'chance';
    case 'custom':
      return 'function';
    default:
      filter satisfies never;
      return 'chance';
  }
}

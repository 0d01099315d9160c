/** Why a response is not learned from, in words. */
import type { DiscardReason } from '../../../core/analysis/discarded.ts';

const texts: Readonly<Record<DiscardReason, string>> = {
  kept: 'kept',
  trainer: 'its trainer left it out',
  'no-contrast': 'its prompt has no contrast: all responses got the same value',
  'pass-rate': 'the pass rate of its prompt is outside the band',
  'low-variance': 'its prompt has less variance than others of its step',
  rank: 'its rank is never kept',
  chance: 'the draw took others',
  threshold: 'it lies between the thresholds, or below the only one',
  middle: 'without it the kept rewards vary more',
  'small-advantage': 'others are further from the mean of the group',
  length: 'others are shorter, or earn more per token',
  sign: 'it is on the other side of what counts as right',
  function: 'the function gave it no place',
};

export const reasonText = (reason: string): string => texts[reason as DiscardReason] ?? reason;

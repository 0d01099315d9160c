/** The filters, in the order of the menu. The first is the neutral one. */
import type { FilterMethod } from '../slots.ts';
import { custom } from './custom.ts';
import { power } from './power.ts';
import { all, bestOfN, bestRandom, bestWorst, randomTwo, worstRandom } from './rank.ts';
import { top, topBottom, topRandom } from './threshold.ts';

export const filters = [
  all,
  bestOfN,
  bestRandom,
  bestWorst,
  worstRandom,
  randomTwo,
  top,
  topRandom,
  topBottom,
  power,
  custom,
] as const satisfies readonly FilterMethod[];

/** The filters, in the order of the menu. The first is the neutral one. */
import type { FilterMethod } from '../slots.ts';
import { cppo } from './cppo.ts';
import { custom } from './custom.ts';
import { farthest } from './farthest.ts';
import { gfpo, gfpoPerToken } from './gfpo.ts';
import { pods } from './pods.ts';
import { power } from './power.ts';
import { all, bestOfN, bestRandom, bestWorst, randomTwo, worstRandom } from './rank.ts';
import { negatives, positives, weightedNegatives } from './sign.ts';
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
  pods,
  cppo,
  gfpo,
  gfpoPerToken,
  positives,
  negatives,
  weightedNegatives,
  farthest,
  custom,
] as const satisfies readonly FilterMethod[];

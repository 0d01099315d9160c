/** The prompt filters, in the order of the menu. The first is the neutral one. */
import type { PromptFilterMethod } from '../slots.ts';
import { difficultyBand } from './difficultyBand.ts';
import { everyPrompt } from './everyPrompt.ts';
import { passBand } from './passBand.ts';
import { varianceTopK } from './varianceTopK.ts';
import { varianceTopP } from './varianceTopP.ts';
import { zeroVariance } from './zeroVariance.ts';

export const promptFilters = [
  everyPrompt,
  zeroVariance,
  passBand,
  difficultyBand,
  varianceTopP,
  varianceTopK,
] as const satisfies readonly PromptFilterMethod[];

/** The prices of moving, in the order of the menu. The first is the neutral one. */
import type { PriceMethod } from '../../slots.ts';
import { adaptive } from './adaptive.ts';
import { fixed } from './fixed.ts';

export const prices = [fixed, adaptive] as const satisfies readonly PriceMethod[];

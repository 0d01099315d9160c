/** The orders of prompts, in the order of the menu. The first is the neutral one. */
import type { OrderMethod } from '../../slots.ts';
import { single } from './single.ts';
import { uniform } from './uniform.ts';

export const orders = [uniform, single] as const satisfies readonly OrderMethod[];

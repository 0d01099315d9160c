/** The updates, in the order of the menu. The first is the neutral one. */
import type { UpdateMethod } from '../slots.ts';
import { ppo } from './gradient/ppo.ts';

export const updates = [ppo] as const satisfies readonly UpdateMethod[];

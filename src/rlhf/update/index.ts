/** The updates, in the order of the menu. The first is the neutral one. */
import type { UpdateMethod } from '../slots.ts';
import { dapo } from './gradient/dapo.ts';
import { drGrpo } from './gradient/drGrpo.ts';
import { grpo } from './gradient/grpo.ts';
import { ppo } from './gradient/ppo.ts';
import { reinforce } from './gradient/reinforce.ts';
import { rloo } from './gradient/rloo.ts';

export const updates = [ppo, reinforce, rloo, grpo, drGrpo, dapo] as const satisfies readonly UpdateMethod[];

/** The orders of prompts, in the order of the menu. The first is the neutral one. */
import type { OrderMethod } from '../../slots.ts';
import { band } from './band.ts';
import { curriculum } from './curriculum.ts';
import { dynamic } from './dynamic.ts';
import { prePpo } from './prePpo.ts';
import { single } from './single.ts';
import { uniform } from './uniform.ts';

export const orders = [
  uniform,
  single,
  prePpo,
  curriculum,
  dynamic,
  band,
] as const satisfies readonly OrderMethod[];

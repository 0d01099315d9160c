/** The rewards, in the order of the menu. The first is the neutral one. */
import type { RewardMethod } from '../../slots.ts';
import { genrm } from './genrm.ts';
import { hybrid } from './hybrid.ts';
import { model } from './model.ts';
import { oracle } from './oracle.ts';
import { ppocoder } from './ppocoder.ts';
import { rtv } from './rtv.ts';
import { synthetic } from './synthetic.ts';

export const rewards = [
  model,
  genrm,
  hybrid,
  oracle,
  rtv,
  ppocoder,
  synthetic,
] as const satisfies readonly RewardMethod[];

/** The updates, in the order of the menu. The first is the neutral one. */
import type { UpdateMethod } from '../slots.ts';
import { frozen } from './frozen.ts';
import { dapo } from './gradient/dapo.ts';
import { drGrpo } from './gradient/drGrpo.ts';
import { grpo } from './gradient/grpo.ts';
import { ppo } from './gradient/ppo.ts';
import { reinforce } from './gradient/reinforce.ts';
import { rloo } from './gradient/rloo.ts';
import { bond } from './imitation/bond.ts';
import { imitation } from './imitation/imitation.ts';
import { jBond } from './imitation/jBond.ts';
import { kto } from './labels/kto.ts';
import { pro } from './lists/pro.ts';
import { rrhf } from './lists/rrhf.ts';
import { cdpo } from './pairs/cdpo.ts';
import { cpo } from './pairs/cpo.ts';
import { dpo } from './pairs/dpo.ts';
import { dpop } from './pairs/dpop.ts';
import { ipo } from './pairs/ipo.ts';
import { orpo } from './pairs/orpo.ts';
import { rDpo } from './pairs/rDpo.ts';
import { simpo } from './pairs/simpo.ts';
import { slic } from './pairs/slic.ts';
import { sppo } from './pairs/sppo.ts';
import { tdpo } from './pairs/tdpo.ts';

const gradients = [ppo, reinforce, rloo, grpo, drGrpo, dapo] as const;
const pairs = [dpo, cdpo, ipo, slic, simpo, orpo, cpo, dpop, rDpo, sppo, tdpo] as const;
const others = [kto, rrhf, pro, imitation, bond, jBond, frozen] as const;

export const updates = [...gradients, ...pairs, ...others] as const satisfies readonly UpdateMethod[];

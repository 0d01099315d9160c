/** The policy that distances are measured from, as it is now, and since when. */
import type { Transformer } from '../../nn/model/transformer.ts';
import type { Arm } from '../slots.ts';
import type { ArmState } from './state.ts';

/** The starting policy, until the chosen method moves the reference. */
export const referenceOf = (arm: Pick<Arm, 'reference'>, state: ArmState): Transformer =>
  state.reference ?? arm.reference;

/** The last iteration before `iteration` after which the reference moved; 0 while it is the starting policy. */
export function referenceSince({ methods, settings }: Arm, iteration: number): number {
  for (let at = iteration - 1; at > 0; at--) {
    if (methods.reference.share(at, settings.reference as never) > 0) return at;
  }
  return 0;
}

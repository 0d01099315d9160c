/** What methods remember from one iteration to the next, and what the reference becomes. */
import { tf } from '../../nn/tensors/tf.ts';
import { type Slot, slotNames } from '../catalogue/settings.ts';
import type { Arm, Remembers, Seen } from '../slots.ts';
import { addCosts, type Costs } from './costs.ts';
import type { ArmState } from './state.ts';

/** The chosen methods that remember something, by slot. */
function remembering({ methods }: Arm): [Slot, NonNullable<Remembers['memory']>][] {
  return slotNames.flatMap((slot) => {
    const { memory } = methods[slot] as Remembers;
    return memory ? [[slot, memory] as [Slot, typeof memory]] : [];
  });
}

/** Begins what has not begun: before the first iteration, everything. What it cost is added to the costs. */
export async function beginMemory(arm: Arm, state: ArmState): Promise<void> {
  for (const [slot, memory] of remembering(arm)) {
    if (state.memory[slot]) continue;
    const begun = await memory.start(arm, arm.settings[slot] as never);
    state.memory = { ...state.memory, [slot]: begun.memory };
    if (begun.costs) state.costs = addCosts(state.costs, begun.costs);
  }
}

export function nextMemory(arm: Arm, before: ArmState['memory'], seen: Seen): ArmState['memory'] {
  const after = remembering(arm).map(([slot, memory]) => [
    slot,
    memory.next(before[slot], seen, arm.settings[slot] as never),
  ]);
  return Object.fromEntries(after);
}

/** Moves the reference towards the policy, as far as the chosen method says after this iteration. */
export function moveReference(arm: Arm, state: ArmState, iteration: number): void {
  const share = arm.methods.reference.share(iteration, arm.settings.reference as never);
  if (share === 0) return;
  state.reference ??= arm.reference.clone();
  const policy = state.networks.policy.model.params;
  for (const [name, variable] of Object.entries(state.reference.params)) {
    tf.tidy(() => {
      const way = tf.mul(tf.sub(policy[name], variable), share);
      // A copy is exact: no rounding of a sum stands between it and the policy.
      variable.assign(share === 1 ? tf.add(policy[name], 0) : tf.add(variable, way));
    });
  }
}

/** What the settings never spend is absent from what an arm reports, not zero. */
export function reportedCosts({ methods }: Arm, { networks, costs }: ArmState): Partial<Costs> {
  const { priced, compares } = methods.update;
  const { criticPasses, referencePasses, ...always } = costs;
  return {
    ...always,
    ...('critic' in networks ? { criticPasses } : {}),
    ...(priced || compares || methods.decode.byReference ? { referencePasses } : {}),
  };
}

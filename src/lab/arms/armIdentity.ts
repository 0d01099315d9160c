/** Which arm is which: what a page asks for, filled in so that arms can be told apart by name and colour. */
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import { nameArm } from '../settings/naming.ts';
import { type Arm, mostArms } from '../state/arm.ts';

export type ArmIdentity = Pick<Arm, 'id' | 'name' | 'color' | 'settings' | 'seed'>;

/** An arm to be: without a name it gets one from its settings. */
export interface ArmSpec {
  name?: string;
  settings: ArmSettings;
}

/** A page to be. */
export interface PageSpec {
  preset: string;
  seed: number;
  arms: readonly ArmSpec[];
}

export class ArmIdentities {
  #next = 1;

  /** Fills in what a new arm needs beside the others: an id, a distinct name, a free colour. */
  one(
    spec: ArmSpec,
    seed: number,
    others: readonly Pick<ArmIdentity, 'name' | 'settings' | 'color'>[],
  ): ArmIdentity {
    const taken = new Set(others.map((arm) => arm.color));
    const name = spec.name !== undefined && !others.some((arm) => arm.name === spec.name) ? spec.name : null;
    return {
      id: `arm-${this.#next++}`,
      name: name ?? nameArm(spec.settings, others),
      color: [...Array(mostArms).keys()].find((color) => !taken.has(color)) ?? 0,
      settings: spec.settings,
      seed,
    };
  }

  all({ arms, seed }: PageSpec): ArmIdentity[] {
    const identities: ArmIdentity[] = [];
    for (const spec of arms) identities.push(this.one(spec, seed, identities));
    return identities;
  }
}

/** The identity alone of something that knows more. */
export const identityOf = ({ id, name, color, settings, seed }: ArmIdentity): ArmIdentity => ({
  id,
  name,
  color,
  settings,
  seed,
});

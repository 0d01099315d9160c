/** Where an arm is, in a few words. */
import { percent } from '../../core/numberText.ts';
import type { Arm } from '../../lab/state/arm.ts';

export function describeArm(arm: Arm): string {
  const pass = arm.evaluations.at(-1)?.metrics.heldPass;
  const solved = pass === undefined ? '' : ` · held-out pass ${percent(pass, 1)}`;
  switch (arm.state) {
    case 'loading':
      return 'loading models';
    case 'ready':
      return pass === undefined ? 'ready' : `ready${solved}`;
    case 'running':
      return arm.recorded
        ? `recorded${solved}`
        : arm.iteration === 0
          ? `first look${solved}`
          : `iteration ${arm.iteration}${solved}`;
    case 'paused':
      return arm.station ? `paused at ${arm.station}${solved}` : `paused${solved}`;
    case 'finished':
      return arm.recorded ? `recorded${solved}` : `done${solved}`;
    case 'failed':
      return 'stopped by an error';
    default:
      arm.state satisfies never;
      return '';
  }
}

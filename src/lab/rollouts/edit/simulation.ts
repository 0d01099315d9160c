/**
 * A rollout file's reward, tried in the lab: arms whose synthetic reward is distributed over passes and fails as the
 * file's is. A simulation: the policy, the problems and the share of passes are the lab's.
 */
import type { FittedReliability } from '../../../core/analysis/fitReliability.ts';
import { short } from '../../../core/numberText.ts';
import { chosen, defaultSettings, withValue } from '../../../rlhf/catalogue/catalogue.ts';
import type { KnobValue } from '../../../rlhf/catalogue/knobs.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { PresetArm } from '../../settings/presets.ts';
import { clampForArm, type EditedFilter, functionOf, labelOf, withFilter } from './filterEdit.ts';

/** What decides of rewards that say nothing of the truth. A file cannot tell. */
export type ErrorKind = 'program' | 'fresh' | 'systematic';

/** PPO-M, the chosen filter and the control of its budget, under a reward that is as reliable as the file's. */
export function simulatedArms(fit: FittedReliability, edit: EditedFilter, errors: ErrorKind): PresetArm[] {
  const { edit: own } = clampForArm(rescaled(edit, fit));
  const base = withReward(defaultSettings(), fit, errors);
  const settings = { ...base, training: { ...base.training, responses: own.responses } };
  const withMethod = (method: string): ArmSettings => ({ ...settings, filter: chosen('filter', method) });
  const arms = [
    { name: 'PPO-M', settings: withMethod('ppo-m') },
    { name: labelOf(own), settings: withFilter(settings, own) },
    { name: 'Rand2', settings: withMethod('rand2') },
  ];
  return arms
    .filter(({ name }, i) => arms.findIndex((other) => other.name === name) === i)
    .map((arm) => ({ ...arm, name: `${arm.name}, simulated` }));
}

/** Why a filter cannot be tried; null where it can. */
export const cannotBeTried = (edit: EditedFilter): string | null =>
  functionOf(edit).trim() === ''
    ? null
    : 'A filter function is written for the rewards of the file, which have another scale here. Rebuild it from weights or thresholds.';

function withReward(settings: ArmSettings, fit: FittedReliability, errors: ErrorKind): ArmSettings {
  const values: Record<string, KnobValue> = {
    // Cut, not rounded, so that the shares never add up to more than all.
    syntheticNoise: fit.noise.map((share) => Math.floor(share * 1e4) / 1e4),
    syntheticPass: weights(fit.pass),
    syntheticFail: weights(fit.fail),
    syntheticErrors: errors,
  };
  return Object.entries(values).reduce(
    (changed, [name, value]) => withValue(changed, `reward.${name}`, value),
    withValue(settings, 'reward', 'synthetic'),
  );
}

/** Where nothing is left, what stands here is never asked. */
const weights = (shares: readonly number[]): number[] =>
  shares.some((share) => share >= 5e-5)
    ? shares.map((share) => Math.round(share * 1e4) / 1e4)
    : shares.map(() => 1);

/** Thresholds on the file's scale, as they lie in [−1, 1]. */
function rescaled(edit: EditedFilter, { low, high }: FittedReliability): EditedFilter {
  const place = (value: KnobValue) =>
    Math.round((-1 + (2 * ((value as number) - low)) / (high - low)) * 1000) / 1000;
  const { thresholdHigh, thresholdLow } = edit.knobs;
  return {
    ...edit,
    knobs: { ...edit.knobs, thresholdHigh: place(thresholdHigh), thresholdLow: place(thresholdLow) },
  };
}

/** What a simulation takes over from the file, and what it does not. */
export function assumptions({ low, high, known, passing }: FittedReliability): string {
  const range = `${short(low, 3)} to ${short(high, 3)}`;
  return (
    `A simulation. Taken from the file: how its reward, from ${range} stretched to −1 to 1, lies over ${known.toLocaleString('en-GB')} responses that pass ` +
    `(${Math.round((100 * passing) / known)} %) or fail, and the size of a group. Not taken from it: the policy, the problems and the share of passes, which ` +
    'are the lab’s, so a band’s pass rate is the file’s only where the lab’s policy passes as often, and with a systematic error only about. A pass is a score of 1. What decides of the rewards that say nothing of the truth no file can tell: choose it.'
  );
}

/** Which knobs have an effect with the others as they are; the form shows only those. */
import type { ArmSettings } from '../../lab/settings/settings.ts';

const rankMethods: readonly ArmSettings['method'][] = ['br', 'bw', 'wr', 'rand2'];

/** A knob that is not named here always has an effect. */
const rules: Partial<Record<keyof ArmSettings, (settings: ArmSettings) => boolean>> = {
  sampler: ({ method }) => method !== 'ppo-m' && method !== 'ppo-s',
  keep: (settings) =>
    rankMethods.includes(settings.method) ||
    (settings.method === 'custom' && settings.customFilter.trim() === ''),
  rankWeights: ({ method, customFilter }) => method === 'custom' && customFilter.trim() === '',
  customFilter: ({ method }) => method === 'custom',
  thresholdHigh: ({ method }) => method.startsWith('top'),
  thresholdLow: ({ method }) => method === 'top-bott',
  randomShare: ({ method }) => method === 'top-rand',
  powerExponent: ({ method }) => method === 'pow',
  rewardModel: ({ rewardSource }) => rewardSource === 'model',
  syntheticNoise: ({ rewardSource }) => rewardSource === 'synthetic',
  syntheticFresh: ({ rewardSource }) => rewardSource === 'synthetic',
};

export const relevant = (key: keyof ArmSettings, settings: ArmSettings): boolean =>
  rules[key]?.(settings) ?? true;

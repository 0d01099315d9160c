import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { upgradeSettings } from './legacySettings.ts';
import { flat } from './testing/flatSettings.ts';
import { checkWhole } from './validate.ts';

/** Another value than the usual one for every knob of before. */
const moved = {
  ...flat,
  sampler: 'draw',
  responses: 7,
  keep: 3,
  rankWeights: [1, 0.5],
  thresholdHigh: 0.4,
  thresholdLow: -0.3,
  randomShare: 0.25,
  powerExponent: 3,
  customFilter: 'function filter() {}',
  rewardModel: 'weak',
  syntheticNoise: [0.1, 0.2],
  syntheticFresh: true,
  iterations: 9,
  prompts: 12,
  pool: 100,
  beta: 0.05,
  actorLearningRate: 5e-4,
  criticLearningRate: 2e-3,
  clip: 0.1,
  valueClip: 0.3,
  gamma: 0.9,
  lambda: 0.8,
  epochs: 2,
  minibatches: 3,
  accounting: 'paper',
  temperature: 0.7,
  topP: 0.9,
  evaluateEvery: 2,
  evaluationSamples: 1,
  naiveJudge: true,
};
const shared = {
  responses: 7,
  iterations: 9,
  prompts: 12,
  pool: 100,
  beta: 0.05,
  learningRate: 5e-4,
  criticLearningRate: 2e-3,
  clip: 0.1,
  valueClip: 0.3,
  gamma: 0.9,
  lambda: 0.8,
  epochs: 2,
  minibatches: 3,
  accounting: 'paper',
  temperature: 0.7,
  topP: 0.9,
  evaluateEvery: 2,
  evaluationSamples: 1,
  naiveJudge: true,
};
const ofFilter: Record<string, object> = {
  'ppo-m': {},
  'ppo-s': {},
  bon: {},
  br: { keep: 3 },
  bw: { keep: 3 },
  wr: { keep: 3 },
  rand2: { keep: 3 },
  top: { thresholdHigh: 0.4 },
  'top-rand': { thresholdHigh: 0.4, randomShare: 0.25 },
  'top-bott': { thresholdHigh: 0.4, thresholdLow: -0.3 },
  pow: { powerExponent: 3 },
  custom: { keep: 3, rankWeights: [1, 0.5], customFilter: 'function filter() {}' },
};
const ofReward: Record<string, object> = {
  model: { rewardModel: 'weak' },
  oracle: {},
  synthetic: { syntheticNoise: [0.1, 0.2], syntheticErrors: 'fresh' },
};
const table = Object.keys(ofFilter).flatMap((method) =>
  Object.keys(ofReward).map((reward) => ({ method, reward })),
);

describe('settings of before', () => {
  it('that nobody touched are those that nobody touches now', () => {
    expect(upgradeSettings(flat)).toEqual(defaultSettings());
    const { naiveJudge: _, ...first } = flat;
    expect(upgradeSettings(first)).toEqual(defaultSettings());
  });

  it.each(table)('$method under $reward mean the same', ({ method, reward }) => {
    const upgraded = upgradeSettings({ ...moved, method, rewardSource: reward });
    expect(upgraded).toEqual(
      settingsWith({ method, reward, sampler: 'draw', ...shared, ...ofFilter[method], ...ofReward[reward] }),
    );
    expect(checkWhole(upgraded)).toEqual([]);
    expect(upgradeSettings(structuredClone(upgraded) as never)).toEqual(upgraded);
  });

  it('of slots whose knob had another name mean the same', () => {
    const stored = (syntheticFresh: boolean) => ({
      ...defaultSettings(),
      reward: { method: 'synthetic', syntheticNoise: [0.1, 0.2], syntheticFresh },
    });
    for (const [fresh, syntheticErrors] of [
      [true, 'fresh'],
      [false, 'program'],
    ] as const) {
      expect(upgradeSettings(stored(fresh))).toEqual(
        settingsWith({ reward: 'synthetic', syntheticNoise: [0.1, 0.2], syntheticErrors }),
      );
    }
  });

  it('that lack something, or name what there is not, are refused by name', () => {
    const { beta: _, ...without } = flat;
    expect(() => upgradeSettings(without)).toThrow('the setting "beta" is missing');
    expect(() => upgradeSettings({ ...flat, method: 'best' })).toThrow('no filter called "best"');
    expect(() => upgradeSettings({ ...flat, rewardSource: 'luck' })).toThrow('no reward called "luck"');
    const { price: __, ...unpriced } = defaultSettings();
    const { promptFilter, ...before } = structuredClone(defaultSettings());
    expect(promptFilter.method).toBe('every-prompt');
    expect(upgradeSettings(before)).toEqual(defaultSettings());
    expect(() => upgradeSettings(unpriced)).toThrow('the choice of price is missing');
    expect(() => upgradeSettings({ ...defaultSettings(), update: { method: 'bw' } })).toThrow(
      'no update called "bw"',
    );
  });
});

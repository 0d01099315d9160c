import { expect, it } from 'vitest';
import { type ArmSettings, defaultSettings, knobKeys, knobs } from '../../lab/settings/settings.ts';
import { relevant } from './relevant.ts';

const shown = (change: Partial<ArmSettings>, group: string) =>
  knobKeys.filter((key) => knobs[key].group === group && relevant(key, { ...defaultSettings(), ...change }));

it('shows the knobs that a filter has, and no others', () => {
  expect(shown({ method: 'ppo-m' }, 'filter')).toEqual(['method', 'responses']);
  expect(shown({ method: 'bw' }, 'filter')).toEqual(['method', 'sampler', 'responses', 'keep']);
  expect(shown({ method: 'top-bott' }, 'filter')).toContain('thresholdLow');
  expect(shown({ method: 'top' }, 'filter')).not.toContain('thresholdLow');
  expect(shown({ method: 'custom' }, 'filter')).toEqual([
    'method',
    'sampler',
    'responses',
    'keep',
    'rankWeights',
    'customFilter',
  ]);
  expect(shown({ method: 'custom', customFilter: 'x' }, 'filter')).not.toContain('rankWeights');
});

it('shows the knobs that a reward source has', () => {
  expect(shown({ rewardSource: 'model' }, 'reward')).toEqual(['rewardSource', 'rewardModel']);
  expect(shown({ rewardSource: 'synthetic' }, 'reward')).toEqual([
    'rewardSource',
    'syntheticNoise',
    'syntheticFresh',
  ]);
  expect(shown({ rewardSource: 'oracle' }, 'reward')).toEqual(['rewardSource']);
});

it('never hides how the loop runs', () => {
  expect(shown({ method: 'pow', rewardSource: 'oracle' }, 'ppo')).toEqual(
    knobKeys.filter((key) => knobs[key].group === 'ppo'),
  );
});

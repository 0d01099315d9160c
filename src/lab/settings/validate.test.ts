import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allMethods, defaultSettings, knobsOf, valueAt } from '../../rlhf/catalogue/catalogue.ts';
import { knownNames, settingsWith } from '../../rlhf/catalogue/paths.ts';
import { rewards } from '../../rlhf/score/reward/index.ts';
import { changesFromText, knobToText } from './knobText.ts';
import { anySettings } from './testing/anySettings.ts';
import { checkSettings, checkWhole, validateSettings } from './validate.ts';

const message = (changes: object) => checkSettings(changes, defaultSettings()).map((issue) => issue.message);
const validated = (changes: object) => validateSettings(changes, defaultSettings());

describe('checkSettings', () => {
  it('accepts the defaults, and nothing at all', () => {
    expect(checkWhole(defaultSettings())).toEqual([]);
    expect(message({})).toEqual([]);
  });

  it('names the field and what is allowed', () => {
    expect(message({ beta: 9 })).toEqual(['beta must be a number from 0 to 5, and is 9.']);
    expect(message({ 'price.beta': 9 })).toEqual(['price.beta must be a number from 0 to 5, and is 9.']);
    expect(message({ responses: 2.5 })).toEqual([
      'responses must be a whole number from 1 to 16, and is 2.5.',
    ]);
    expect(message({ sampler: 'all' })).toEqual([
      'sampler must be one of keep, draw, resample, verl, and is "all".',
    ]);
    expect(message({ naiveJudge: 1 })).toEqual(['naiveJudge must be true or false, and is 1.']);
    expect(message({ method: 'custom', rankWeights: [2] })).toEqual([
      'rankWeights must be a list of 1 to 16 numbers from 0 to 1, and is 2.',
    ]);
    expect(message({ method: 'custom', rankWeights: [] })[0]).toContain('a list of 1 to 16 numbers');
    expect(message({ beta: Number.NaN })).toEqual(['beta must be a number from 0 to 5, and is NaN.']);
    expect(message({ beta: null })).toEqual(['beta must be a number from 0 to 5, and is null.']);
  });

  it('names the methods of a slot, and of all slots', () => {
    expect(message({ reward: 'orakle' })).toEqual([
      `reward must be one of ${rewards.map(({ id }) => id).join(', ')}, and is "orakle".`,
    ]);
    expect(message({ filter: 'ppo' })[0]).toContain('filter must be one of ppo-m, bon');
    expect(message({ method: 'rand3' })).toEqual(['There is no method "rand3"; did you mean rand2?']);
    expect(message({ method: 7 })).toEqual(['method must be a method, and is 7.']);
  });

  it('hints at the knob that was meant', () => {
    expect(message({ bta: 1 })).toEqual(['There is no setting "bta"; did you mean beta?']);
    expect(message({ zzzzzz: 1 })[0]).toContain('there are method, order');
    expect(message({ __proto__x: 1, constructor: 2 })).toHaveLength(2);
  });

  it('gives no arm a store of another size than its policy', () => {
    for (const size of ['width', 'layers', 'heads']) {
      expect(message({ decode: 'stored', [size]: 64 })).toEqual([
        expect.stringMatching(
          `^${size} is no setting of an arm: .*writes its store\\. Train or import .* leave ${size} out`,
        ),
      ]);
    }
  });

  it('refuses combinations that cannot work', () => {
    expect(message({ keep: 6 })).toEqual(['keep must not exceed responses (5), and is 6.']);
    expect(message({ method: 'top-bott', thresholdLow: 0.7 })[0]).toContain('thresholdHigh (0.5)');
    for (const update of ['rloo', 'grpo', 'dr-grpo', 'dapo']) {
      expect(message({ method: 'ppo-m', update, responses: 1 })[0]).toMatch(
        /^responses must be 2 or more where .*, and is 1\.$/,
      );
      expect(message({ method: 'ppo-s', update })[0]).toMatch(/^order must not be ppo-s where /);
    }
    expect(message({ method: 'ppo-s+reinforce', responses: 1 })).toEqual([]);
    expect(message({ method: 'custom', rankWeights: [0, 0] })[0]).toContain('a number above 0');
    expect(message({ reward: 'synthetic', syntheticNoise: [0.9, 0.9] })[0]).toContain('1.8');
  });
});

describe('validateSettings', () => {
  it('gives an update that compares responses several of them', () => {
    const { settings, issues } = validated({ method: 'ppo-s+grpo', responses: 1 });
    expect(settings.order.method).toBe('uniform');
    expect(settings.training.responses).toBe(5);
    expect(issues.map(({ field }) => field)).toEqual(['responses', 'order']);
    expect(issues.at(-1)!.message).toContain('It is set to "uniform".');
  });

  it('moves values into range, keeps the rest, and says so', () => {
    const { settings, issues } = validated({ beta: 9, prompts: 12, responses: 3.4, method: 'best' });
    expect(settings).toEqual(settingsWith({ beta: 5, prompts: 12, responses: 3 }));
    expect(issues.map((issue) => issue.field)).toEqual(['method', 'beta', 'responses']);
    expect(issues[1].message).toBe('beta must be a number from 0 to 5, and is 9. It is set to 5.');
  });

  it('repairs combinations', () => {
    const { settings, issues } = validated({ responses: 1 });
    expect(settings.filter.keep).toBe(1);
    expect(issues).toEqual([
      { field: 'keep', message: 'keep must not exceed responses (1), and is 2. It is set to 1.' },
    ]);
  });

  it('always gives settings that pass the strict check, whatever it is given', () => {
    const ids = allMethods.map(({ method }) => method.id);
    const value = fc.oneof(fc.anything(), fc.constantFrom(...ids), fc.double(), fc.array(fc.double()));
    const junk = fc.dictionary(fc.constantFrom(...knownNames(), 'price.beta', 'other'), value, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(anySettings, junk, (base, changes) => {
        const { settings } = validateSettings(changes, base);
        expect(checkWhole(settings)).toEqual([]);
        expect(validateSettings({}, settings)).toEqual({ settings, issues: [] });
      }),
    );
  });

  it('does not share lists with what it was given', () => {
    const rankWeights = [1, 0];
    const { settings } = validated({ method: 'custom', rankWeights });
    rankWeights.push(1);
    expect(settings.filter.rankWeights).toEqual([1, 0]);
  });
});

describe('knobs as text', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        for (const path of knobsOf(settings).keys()) {
          const value = valueAt(settings, path)!;
          expect(changesFromText({ [path]: knobToText(value) })).toEqual({ [path]: value });
        }
      }),
    );
  });

  it('stay text when they cannot be read, so that the check can name them', () => {
    expect(changesFromText({ beta: 'much' })).toEqual({ beta: 'much' });
    expect(changesFromText({ beta: '' })).toEqual({ beta: '' });
    expect(changesFromText({ rankWeights: '1,x' })).toEqual({ rankWeights: '1,x' });
    expect(changesFromText({ naiveJudge: 'yes', reward: 'oracle' })).toEqual({
      naiveJudge: 'yes',
      reward: 'oracle',
    });
  });

  it('of a knob that had another name mean what they meant', () => {
    expect(changesFromText({ syntheticFresh: 'true' })).toEqual({ syntheticErrors: 'fresh' });
    expect(changesFromText({ 'reward.syntheticFresh': '0' })).toEqual({
      'reward.syntheticErrors': 'program',
    });
  });
});

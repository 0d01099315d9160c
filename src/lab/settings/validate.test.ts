import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArmSettings, defaultSettings, knobKeys, knobs } from './settings.ts';
import { checkSettings, knobFromText, knobToText, validateSettings } from './validate.ts';

const message = (partial: object) => checkSettings(partial).map((issue) => issue.message);

/** Any allowed value of any knob. */
const knobValue = (key: keyof ArmSettings): fc.Arbitrary<unknown> => {
  const knob = knobs[key];
  switch (knob.kind) {
    case 'number':
      return fc.double({ min: knob.min, max: knob.max, noNaN: true });
    case 'integer':
      return fc.integer({ min: knob.min, max: knob.max });
    case 'choice':
      return fc.constantFrom(...knob.options.map((option) => option.value));
    case 'toggle':
      return fc.boolean();
    case 'numbers':
      return fc.array(fc.double({ min: knob.min, max: knob.max, noNaN: true }), {
        minLength: 1,
        maxLength: knob.maxCount,
      });
    case 'code':
      return fc.string({ maxLength: knob.maxLength });
    default:
      knob satisfies never;
      throw new Error('unknown kind');
  }
};
const anyPartial = fc.record(Object.fromEntries(knobKeys.map((key) => [key, knobValue(key)])), {
  requiredKeys: [],
});

describe('checkSettings', () => {
  it('accepts the defaults, and nothing at all', () => {
    expect(checkSettings(defaultSettings())).toEqual([]);
    expect(checkSettings({})).toEqual([]);
  });

  it('names the field and what is allowed', () => {
    expect(message({ beta: 9 })).toEqual(['beta must be a number from 0 to 5, and is 9.']);
    expect(message({ responses: 2.5 })).toEqual([
      'responses must be a whole number from 1 to 16, and is 2.5.',
    ]);
    expect(message({ sampler: 'all' })).toEqual([
      'sampler must be one of keep, draw, resample, verl, and is "all".',
    ]);
    expect(message({ syntheticFresh: 1 })).toEqual(['syntheticFresh must be true or false, and is 1.']);
    expect(message({ rankWeights: [2] })).toEqual([
      'rankWeights must be a list of 1 to 16 numbers from 0 to 1, and is 2.',
    ]);
    expect(message({ rankWeights: [] })[0]).toContain('a list of 1 to 16 numbers');
    expect(message({ beta: Number.NaN })).toEqual(['beta must be a number from 0 to 5, and is NaN.']);
    expect(message({ beta: null })).toEqual(['beta must be a number from 0 to 5, and is null.']);
  });

  it('hints at the knob that was meant', () => {
    expect(message({ bta: 1 })).toEqual(['There is no setting "bta"; did you mean beta?']);
    expect(message({ zzzzzz: 1 })[0]).toContain('there are method, sampler');
    expect(message({ __proto__x: 1, constructor: 2 })).toHaveLength(2);
  });

  it('refuses combinations that cannot work', () => {
    expect(message({ keep: 6 })).toEqual(['keep must not exceed responses (5), and is 6.']);
    expect(message({ method: 'top-bott', thresholdLow: 0.7 })[0]).toContain('thresholdHigh (0.5)');
    expect(message({ method: 'custom', rankWeights: [0, 0] })[0]).toContain('a number above 0');
    expect(message({ rewardSource: 'synthetic', syntheticNoise: [0.9, 0.9] })[0]).toContain('1.8');
  });
});

describe('validateSettings', () => {
  it('moves values into range, keeps the rest, and says so', () => {
    const { settings, issues } = validateSettings({ beta: 9, prompts: 12, responses: 3.4, method: 'best' });
    expect(settings).toEqual({ ...defaultSettings(), beta: 5, prompts: 12, responses: 3 });
    expect(issues.map((issue) => issue.field)).toEqual(['beta', 'responses', 'method']);
    expect(issues[0].message).toBe('beta must be a number from 0 to 5, and is 9. It is set to 5.');
    expect(issues[2].message).toMatch(/It is set to "bw"\.$/);
  });

  it('repairs combinations', () => {
    const { settings, issues } = validateSettings({ responses: 1 });
    expect(settings.keep).toBe(1);
    expect(issues).toEqual([
      { field: 'keep', message: 'keep must not exceed responses (1), and is 2. It is set to 1.' },
    ]);
  });

  it('always gives settings that pass the strict check, whatever it is given', () => {
    const junk = fc.dictionary(fc.constantFrom(...knobKeys, 'other'), fc.anything(), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.oneof(anyPartial, junk), (partial) => {
        const { settings } = validateSettings(partial);
        expect(checkSettings(settings)).toEqual([]);
        expect(validateSettings(settings)).toEqual({ settings, issues: [] });
      }),
    );
  });

  it('does not share lists with what it was given', () => {
    const rankWeights = [1, 0];
    const { settings } = validateSettings({ rankWeights });
    settings.rankWeights.push(1);
    expect(rankWeights).toEqual([1, 0]);
  });
});

describe('knobs as text', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(anyPartial, (partial) => {
        for (const [key, value] of Object.entries(partial) as [keyof ArmSettings, never][]) {
          const back = knobFromText(key, knobToText(key, value));
          expect(JSON.stringify(back)).toBe(JSON.stringify(value));
        }
      }),
    );
  });

  it('stay text when they cannot be read, so that the check can name them', () => {
    expect(knobFromText('beta', 'much')).toBe('much');
    expect(knobFromText('beta', '')).toBe('');
    expect(knobFromText('rankWeights', '1,x')).toBe('1,x');
    expect(knobFromText('syntheticFresh', 'yes')).toBe('yes');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameArm } from './naming.ts';
import { presets } from './presets.ts';
import { type ArmSettings, defaultSettings, knobKeys, knobs, methods } from './settings.ts';
import { type Arm, initialState, type LabState, newArm } from './store.ts';
import { decodeLink, encodeLink } from './url.ts';

/** The state that a link describes, as far as links go. */
function stateOf({ link }: ReturnType<typeof decodeLink>): LabState {
  const arms: Arm[] = [];
  for (const [index, spec] of link.arms.entries()) {
    const name = spec.name ?? nameArm(spec.settings, arms);
    arms.push(newArm({ id: `arm-${index}`, name, color: index, settings: spec.settings, seed: link.seed }));
  }
  return {
    ...initialState,
    preset: link.preset,
    seed: link.seed,
    arms,
    activeArm: `arm-${link.active}`,
    xAxis: link.xAxis,
    pace: link.pace,
    cursor: link.cursor,
    panels: link.panels,
    backendChoice: link.engine,
    guide: link.guide,
  };
}

const anyValue = (key: keyof ArmSettings): fc.Arbitrary<unknown> => {
  const knob = knobs[key];
  switch (knob.kind) {
    case 'number':
      // No address can tell -0 from 0.
      return fc.double({ min: knob.min, max: knob.max, noNaN: true }).map((value) => value + 0);
    case 'integer':
      return fc.integer({ min: knob.min, max: knob.max });
    case 'choice':
      return fc.constantFrom(...knob.options.map((option) => option.value));
    case 'toggle':
      return fc.boolean();
    case 'numbers':
      return fc.array(fc.double({ min: 0.01, max: 0.1, noNaN: true }), { minLength: 1, maxLength: 8 });
    case 'code':
      return fc.string({ unit: 'grapheme', maxLength: 400 });
  }
};

const settingsArb = fc
  .record(Object.fromEntries(knobKeys.map((key) => [key, anyValue(key)])))
  .map((settings) => ({ ...defaultSettings(), ...settings, keep: 1, thresholdLow: -1 }) as ArmSettings);

describe('links to lessons and demos', () => {
  it('opens a lesson at a step, counted from one, and keeps within it', () => {
    const { link, changes } = decodeLink('lesson=hacking&step=3');
    expect(link.guide).toEqual({ view: 'lesson', id: 'hacking', step: 2, arrange: true });
    expect(changes).toEqual([]);
    expect(decodeLink('lesson=hacking&step=99').link.guide).toMatchObject({ step: 5 });
    expect(decodeLink('guide=glossary').link.guide).toEqual({ view: 'glossary' });
    expect(decodeLink('').link.guide).toBeNull();
  });

  it('leaves a page that the link describes as the link has it', () => {
    expect(decodeLink('lesson=hacking&seed=4').link.guide).toMatchObject({ arrange: false });
  });

  it('names a lesson that does not exist', () => {
    expect(decodeLink('lesson=none').changes.join()).toContain('lesson');
  });

  it('opens a demo, with or without pauses', () => {
    expect(decodeLink('demo=healthy').link.demo).toEqual({ id: 'healthy', hurry: false });
    expect(decodeLink('?demo=healthy&hurry=1').link.demo).toEqual({ id: 'healthy', hurry: true });
  });
});

describe('links', () => {
  it('says nothing about the page as it opens', () => {
    expect(encodeLink(stateOf(decodeLink('')))).toBe('');
    expect(decodeLink('').changes).toEqual([]);
  });

  it('brings back what it was made from, for every preset and any settings', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...presets.map((preset) => preset.id)),
        fc.array(settingsArb, { minLength: 1, maxLength: 8 }),
        fc.nat(2 ** 32 - 1),
        (preset, settings, seed) => {
          const arms = settings.map((each, index) =>
            newArm({ id: `arm-${index}`, name: `arm ${index}, é & #`, color: index, settings: each, seed }),
          );
          const state = { ...initialState, preset, seed, arms, activeArm: 'arm-0' };
          const { link, changes } = decodeLink(`#${encodeLink(state)}`);
          expect(changes).toEqual([]);
          expect(link.preset).toBe(preset);
          expect(link.seed).toBe(seed);
          expect(link.arms.map((arm) => arm.settings)).toEqual(settings);
          expect(link.arms.map((arm) => arm.name)).toEqual(arms.map((arm) => arm.name));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the moment, the axis, the pace, the engine and the open panels', () => {
    const text =
      'preset=reward-hacking&active=2&x=updateTokens&pace=slow&at=12&engine=simd&open=training,finding';
    const { link, changes } = decodeLink(text);
    expect(changes).toEqual([]);
    expect(encodeLink(stateOf({ link, changes }))).toBe(text);
  });

  it('writes a small change small', () => {
    const { link } = decodeLink('2.beta=0.1');
    expect(link.arms[1].settings.beta).toBe(0.1);
    expect(link.arms[0].settings.beta).toBe(presets[0].arms[0].settings.beta);
  });

  it.each([
    ['preset=helthy', /preset must be one of/],
    ['seed=-4', /seed must be a whole number from 0/],
    ['seed=abc', /seed must be a whole number/],
    ['1.beta=2000', /beta must be a number from 0 to 5, and is 2000\. It is set to 5/],
    ['1.beta=much', /beta must be a number/],
    ['1.bta=1', /did you mean beta/],
    ['arms=ppo-m,magic', /"magic" was ignored/],
    ['arms=', /names nothing/],
    [`arms=${Array(12).fill('bw').join()}`, /12 arms; the first 8/],
    ['1.customFilter=z:%%%', /damaged/],
    ['9.beta=1', /"9\.beta" means nothing/],
    ['utm_source=mail', /"utm_source" means nothing/],
    ['x=time', /x must be one of/],
    ['at=1e9', /at must be a whole number from 1 to 1000/],
  ])('opens %s and says what it changed', (text, message) => {
    const { link, changes } = decodeLink(text);
    expect(changes.join('\n')).toMatch(message);
    expect(link.arms.length).toBeGreaterThan(0);
    for (const arm of link.arms) expect(methods).toContain(arm.settings.method);
  });

  it('opens any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(decodeLink(text).link.arms.length).toBeGreaterThan(0);
      }),
    );
  });

  it('refuses a packed text that grows without bound', () => {
    const settings = { ...defaultSettings(), customFilter: 'a'.repeat(200_000) };
    const arms = [newArm({ id: 'a', name: 'x', color: 0, settings, seed: 1 })];
    const { link, changes } = decodeLink(encodeLink({ ...initialState, arms, activeArm: 'a' }));
    expect(changes.join()).toMatch(/customFilter/);
    expect(link.arms[0].settings.customFilter.length).toBeLessThanOrEqual(8192);
  });
});

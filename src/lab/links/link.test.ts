import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { parseSpec, type SpecError } from '../settings/experimentSpec.ts';
import { nameArm } from '../settings/naming.ts';
import { presets } from '../settings/presets.ts';
import { anySettings } from '../settings/testing/anySettings.ts';
import { checkWhole } from '../settings/validate.ts';
import { type Arm, newArm } from '../state/arm.ts';
import { initialState, type LabState } from '../state/store.ts';
import { filterExamples } from '../trainer/arm/customFilter.ts';
import { decodeLink, encodeLink } from './link.ts';
import { pack, unpack } from './linkText.ts';

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
    selection: link.program && {
      armId: `arm-${link.program.arm}`,
      iteration: link.program.iteration,
      row: link.program.row,
    },
    teaching: link.teaching,
  };
}

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

it.each([
  [{ update: 'kto', filter: 'positives' }, 'filter', /filter must not be positives .* It is set to "bw"\.$/],
  [{ update: 'dpo', responses: 1 }, 'responses', /responses must be 2 or more .* It is set to 5\.$/],
  [{ decode: 'stored', width: 64 }, 'width', /width is no setting of an arm: .* leave width out\.$/],
])('a spec refuses %j and names the field; a link says what it repaired', (together, field, message) => {
  const faults = (() => {
    try {
      parseSpec({ arms: [{ method: 'ppo-m', ...together }] });
    } catch (thrown) {
      return (thrown as SpecError).issues.map((issue) => issue.field);
    }
  })();
  expect(faults).toContain(`arms[0].${field}`);
  const text = Object.entries(together).map(([name, value]) => `1.${name}=${value}`);
  const { link, changes } = decodeLink(`arms=ppo-m&${text.join('&')}`);
  expect(changes.some((change) => message.test(change))).toBe(true);
  expect(checkWhole(link.arms[0].settings)).toEqual([]);
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
        fc.array(anySettings, { minLength: 1, maxLength: 8 }),
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
    expect(link.arms[1].settings.price.beta).toBe(0.1);
    expect(link.arms[0].settings.price.beta).toBe(presets[0].arms[0].settings.price.beta);
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
    ['at=1e9', /at must be a whole number from 1 to 40/],
    ['1.iterations=80&at=90', /at must be a whole number from 1 to 80/],
    [
      'program=3,1,1',
      /program must be an arm, an iteration and a response, at most 2, 40, 240, and is "3,1,1"/,
    ],
    ['program=1,2', /program must be an arm/],
    ['program=1,,2', /program must be an arm/],
    ['hide=presets,roof', /hide may hold header, .*; "roof" was ignored/],
    ['lock=everything', /lock may hold transport, .*; "everything" was ignored/],
    ['embed=yes', /embed must be one of 0, 1, and is "yes"\. It is 0 now/],
    ['theme=pink', /theme must be one of system, light, dark/],
    ['play=1&at=3', /plays and shows iteration 3; both cannot be\. It plays/],
    ['open=training&hide=training', /opens training and hides it\. It is hidden/],
  ])('opens %s and says what it changed', (text, message) => {
    const { link, changes } = decodeLink(text);
    expect(changes.join('\n')).toMatch(message);
    expect(link.arms.length).toBeGreaterThan(0);
    for (const arm of link.arms) expect(checkWhole(arm.settings)).toEqual([]);
  });

  it('opens any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(decodeLink(text).link.arms.length).toBeGreaterThan(0);
      }),
    );
  });

  it('keeps the program under inspection and what a teacher hides and locks', () => {
    const text =
      'program=2,12,7&open=settings,finding&hide=presets,training&lock=seed,settings&embed=1&theme=dark';
    const { link, changes } = decodeLink(text);
    expect(changes).toEqual([]);
    expect(link.program).toEqual({ arm: 1, iteration: 12, row: 6 });
    const state = stateOf({ link, changes });
    expect(encodeLink({ ...state, panels: [...state.panels, 'inspector', 'share'] })).toBe(text);
  });

  it('says that a page is to play only when told to', () => {
    const state = stateOf(decodeLink(''));
    expect(encodeLink(state, { play: true })).toBe('play=1');
    expect(encodeLink({ ...state, playing: true })).toBe('');
  });

  it('opens an embedded page without panels, and a whole one with its settings', () => {
    expect(decodeLink('embed=1').link.panels).toEqual([]);
    expect(encodeLink(stateOf(decodeLink('embed=1')))).toBe('embed=1');
    expect(decodeLink('embed=1&open=settings').link.panels).toEqual(['settings']);
  });

  it('lets a lesson arrange the page whatever a teacher hides', () => {
    expect(decodeLink('lesson=hacking&hide=presets&lock=seed&embed=1&theme=dark').link.guide).toMatchObject({
      arrange: true,
    });
  });
});

describe('long texts in links', () => {
  const linkOf = (changes: Record<string, unknown>) => {
    const arm = newArm({
      id: 'a',
      name: 'x',
      color: 0,
      settings: settingsWith(changes),
      seed: 1,
    });
    return encodeLink({ ...initialState, arms: [arm], activeArm: 'a' });
  };

  it.each(filterExamples)('carry the filter function "$label"', ({ source }) => {
    const text = linkOf({ method: 'custom', customFilter: source });
    expect(text).toContain('1.customFilter=z:');
    const { link, changes } = decodeLink(text);
    expect(changes).toEqual([]);
    expect(link.arms[0].settings.filter.customFilter).toBe(source);
  });

  it('carry a drawn reliability curve', () => {
    const noise = (_: unknown, band: number) => Number((0.16 * Math.sin(band / 3) ** 2).toFixed(6));
    const syntheticNoise = Array.from({ length: 10 }, noise);
    const text = linkOf({ reward: 'synthetic', syntheticNoise });
    expect(text).toContain('1.syntheticNoise=z:');
    const { link, changes } = decodeLink(text);
    expect(changes).toEqual([]);
    expect(link.arms[0].settings).toMatchObject({ reward: { method: 'synthetic', syntheticNoise } });
  });

  it('are refused, and said to be, when they are cut off or changed anywhere', () => {
    const [{ source }] = filterExamples;
    const value = pack(source);
    for (let end = 3; end < value.length; end += 7) {
      const { link, changes } = decodeLink(`arms=custom&1.customFilter=${value.slice(0, end)}`);
      expect(changes.join()).toMatch(/1\.customFilter is damaged/);
      expect(link.arms[0].settings.filter.customFilter).toBe('');
    }
    expect(unpack('z:%%%')).toBeNull();
  });

  it('are refused when they grow without bound, before they have grown', () => {
    const bomb = pack('a'.repeat(60_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const { link, changes } = decodeLink(`arms=custom&1.customFilter=${encodeURIComponent(bomb)}`);
    expect(changes.join()).toMatch(/1\.customFilter is damaged, or longer than any text/);
    expect(link.arms[0].settings.filter.customFilter).toBe('');
  });

  it('are cut to what the knob takes, and said to be', () => {
    const { link, changes } = decodeLink(linkOf({ method: 'custom', customFilter: 'a'.repeat(20_000) }));
    expect(changes.join()).toMatch(/customFilter must be a text of at most 8192 characters/);
    expect(link.arms[0].settings.filter.customFilter).toHaveLength(8192);
  });
});

it('opens links of before settings had slots, and means the same by them', () => {
  const { link, changes } = decodeLink(
    'preset=reward-hacking&seed=3&arms=ppo-s,top-bott,bw&1.rewardSource=oracle&1.actorLearningRate=0.001' +
      '&2.thresholdHigh=0.3&2.thresholdLow=-0.2&3.keep=3&3.thresholdHigh=0.9&3.syntheticFresh=true&3.evaluateEvery=2',
  );
  expect(changes).toEqual([]);
  const shared = { beta: 0.02 };
  expect(link.arms.map(({ settings }) => settings)).toEqual([
    settingsWith({ ...shared, method: 'ppo-s', reward: 'oracle', learningRate: 0.001 }),
    settingsWith({ ...shared, method: 'top-bott', thresholdHigh: 0.3, thresholdLow: -0.2 }),
    settingsWith({ ...shared, method: 'bw', keep: 3, evaluateEvery: 2 }),
  ]);
});

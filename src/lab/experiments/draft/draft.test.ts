import { describe, expect, it } from 'vitest';
import { settingsWith, withChanges } from '../../../rlhf/catalogue/paths.ts';
import { parseSpec } from '../../settings/experimentSpec.ts';
import { presets } from '../../settings/presets.ts';
import { newArm } from '../../state/arm.ts';
import {
  armsOfDraft,
  draftFromJson,
  draftOfPage,
  draftOfPreset,
  draftToJson,
  firstDraft,
  issueOf,
  numberFromText,
  seedsFromText,
  seedsToText,
  withArmOf,
  withField,
  withoutArm,
  withStop,
} from './draft.ts';

it('starts with something that can be run', () => {
  const spec = parseSpec(firstDraft);
  expect(spec.arms.map((arm) => arm.name)).toEqual(['PPO-M', 'BW', 'Rand2']);
  expect(spec.seeds).toEqual([1, 2, 3]);
});

describe('arms', () => {
  it('are those of the preset, said one by one, and mean the same', () => {
    for (const { id } of presets) {
      const draft = draftOfPreset({}, id);
      const explicit = { ...draft, arms: armsOfDraft(draft) };
      expect(parseSpec(explicit).arms).toEqual(parseSpec(draft).arms);
    }
    expect(armsOfDraft({ preset: 'healthy' })).toEqual(['ppo-m', 'bw']);
    expect(armsOfDraft({ preset: 'no such preset' })).toEqual([]);
  });

  it('are those of the page, with all that sets them apart', () => {
    const settings = settingsWith({ method: 'bw', beta: 0.05, prompts: 6 });
    const arm = (name: string, change: Record<string, unknown>) =>
      newArm({ id: name, name, color: 0, settings: withChanges(settings, change), seed: 1 });
    const draft = draftOfPage({ preset: 'healthy', seeds: 2, iterations: 9 }, [
      arm('BW', { iterations: 7 }),
      arm('mine', { method: 'ppo-m' }),
    ]);
    expect(draft).toEqual({
      seeds: 2,
      arms: [
        { method: 'bw', beta: 0.05, prompts: 6, iterations: 7 },
        { name: 'mine', method: 'ppo-m', beta: 0.05, prompts: 6 },
      ],
    });
    expect(parseSpec(draft).arms[0].settings).toEqual(withChanges(settings, { iterations: 7 }));
  });

  it('come and go', () => {
    const draft = withArmOf({ preset: 'healthy' }, 'br');
    expect(draft.arms).toEqual(['ppo-m', 'bw', 'br']);
    expect(withoutArm(draft, 0).arms).toEqual(['bw', 'br']);
  });
});

describe('fields', () => {
  it('read how many seeds, or which', () => {
    expect(seedsFromText('3')).toBe(3);
    expect(seedsFromText('4, 9')).toEqual([4, 9]);
    expect(seedsFromText('4,')).toEqual([4]);
    expect(seedsFromText('many')).toBe('many');
    for (const seeds of [3, [4], [4, 9]]) expect(seedsFromText(seedsToText(seeds))).toEqual(seeds);
  });

  it('keep what is no number, so that the check can name it', () => {
    expect(numberFromText(' 4.5 ')).toBe(4.5);
    expect(numberFromText('')).toBeUndefined();
    expect(numberFromText('four')).toBe('four');
  });

  it('go when they are emptied', () => {
    expect(withField({ arms: ['bw'], iterations: 4 }, 'iterations', undefined)).toEqual({ arms: ['bw'] });
    const draft = withStop({ arms: ['bw'] }, { seconds: 60, plateau: { evaluations: 2, gain: 0 } });
    expect(draft.stop).toEqual({ seconds: 60, plateau: { evaluations: 2, gain: 0 } });
    expect(withStop(draft, { seconds: undefined, plateau: undefined })).toEqual({ arms: ['bw'] });
  });

  it('find the complaint about them', () => {
    const issues = [
      { field: 'arms[1].beta', message: 'x' },
      { field: 'stop.plateau.gain', message: 'y' },
    ];
    expect(issueOf(issues, 'arms')?.message).toBe('x');
    expect(issueOf(issues, 'stop.plateau')?.message).toBe('y');
    expect(issueOf(issues, 'seeds')).toBeUndefined();
  });
});

it('is the same in JSON and back', () => {
  expect(draftFromJson(draftToJson(firstDraft))).toEqual(firstDraft);
  for (const text of ['3', 'null', '[]', '{']) expect(() => draftFromJson(text)).toThrow(SyntaxError);
});

import { describe, expect, it } from 'vitest';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { type ExperimentInput, parseSpec, SpecError } from './experimentSpec.ts';
import { presetById, presets } from './presets.ts';
import { checkWhole } from './validate.ts';

function issuesOf(input: unknown): { field: string; message: string }[] {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
  throw new Error('The spec was accepted');
}

describe('parseSpec', () => {
  it('fills in a spec of names', () => {
    const spec = parseSpec({ arms: ['ppo-m', 'bw'], seeds: 3, iterations: 60 });
    expect(spec.arms.map((arm) => arm.name)).toEqual(['PPO-M', 'BW']);
    expect(spec.arms[1].settings).toEqual(settingsWith({ method: 'bw', iterations: 60 }));
    expect(spec).toMatchObject({ seeds: [1, 2, 3], preset: null, backend: 'auto', concurrency: null });
  });

  it('lays preset, settings and arm over the defaults, in this order', () => {
    const input: ExperimentInput = {
      preset: 'unreliable-middle',
      settings: { prompts: 8, beta: 0.3 },
      arms: ['ppo-m', { name: 'mine', method: 'br', beta: 0.4 }],
      seeds: [7, 7, 9],
    };
    const spec = parseSpec(input);
    expect(spec.seeds).toEqual([7, 9]);
    expect(spec.arms[0].settings).toMatchObject({
      reward: { method: 'synthetic' },
      training: { prompts: 8 },
      price: { beta: 0.3 },
    });
    expect(spec.arms[1]).toMatchObject({
      name: 'mine',
      settings: { filter: { method: 'br' }, price: { beta: 0.4 } },
    });
  });

  it('takes the arms of a preset', () => {
    const spec = parseSpec({ preset: 'reward-hacking', iterations: 2 });
    expect(
      spec.arms.map((arm) => [arm.name, arm.settings.price.beta, arm.settings.training.iterations]),
    ).toEqual([
      ['beta 0.02', 0.02, 2],
      ['beta 0.2', 0.2, 2],
    ]);
  });

  it('names arms of one method apart', () => {
    const spec = parseSpec({ arms: ['bw', { method: 'bw', beta: 0.05 }, 'bw'] });
    expect(new Set(spec.arms.map((arm) => arm.name)).size).toBe(3);
  });

  it('names the field at fault and what is allowed', () => {
    expect(issuesOf('bw')).toEqual([{ field: 'spec', message: 'The spec must be an object, and is "bw".' }]);
    expect(issuesOf({})[0].field).toBe('arms');
    expect(issuesOf({ arms: [] })[0].message).toContain('at least one arm');
    expect(issuesOf({ arms: ['rand3'] })[0]).toEqual({
      field: 'arms[0]',
      message: 'There is no method "rand3"; did you mean rand2?',
    });
    expect(issuesOf({ arms: ['bw', { method: 'bw', beta: -1 }] })[0]).toEqual({
      field: 'arms[1].beta',
      message: 'beta must be a number from 0 to 5, and is -1.',
    });
    expect(issuesOf({ arms: ['bw'], seed: 3 })[0].message).toContain('did you mean seeds?');
    expect(issuesOf({ arms: ['bw'], seeds: 0 })[0].message).toContain('or a list of seeds');
    expect(issuesOf({ arms: ['bw'], seeds: [1.5] })[0].message).toContain('seed');
    expect(issuesOf({ arms: ['bw'], iterations: 0 })[0].field).toBe('settings.iterations');
    expect(issuesOf({ preset: 'hack' })[0].message).toContain('reward-hacking');
    expect(issuesOf({ arms: [7] })[0].field).toBe('arms[0]');
    expect(issuesOf({ arms: [{ name: 'a' }, { name: 'a' }] })[0].message).toContain(
      'Two arms are called "a"',
    );
  });

  it('tells all faults at once', () => {
    const input = { arms: [{ beta: 9, gamma: 9 }, 'nope'], settings: { clip: 7 } };
    const fields = issuesOf(input).map((issue) => issue.field);
    expect(fields).toEqual(['settings.clip', 'arms[0].beta', 'arms[0].gamma', 'arms[1]']);
    const fieldsOf = (input: unknown) => issuesOf(input).map(({ field }) => field);
    expect(
      fieldsOf({ arms: ['nope'], sede: 1, seeds: 0, settings: { clip: 7 }, iterations: 0, stop: 3 }),
    ).toEqual(['sede', 'seeds', 'stop', 'settings.clip', 'settings.iterations', 'arms[0]']);
    expect(fieldsOf({ arms: ['nope'], settings: 3 })).toEqual(['settings', 'arms[0]']);
    // What depends on something wrong is not called wrong as well.
    expect(fieldsOf({ arms: 'bw', seeds: 0 })).toEqual(['arms', 'seeds']);
    expect(fieldsOf({ preset: 'hack', arms: [{ beta: 9 }] })).toEqual(['preset']);
  });

  it('gives shared knobs to the arms that have them, and tells of one that none has', () => {
    const { arms } = parseSpec({ arms: ['bw', 'bon'], settings: { 'filter.keep': 3 } });
    expect(arms.map(({ settings }) => settings.filter.keep)).toEqual([3, undefined]);
    expect(issuesOf({ arms: ['bw', 'bon'], settings: { 'filter.rankWeights': [1] } })).toEqual([
      {
        field: 'settings.filter.rankWeights',
        message: 'filter.rankWeights is a knob of custom, which is not chosen.',
      },
    ]);
  });

  it('opens specs of before: flat, with every knob that an arm had', () => {
    const flat = {
      method: 'top',
      rewardSource: 'oracle',
      keep: 2,
      thresholdHigh: 0.3,
      actorLearningRate: 1e-3,
      clip: 0.1,
    };
    const { arms } = parseSpec({
      arms: [{ name: 'x', ...flat }],
      settings: { evaluateEvery: 2, rankWeights: [1] },
    });
    expect(arms[0].settings).toEqual(
      settingsWith({
        method: 'top',
        reward: 'oracle',
        thresholdHigh: 0.3,
        learningRate: 1e-3,
        clip: 0.1,
        evaluateEvery: 2,
      }),
    );
  });

  it('accepts what it gave', () => {
    const { arms, seeds, backend } = parseSpec({ preset: 'six-methods', seeds: 2 });
    const again = parseSpec({
      arms: arms.map(({ name, settings }) => ({ name, ...settings })),
      seeds,
      backend,
    });
    expect(again.arms).toEqual(arms);
  });
});

describe('presets', () => {
  it('are valid, distinct, and can be found', () => {
    expect(new Set(presets.map((preset) => preset.id)).size).toBe(presets.length);
    for (const preset of presets) {
      expect(presetById(preset.id)).toBe(preset);
      expect(preset.arms.length).toBeGreaterThan(1);
      for (const arm of preset.arms) expect(checkWhole(arm.settings), preset.id).toEqual([]);
      expect(preset.what).toMatch(/\.$/);
    }
    expect(() => presetById('none')).toThrow('there are healthy, reward-hacking');
  });
});

describe('a grid', () => {
  it('runs the arms in each cell, cell by cell, with the settings of the cell over those of all', () => {
    const { arms } = parseSpec({
      settings: { beta: 0.2, prompts: 8 },
      grid: [
        { name: 'learned', rewardModel: 'weak' },
        { name: 'tests', reward: 'oracle', responses: 16, beta: 0.1 },
      ],
      arms: ['ppo-m', { method: 'bw', keep: 4 }],
    });
    expect(arms.map(({ name, cell, inCell }) => [name, cell, inCell])).toEqual([
      ['learned: PPO-M', 'learned', 'PPO-M'],
      ['learned: BW', 'learned', 'BW'],
      ['tests: PPO-M', 'tests', 'PPO-M'],
      ['tests: BW', 'tests', 'BW'],
    ]);
    expect(arms[1].settings).toEqual(
      settingsWith({ method: 'bw', keep: 4, beta: 0.2, prompts: 8, rewardModel: 'weak' }),
    );
    expect(arms[2].settings).toMatchObject({ price: { beta: 0.1 }, training: { responses: 16 } });
  });

  it('lays a knob of a cell over the arms that have it, such as thresholds of that cell', () => {
    const { arms } = parseSpec({
      grid: [
        { thresholdHigh: 0.7, responses: 5 },
        { name: 'wide', thresholdHigh: 0.3 },
      ],
      arms: ['ppo-m', 'top'],
    });
    expect(arms.map(({ settings }) => settings.filter.thresholdHigh)).toEqual([
      undefined,
      0.7,
      undefined,
      0.3,
    ]);
    expect(arms[0].cell).toBe('thresholdHigh 0.7, responses 5');
  });

  it('names each fault once, at the field that brought it', () => {
    expect(
      issuesOf({
        settings: { beta: 9, 'reward.syntheticNoise': [0.1] },
        grid: [{ name: 'a', responses: 99 }, { name: 'a' }, 7, { name: 'b', 'filter.keep': 3 }],
        arms: ['ppo-m', 'rand3'],
      }).map(({ field }) => field),
    ).toEqual([
      'grid[1].name',
      'grid[2]',
      'settings.beta',
      'grid[0].responses',
      'settings.reward.syntheticNoise',
      'arms[1]',
      'grid[3].filter.keep',
    ]);
  });

  it('is taken apart by nothing that stores it: the spec comes back as it was written', () => {
    const input: ExperimentInput = { grid: [{ responses: 4 }, { responses: 8 }], arms: ['bw'], seeds: 2 };
    const spec = parseSpec(input);
    expect(parseSpec({ ...spec.grid, seeds: spec.seeds })).toEqual(spec);
    expect(parseSpec({ arms: ['bw'] })).not.toHaveProperty('grid');
  });
});

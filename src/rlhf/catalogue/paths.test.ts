import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySettings } from '../../lab/settings/testing/anySettings.ts';
import { defaultSettings, knobsOf } from './catalogue.ts';
import {
  armId,
  armLabel,
  changesFrom,
  everySetting,
  meaningOf,
  neutral,
  settingsWith,
  shortName,
  withArm,
  withChanges,
} from './paths.ts';

describe('changes', () => {
  it('lead from any settings to any others, by path, and every setting from anywhere', () => {
    fc.assert(
      fc.property(anySettings, anySettings, (from, to) => {
        expect(withChanges(from, Object.fromEntries(changesFrom(from, to)))).toEqual(to);
        expect(withChanges(from, everySetting(to))).toEqual(to);
        expect(changesFrom(to, to)).toEqual([]);
      }),
    );
  });

  it('keep a knob that two methods share', () => {
    const kept = withChanges(settingsWith({ method: 'bw', keep: 3, sampler: 'draw' }), { method: 'br' });
    expect(kept.filter).toEqual({ method: 'br', sampler: 'draw', keep: 3 });
    expect(withChanges(kept, { filter: 'bon' }).filter).toEqual({ method: 'bon', sampler: 'draw' });
  });

  it('mean nothing where there is no such knob', () => {
    expect(() => settingsWith({ thresholdHigh: 0.2 })).toThrow('no "thresholdHigh"');
    expect(meaningOf(defaultSettings(), 'thresholdHigh')).toEqual({
      elsewhere: ['top', 'top-rand', 'top-bott'],
    });
    expect(meaningOf(defaultSettings(), 'price.alpha')).toBeNull();
  });

  it('mean the knob that has an effect where two methods have one of that name', () => {
    const changed = settingsWith({ update: 'grpo', beta: 0.3 });
    expect(changed.update.beta).toBe(0.3);
    expect(changed.price).toEqual(defaultSettings().price);
    expect(shortName(changed, 'update.beta')).toBe('beta');
    expect(shortName(changed, 'price.beta')).toBe('price.beta');
    expect(settingsWith({ update: 'rloo', beta: 0.3 }).price.beta).toBe(0.3);
    expect(settingsWith({ update: 'dapo', beta: 0.3 }).price.beta).toBe(0.3);
  });
});

describe('names', () => {
  it('are short where that is enough, and mean the path', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        for (const path of knobsOf(settings).keys()) {
          expect(meaningOf(settings, shortName(settings, path))).toEqual({ path });
        }
      }),
    );
  });

  it('of an arm give its methods back', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const again = withArm(neutral(defaultSettings()), armId(settings));
        for (const slot of ['order', 'decode', 'filter', 'update'] as const) {
          expect(again[slot].method).toBe(settings[slot].method);
        }
      }),
    );
  });

  it('are those of the paper for the paper’s methods', () => {
    const named = (method: string) => [armId(settingsWith({ method })), armLabel(settingsWith({ method }))];
    expect(named('ppo-m')).toEqual(['ppo-m', 'PPO-M']);
    expect(named('bw')).toEqual(['bw', 'BW']);
    expect(named('ppo-s')).toEqual(['ppo-s', 'PPO-S']);
    expect(named('ppo-s+bw')).toEqual(['ppo-s+bw', 'PPO-S, BW']);
    expect(settingsWith({ method: 'ppo-s' }).filter.method).toBe('ppo-m');
  });
});

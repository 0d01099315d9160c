import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { actionFor, actions } from '../actions/actions.ts';
import { presets } from '../settings/presets.ts';
import { newArm } from '../state/arm.ts';
import { hideIds, lockIds, noTeaching, type Teaching } from '../state/pageParts.ts';
import { initialState, type LabState } from '../state/store.ts';
import { hides, lockText, showsPanel } from './teaching.ts';

const arm = newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 1 });
const taught = (teaching: Partial<Teaching>): LabState => ({
  ...initialState,
  mode: 'live',
  arms: [arm],
  activeArm: 'a',
  undo: 'reset',
  teaching: { ...noTeaching, ...teaching },
});
const possible = (state: LabState) =>
  actions.filter((action) => action.enabled(state)).map((action) => action.id);
/** What can no longer be done. */
const lost = (teaching: Partial<Teaching>) => {
  const left = new Set(possible(taught(teaching)));
  return possible(taught({})).filter((id) => !left.has(id));
};
const key = (name: string) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false });

describe('what a link leaves out', () => {
  it('leaves nothing out by itself', () => {
    for (const part of hideIds) expect(hides(taught({}), part)).toBe(false);
  });

  it('takes along what stands within it', () => {
    const state = taught({ hide: ['transport', 'header'] });
    for (const part of ['scrubber', 'pace', 'seed', 'engine', 'theme'] as const)
      expect(hides(state, part)).toBe(true);
    expect(hides(state, 'stations')).toBe(false);
  });

  it('cannot be reached by keys either', () => {
    expect(actionFor(key(' '), taught({}))?.id).toBe('play');
    expect(actionFor(key(' '), taught({ hide: ['transport'] }))).toBeNull();
    expect(actionFor(key('b'), taught({ hide: ['filters'] }))).toBeNull();
    expect(actionFor(key('n'), taught({ hide: ['lessons'] }))).toBeNull();
    expect(lost({ hide: ['presets'] }).every((id) => id.startsWith('preset-'))).toBe(true);
    expect(lost({ hide: ['presets'] })).toHaveLength(presets.length);
  });

  it('keeps a hidden panel closed even when it is among the open ones', () => {
    const state = { ...taught({ hide: ['training'] }), panels: ['training', 'settings'] as const };
    expect(showsPanel(state, 'training')).toBe(false);
    expect(showsPanel(state, 'settings')).toBe(true);
  });

  it('is, in an embedded page, what stands around the figures', () => {
    const state = taught({ embed: true });
    for (const part of ['header', 'footer', 'openers', 'presets', 'lessons'] as const)
      expect(hides(state, part)).toBe(true);
    for (const part of ['transport', 'curves', 'strips', 'arms'] as const)
      expect(hides(state, part)).toBe(false);
  });
});

describe('what a link locks', () => {
  it('has a name for every lock', () => {
    expect(Object.keys(lockText)).toEqual([...lockIds]);
  });

  it.each([
    ['transport', ['play', 'step-iteration', 'step-station', 'reset']],
    ['pace', ['pace-calm', 'pace-slow']],
    ['panels', ['panel-settings', 'panel-filters', 'panel-finding']],
    ['arms', ['duplicate', 'add-bw', 'add-custom']],
    ['presets', ['preset-healthy', 'preset-six-methods']],
  ] as const)('%s: its commands are gone', (lock, gone) => {
    expect(lost({ lock: [lock] })).toEqual(expect.arrayContaining([...gone]));
  });

  it('leaves looking around as it is', () => {
    const left = possible(taught({ lock: lockIds }));
    expect(left).toEqual(
      expect.arrayContaining(['earlier', 'later', 'axis-samples', 'panel-help', 'lessons']),
    );
  });
});

import { expect, it } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { newArm } from '../state/arm.ts';
import { initialState } from '../state/store.ts';
import { actionFor, actions, labelOf } from './actions.ts';
import { chord, keyCap } from './keys.ts';

const arm = newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 1 });
const state = { ...initialState, mode: 'live' as const, arms: [arm], activeArm: 'a' };
const key = (name: string, with_: Partial<KeyboardEvent> = {}) => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...with_,
});

it('names each action and each key once', () => {
  const ids = actions.map((action) => action.id);
  expect(new Set(ids).size).toBe(ids.length);
  const keys = actions.flatMap((action) => action.keys);
  // The space bar plays, and turns the pages of a lesson while one is open.
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual(['Space']);
});

it('describes each action in one line', () => {
  for (const action of actions) {
    expect(labelOf(action, state)).not.toBe('');
    expect(action.description).toMatch(/^[A-Z0-9].*[.!]$/);
  }
});

it('reads keys as people press them', () => {
  expect(chord(key(' '))).toBe('Space');
  expect(chord(key('R', { shiftKey: true }))).toBe('r');
  expect(chord(key('?', { shiftKey: true }))).toBe('?');
  expect(chord(key('z', { metaKey: true }))).toBe('mod+z');
  expect(chord(key('ArrowLeft', { shiftKey: true }))).toBe('Shift+ArrowLeft');
});

it('finds the action of a key, when it is possible', () => {
  expect(actionFor(key(' '), state)?.id).toBe('play');
  expect(actionFor(key('.'), state)?.id).toBe('step-station');
  expect(actionFor(key(']'), state)?.id).toBe('step-station');
  expect(actionFor(key('ArrowRight'), state)?.id).toBe('step-iteration');
  expect(actionFor(key('z', { ctrlKey: true }), state)).toBeNull();
  expect(actionFor(key('z', { ctrlKey: true }), { ...state, undo: 'reset' })?.id).toBe('undo');
  // The browser's own reload is not a reset.
  expect(actionFor(key('r', { ctrlKey: true }), state)).toBeNull();
});

it('gives the space bar to a lesson while one is open', () => {
  const inLesson = { ...state, guide: { view: 'lesson', id: 'loop', step: 0, arrange: true } as const };
  expect(actionFor(key(' '), inLesson)?.id).toBe('lesson-next');
  expect(actionFor(key('p'), inLesson)?.id).toBe('play');
  expect(actionFor(key(' '), { ...state, guide: { view: 'glossary' } })?.id).toBe('play');
});

it('steps no further when every arm is done, and offers to run again', () => {
  const done = { ...state, arms: [{ ...arm, state: 'finished' as const }] };
  expect(actionFor(key('ArrowRight'), done)).toBeNull();
  expect(labelOf(actionFor(key(' '), done)!, done)).toBe('Run again');
});

it('prints keys as key caps show them', () => {
  expect([
    keyCap('mod+k', true),
    keyCap('mod+k', false),
    keyCap('Shift+ArrowLeft', false),
    keyCap('r', false),
  ]).toEqual(['⌘K', 'Ctrl K', 'Shift ←', 'R']);
});

import { describe, expect, it } from 'vitest';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { newArm } from '../state/arm.ts';
import { initialState, type LabState } from '../state/store.ts';
import { decodeLink } from './link.ts';
import { addressOf, frameHtml, type ShareWishes, shareLink, wishesOf } from './shareLink.ts';

const arms = [
  newArm({ id: 'a', name: 'PPO-M', color: 0, settings: settingsWith({ method: 'ppo-m' }), seed: 3 }),
  newArm({ id: 'b', name: 'BW', color: 1, settings: settingsWith({ method: 'bw' }), seed: 3 }),
];
const state: LabState = {
  ...initialState,
  arms,
  activeArm: 'a',
  seed: 3,
  cursor: 7,
  selection: { armId: 'b', iteration: 7, row: 4 },
  panels: ['settings', 'filters', 'inspector', 'share'],
  guide: { view: 'glossary' },
};
const shared = (wishes: Partial<ShareWishes>) => {
  const { link, changes } = decodeLink(shareLink(state, { ...wishesOf(state), ...wishes }));
  expect(changes).toEqual([]);
  return link;
};

describe('a link for others', () => {
  it('holds the page as it is unless something else is asked for', () => {
    expect(shared({})).toMatchObject({
      seed: 3,
      cursor: 7,
      program: { arm: 1, iteration: 7, row: 4 },
      panels: ['settings', 'filters'],
      guide: { view: 'glossary' },
      play: false,
    });
  });

  it('leaves out the moment, the panels and the guide when told to', () => {
    expect(shared({ moment: false, panels: false, guide: false })).toMatchObject({
      cursor: null,
      program: null,
      panels: ['settings'],
      guide: null,
    });
  });

  it('starts, and then shows no moment', () => {
    expect(shared({ play: true, slow: true })).toMatchObject({ play: true, pace: 'slow', cursor: null });
  });

  it('is slow only when asked to be', () => {
    const { link } = decodeLink(shareLink({ ...state, pace: 'slow' }, { ...wishesOf(state), slow: false }));
    expect(link.pace).toBe('full');
  });

  it('hides, locks and embeds', () => {
    expect(
      shared({ hide: ['presets', 'seed'], lock: ['settings'], embed: true, panels: false, theme: 'dark' }),
    ).toMatchObject({
      teaching: { hide: ['presets', 'seed'], lock: ['settings'], embed: true, theme: 'dark' },
      panels: [],
    });
  });
});

it('makes addresses and frames', () => {
  expect(addressOf('https://x.y/z/#old', 'a=1')).toBe('https://x.y/z/#a=1');
  expect(addressOf('https://x.y/z/', '')).toBe('https://x.y/z/');
  expect(frameHtml('https://x.y/#a=1&b="2"', 'A & B', 600)).toBe(
    '<iframe src="https://x.y/#a=1&amp;b=&quot;2&quot;" title="A &amp; B" width="100%" height="600" style="border: 0" loading="lazy"></iframe>',
  );
});

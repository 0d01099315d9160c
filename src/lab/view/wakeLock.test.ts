import { expect, it, vi } from 'vitest';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { newArm } from '../state/arm.ts';
import { createLabStore } from '../state/store.ts';
import { keepAwake } from './wakeLock.ts';

function page() {
  const store = createLabStore();
  const locks: { released: boolean; release(): Promise<void> }[] = [];
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible' as DocumentVisibilityState,
  });
  const request = vi.fn(async () => {
    const lock = { released: false, release: async () => void (lock.released = true) };
    locks.push(lock);
    return lock;
  });
  keepAwake(store, { wakeLock: { request }, document: document as unknown as Document });
  const arm = newArm({ id: 'a', name: 'BW', color: 0, settings: defaultSettings(), seed: 1 });
  const set = async (state: 'running' | 'paused', recorded = false) => {
    store.setState({ arms: [{ ...arm, state, recorded }] });
    await new Promise((resolve) => setTimeout(resolve));
  };
  const see = async (visibilityState: DocumentVisibilityState) => {
    document.visibilityState = visibilityState;
    if (visibilityState === 'hidden') for (const lock of locks) lock.released = true;
    document.dispatchEvent(new Event('visibilitychange'));
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { store, locks, request, set, see };
}

it('holds the screen while an arm computes, and lets it go with the pause', async () => {
  const { locks, set } = page();
  await set('running');
  await set('running');
  expect(locks.map(({ released }) => released)).toEqual([false]);
  await set('paused');
  expect(locks.map(({ released }) => released)).toEqual([true]);
});

it('leaves the screen alone while a recording plays', async () => {
  const { locks, set } = page();
  await set('running', true);
  expect(locks).toEqual([]);
});

it('holds it again when the page is seen again, if something still runs', async () => {
  const { locks, set, see } = page();
  await set('running');
  await see('hidden');
  await see('visible');
  expect(locks.map(({ released }) => released)).toEqual([true, false]);
  await set('paused');
  await see('hidden');
  await see('visible');
  expect(locks).toHaveLength(2);
});

it('does without where the browser refuses', async () => {
  const { locks, request, set } = page();
  request.mockRejectedValueOnce(new DOMException('low battery', 'NotAllowedError'));
  await set('running');
  await set('paused');
  await set('running');
  expect(locks).toHaveLength(1);
});

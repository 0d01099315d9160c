/**
 * Makes the page work without a network after the first visit: registers the service worker once the page is at
 * rest, lets it fetch what is not needed at once, and says when all is there or a newer version waits.
 */
import { createStore } from 'zustand/vanilla';
import type { Laboratory } from '../../lab/laboratory.ts';
import type { OfflineCommand, OfflineReport } from '../../lab/offline/offlineWorker.ts';
import type { Notices } from '../../lab/view/notices.ts';

/** none: this browser or this address does not allow it, or it has not begun. */
export type OfflineState = 'none' | 'preparing' | 'ready';

export const offlineState = createStore<{ state: OfflineState }>()(() => ({ state: 'none' }));

/** Left to runs: the page itself is not worth a run that cannot be saved. */
const leastRoom = 200 * 2 ** 20;

export async function prepareOffline({
  notices,
  store,
}: Pick<Laboratory, 'notices' | 'store'>): Promise<void> {
  // The development server has no such worker; a page inside a course page has another page's place.
  if (!import.meta.env.PROD || window !== window.top || !navigator.serviceWorker) return;
  void takeUpNewest(navigator.serviceWorker, store);
  if (await scarce()) return;
  const say = (state: OfflineState) => offlineState.setState({ state });
  try {
    await opened(store);
    await atRest();
    const registration = await navigator.serviceWorker.register('./offline.js', { updateViaCache: 'none' });
    tellOfUpdates(registration, notices);
    say('preparing');
    const { active } = await navigator.serviceWorker.ready;
    await atRest();
    say(active && (await complete(active)).ready ? 'ready' : 'none');
  } catch {
    // Offline use is a courtesy: without it the page works as every page does.
    say('none');
  }
}

/**
 * A version that was fetched during the last visit takes over now, before this one has begun anything. A reload alone
 * would never let it: browsers keep the old worker until the last tab of the old version is closed.
 */
async function takeUpNewest(workers: ServiceWorkerContainer, store: Laboratory['store']): Promise<void> {
  const waiting = workers.controller && (await workers.getRegistration())?.waiting;
  if (!waiting) return;
  workers.addEventListener('controllerchange', () => location.reload(), { once: true });
  // For a moment after a reload the page that went still counts as another tab.
  for (const pause of [0, 300, 1000]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const begun = store.getState().arms.some((arm) => !arm.recorded && arm.state !== 'ready');
    if (begun || waiting.state !== 'installed') return;
    waiting.postMessage('take-over' satisfies OfflineCommand);
  }
}

/** Whether data costs money or the disk is short of room: then the page fetches only what a person asks for. */
async function scarce(): Promise<boolean> {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return true;
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage < leastRoom;
}

const opened = (store: Laboratory['store']) =>
  new Promise<void>((resolve) => {
    const stop = store.subscribe(({ ready }) => {
      if (!ready) return;
      stop();
      resolve();
    });
  });

const atRest = () =>
  new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: 10_000 });
    else setTimeout(resolve, 2000);
  });

function complete(worker: ServiceWorker): Promise<OfflineReport> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<OfflineReport>) => {
      port1.close();
      resolve(data);
    };
    worker.postMessage('complete' satisfies OfflineCommand, [port2]);
  });
}

function tellOfUpdates(registration: ServiceWorkerRegistration, notices: Notices): void {
  const tell = () => {
    // Without a worker that answers for this page, it is the first version that it meets.
    if (!navigator.serviceWorker.controller) return;
    notices.post({
      kind: 'info',
      text: 'There is a newer version of this page. It is used when you load the page again, in its only tab; saved runs stay.',
    });
  };
  if (registration.waiting) tell();
  registration.addEventListener('updatefound', () => {
    const { installing } = registration;
    installing?.addEventListener('statechange', () => installing.state === 'installed' && tell());
  });
}

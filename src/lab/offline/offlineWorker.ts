/**
 * The service worker: answers for the files of one version. The next one takes over when the page asks it to, which
 * it does as soon as it is loaded again, and only in its only tab: no tab's version is taken away under it.
 */
import { type FileList, OfflineCopy } from './offlineCopy.ts';

/** What a page says to the worker that answers for it (`complete`) or that waits to (`take-over`). */
export type OfflineCommand = 'complete' | 'take-over';
/** The answer to `complete`. */
export interface OfflineReport {
  ready: boolean;
  /** Why not. */
  message?: string;
}

export function serveOffline(worker: ServiceWorkerGlobalScope, list: FileList): void {
  const copy = new OfflineCopy(list, {
    caches: worker.caches,
    fetch: (url, init) => worker.fetch(url, init),
    scope: worker.registration.scope,
  });
  worker.addEventListener('install', (event) => event.waitUntil(copy.install()));
  worker.addEventListener('activate', (event) => event.waitUntil(copy.forgetOthers()));
  worker.addEventListener('message', (event) => {
    if (event.data === 'take-over')
      event.waitUntil(
        onlyTab(worker, event.source).then((only) => (only ? worker.skipWaiting() : undefined)),
      );
    if (event.data !== 'complete') return;
    const report = (answer: OfflineReport) => event.ports[0]?.postMessage(answer);
    event.waitUntil(
      copy.complete().then(
        () => report({ ready: true }),
        (error: Error) => report({ ready: false, message: error.message }),
      ),
    );
  });
  worker.addEventListener('fetch', (event) => {
    const answer = event.request.method === 'GET' ? copy.answer(event.request.url) : null;
    if (answer) event.respondWith(answer);
  });
}

/** Whether no tab but the one that asks shows the page. */
async function onlyTab(
  { clients, registration }: ServiceWorkerGlobalScope,
  asking: ExtendableMessageEvent['source'],
): Promise<boolean> {
  const own = asking && 'id' in asking ? asking.id : null;
  const tabs = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  return !tabs.some(({ url, id }) => url.startsWith(registration.scope) && id !== own);
}

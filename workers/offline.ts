/** The service worker of the built page. The build puts the list of files before it: see scripts/bundle/offline.ts. */
import type { FileList } from '../src/lab/offline/offlineCopy.ts';
import { serveOffline } from '../src/lab/offline/offlineWorker.ts';

declare const filtrateFiles: FileList;

serveOffline(self as unknown as ServiceWorkerGlobalScope, filtrateFiles);

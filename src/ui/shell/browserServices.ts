/** What a real browser gives the laboratory. */
import { type Judge, startJudge } from '../../judge/service.ts';
import type { RunServices } from '../../lab/runs/runs.ts';
import type { Services } from '../../lab/services.ts';
import { assetFolder, TrainerHandle } from '../../lab/trainer/pageSide/trainerHandle.ts';

/**
 * @param onAlarm is called when the judge may be broken
 * @param keep whether runs are stored: a figure on somebody's course page does not fill the reader's disk
 */
export function browserServices(onAlarm: (message: string) => void, keep: boolean): Services {
  const assets = assetFolder();
  let judge: Judge | null = null;
  return {
    judge: () => (judge ??= startJudge({ onAlarm })),
    spawnTrainer: () => new TrainerHandle(),
    assets,
    async fetchBytes(path) {
      const response = await fetch(new URL(path, assets));
      // A development server answers a missing file with the page itself.
      if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) return null;
      return new Uint8Array(await response.arrayBuffer());
    },
    // A quick arm says a hundred things a second; a person sees ten.
    beatMs: 90,
    still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
    whenIdle(work) {
      // The first picture comes first: what it is made of may still be on its way.
      setTimeout(() => {
        if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 2000 });
        else work();
      }, 400);
    },
    ...(keep ? { runs: runServices() } : {}),
  };
}

/** Storage is asked for and not relied on: old browsers, private windows and pages without HTTPS lack parts of it. */
function runServices(): RunServices {
  const storage: StorageManager | undefined = navigator.storage;
  return {
    locks: navigator.locks ?? null,
    memory: localMemory(),
    channel: typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('filtrate/runs'),
    async space() {
      const { usage, quota } = (await storage?.estimate?.()) ?? {};
      if (usage === undefined || quota === undefined) return null;
      return { used: usage, quota, persisted: (await storage.persisted?.()) ?? false };
    },
    async persist() {
      if (await storage?.persisted?.()) return;
      await storage?.persist?.();
    },
  };
}

function localMemory(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

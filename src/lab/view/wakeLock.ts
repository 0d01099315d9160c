/**
 * Keeps the screen on while arms compute, where the browser can: a laptop on a lectern that goes to sleep stops the
 * run. Nothing depends on it, rows are stored as they happen.
 */
import type { LabStore } from '../state/store.ts';

interface Wakefulness {
  /** Null where the browser has no such thing. */
  wakeLock: { request(type: 'screen'): Promise<{ release(): Promise<void>; released: boolean }> } | null;
  document: Pick<Document, 'visibilityState' | 'addEventListener'>;
}

/** Holds the screen from now on whenever something runs and the page is seen. */
export function keepAwake(store: LabStore, { wakeLock, document }: Wakefulness): void {
  if (!wakeLock) return;
  let turn = Promise.resolve();
  let held: Awaited<ReturnType<typeof wakeLock.request>> | null = null;
  let wanted = false;
  const settle = async () => {
    try {
      // The browser takes the lock away when the page is hidden, and gives none until it is seen again.
      if (held?.released) held = null;
      if (wanted && !held && document.visibilityState === 'visible') held = await wakeLock.request('screen');
      else if (!wanted && held) {
        const letGo = held;
        held = null;
        await letGo.release();
      }
    } catch {
      // Refused, with an empty battery for instance: the run goes on.
    }
  };
  const look = () => {
    turn = turn.then(settle);
  };
  store.subscribe(({ arms, training }) => {
    const busy =
      arms.some((arm) => !arm.recorded && arm.state === 'running') || training?.state === 'running';
    if (busy === wanted) return;
    wanted = busy;
    look();
  });
  document.addEventListener('visibilitychange', look);
}

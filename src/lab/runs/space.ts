/** How full the browser's storage is, and what could go: nothing is ever dropped by itself. */
import type { StoredRun } from './runStore.ts';

/** What the browser grants and what is used of it, in bytes. */
export interface Space {
  used: number;
  quota: number;
  /** The browser promised not to clear it when the disk runs short. */
  persisted: boolean;
}

export interface SpaceAdvice {
  level: 'fine' | 'tight' | 'full';
  /** Runs that could be deleted, what is missed least first: archived ones, then finished ones, the oldest first. */
  droppable: readonly StoredRun[];
  /** Bytes that deleting them would free. */
  frees: number;
}

/** Warn from here on: a long run with six arms writes about this much. */
const reserve = 100 * 2 ** 20;
const tightShare = 0.85;

export const sizeOf = (run: StoredRun): number => run.bytes + run.fixedBytes;

export function adviseSpace(space: Space, runs: readonly StoredRun[]): SpaceAdvice {
  const left = space.quota - space.used;
  // A browser with little to give is not tight while it is nearly empty.
  const tight = space.used > space.quota * tightShare || (left < reserve && space.used > space.quota / 2);
  const droppable = runs
    .filter((run) => run.archived || run.finished)
    .sort((a, b) => Number(b.archived) - Number(a.archived) || a.updated - b.updated);
  return {
    level: left <= 2 ** 20 ? 'full' : tight ? 'tight' : 'fine',
    droppable,
    frees: droppable.reduce((sum, run) => sum + sizeOf(run), 0),
  };
}

/** A size as people read it: "3.4 MB". */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

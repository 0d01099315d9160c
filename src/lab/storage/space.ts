/** How full the browser's storage is, and what could go, in which order. Nothing goes unless a person says so. */
import type { StoredRun } from './runStore.ts';

/** What the browser grants and what is used of it, in bytes. */
export interface Space {
  used: number;
  quota: number;
  /** The browser promised not to clear it when the disk runs short. */
  persisted: boolean;
}

export type SpaceLevel = 'fine' | 'tight' | 'full';

/** Warn from here on: a long run with six arms writes about this much. */
const reserve = 100 * 2 ** 20;
const tightShare = 0.85;

export const sizeOf = (run: StoredRun): number => run.bytes + run.fixedBytes;

export function spaceLevel({ used, quota }: Space): SpaceLevel {
  const left = quota - used;
  if (left <= 2 ** 20) return 'full';
  // A browser with little to give is not tight while it is nearly empty.
  return used > quota * tightShare || (left < reserve && used > quota / 2) ? 'tight' : 'fine';
}

/** A part of a run that can go while its curves stay. */
export interface RoomItem {
  run: StoredRun;
  what: 'samples' | 'weights';
  frees: number;
}

/**
 * What would go to free so many bytes, what is missed least first: the samples of archived runs that are finished,
 * then of the other finished runs, the oldest first; then their weights in the same order. Runs that can still go on
 * keep everything. `need` Infinity: all that can go.
 */
export function planRoom(runs: readonly StoredRun[], need: number): RoomItem[] {
  const done = runs
    .filter((run) => run.finished)
    .sort((a, b) => Number(b.archived) - Number(a.archived) || a.updated - b.updated);
  const all = [
    ...done.map((run): RoomItem => ({ run, what: 'samples', frees: run.bytes })),
    ...done.map((run): RoomItem => ({ run, what: 'weights', frees: run.fixedBytes })),
  ].filter(({ frees }) => frees > 0);
  const planned: RoomItem[] = [];
  for (let freed = 0; freed < need && planned.length < all.length; ) {
    const item = all[planned.length];
    planned.push(item);
    freed += item.frees;
  }
  return planned;
}

export const freedBy = (items: readonly RoomItem[]): number =>
  items.reduce((sum, { frees }) => sum + frees, 0);

/** Bytes to free so that there is no more to warn of. */
export function needed(space: Space): number {
  const enough = Math.min(space.quota * tightShare, Math.max(space.quota / 2, space.quota - reserve));
  return Math.max(0, Math.ceil(space.used - enough));
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

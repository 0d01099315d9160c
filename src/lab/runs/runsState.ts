/** What the page knows of the runs that are stored in this browser. */
import type { StoredRun } from './runStore.ts';
import type { Space } from './space.ts';

export interface RunsState {
  /** refused: the browser allows no storage, so runs are not kept. */
  storage: 'opening' | 'open' | 'refused';
  /** The latest first. */
  list: readonly StoredRun[];
  /** Runs that another tab is writing. */
  elsewhere: readonly string[];
  /** Runs that the last session left unfinished. */
  unfinished: readonly string[];
  /** What bringing back would bring back, in words; null when there is nothing. */
  removed: string | null;
  space: Space | null;
}

export const initialRuns: RunsState = {
  storage: 'opening',
  list: [],
  elsewhere: [],
  unfinished: [],
  removed: null,
  space: null,
};

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
  /** Runs of this page that wait for room to be saved. */
  unsaved: readonly string[];
  /** What was deleted and can be brought back, in words, the latest last. */
  removed: readonly string[];
  space: Space | null;
  /** The person is choosing what may go. */
  makingRoom: boolean;
}

export const initialRuns: RunsState = {
  storage: 'opening',
  list: [],
  elsewhere: [],
  unfinished: [],
  unsaved: [],
  removed: [],
  space: null,
  makingRoom: false,
};

/** What the page knows of the runs that are stored in this browser. */
import type { StoredExperiment, StoredRun } from '../storage/runStore.ts';
import type { Space } from '../storage/space.ts';

export interface RunsState {
  /** refused: the browser allows no storage, so runs are not kept. */
  storage: 'opening' | 'open' | 'refused';
  /** The latest first. */
  list: readonly StoredRun[];
  /** Experiments, the latest first. Read before the runs: a run that began and is not in the list was deleted. */
  experiments: readonly StoredExperiment[];
  /** Runs and experiments that another tab is writing. */
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
  experiments: [],
  elsewhere: [],
  unfinished: [],
  unsaved: [],
  removed: [],
  space: null,
  makingRoom: false,
};

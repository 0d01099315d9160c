/** What is kept in this browser: going on with it, bringing it back, room for more. */
import type { Action } from './action.ts';

export const savedRunActions: readonly Action[] = [
  {
    id: 'resume-session',
    group: 'Run',
    label: ({ runs }) => (runs.unfinished.length > 1 ? `Resume ${runs.unfinished.length} runs` : 'Resume'),
    description: 'Goes on with the runs that were not finished last time, from where they were saved.',
    keys: [],
    part: 'arms',
    lock: 'arms',
    enabled: ({ runs }) => runs.unfinished.length > 0,
    perform: (laboratory) => void laboratory.savedRuns.resumeSession(),
  },
  {
    id: 'resume-experiment',
    group: 'Run',
    label: 'Go on with the experiment',
    description: 'Goes on with the experiment that was cut off last time, from where its runs were saved.',
    keys: [],
    enabled: ({ experiments }) => experiments.interrupted !== null,
    perform: (laboratory) => {
      laboratory.view.setPanel('experiments', true);
      void laboratory.experiments.resumeInterrupted();
    },
  },
  {
    id: 'restore-runs',
    group: 'Page',
    label: ({ runs }) => (runs.removed.length === 0 ? 'Bring back' : `Bring back ${runs.removed.at(-1)}`),
    description: 'Takes back the last deletion of saved runs; again, the one before it.',
    keys: [],
    enabled: ({ runs }) => runs.removed.length > 0,
    perform: (laboratory) => void laboratory.runs.restore(),
  },
  {
    id: 'make-room',
    group: 'Page',
    label: 'Make room …',
    description: 'Shows which samples and weights of finished runs can go and what that frees; asks first.',
    keys: [],
    enabled: ({ runs }) => runs.storage === 'open',
    perform: (laboratory) => {
      laboratory.view.setPanel('runs', true);
      laboratory.runs.chooseRoom(true);
    },
  },
  {
    id: 'save-again',
    group: 'Page',
    label: 'Try to save again',
    description: 'Writes what could not be saved for want of room, if there is room now.',
    keys: [],
    enabled: ({ runs }) => runs.unsaved.length > 0,
    perform: (laboratory) => void laboratory.runs.saveAgain(),
  },
];

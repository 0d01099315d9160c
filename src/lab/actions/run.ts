/** Running the loop: play, steps, reset, speed. */
import { type LabState, type Pace, paces } from '../state/store.ts';
import { type Action, live } from './action.ts';

const canGoOn = ({ arms, mode }: LabState) =>
  mode === 'recorded' || arms.some((arm) => arm.state !== 'finished' && arm.state !== 'failed');

const paceText: Record<Pace, [label: string, what: string]> = {
  full: ['Full speed', 'No waiting between stations.'],
  calm: ['Calm', 'A quarter of a second at each station.'],
  slow: ['Slow motion', '1.2 seconds at each station, for following with the finger.'],
};
export const paceLabel = (pace: Pace) => paceText[pace][0];

export const runActions: readonly Action[] = [
  {
    id: 'play',
    group: 'Run',
    label: (state) => (state.playing ? 'Pause' : canGoOn(state) ? 'Play' : 'Run again'),
    description: 'Runs the loop in all arms, or pauses it where it is.',
    keys: ['Space', 'p'],
    part: 'transport',
    lock: 'transport',
    enabled: live,
    perform: (laboratory) => {
      const state = laboratory.store.getState();
      if (state.playing) return laboratory.pause();
      if (!canGoOn(state)) laboratory.reset();
      laboratory.play();
    },
  },
  {
    id: 'step-iteration',
    group: 'Run',
    label: 'Step one iteration',
    description: 'Goes once round the loop, then pauses.',
    keys: ['ArrowRight'],
    part: 'transport',
    lock: 'transport',
    enabled: canGoOn,
    perform: (laboratory) => laboratory.step('iteration'),
  },
  {
    id: 'step-station',
    group: 'Run',
    label: 'Step one station',
    description: 'Goes to the next station of the loop, then pauses.',
    keys: ['.', ']'],
    part: 'transport',
    lock: 'transport',
    enabled: canGoOn,
    perform: (laboratory) => laboratory.step('station'),
  },
  {
    id: 'reset',
    group: 'Run',
    label: 'Reset',
    description: 'Takes all arms back to before their first iteration. Can be undone.',
    keys: ['r'],
    part: 'transport',
    lock: 'transport',
    enabled: live,
    perform: (laboratory) => laboratory.reset(),
  },
  ...paces.map(
    (pace): Action => ({
      id: `pace-${pace}`,
      group: 'Run',
      label: `Speed: ${paceText[pace][0].toLowerCase()}`,
      description: paceText[pace][1],
      keys: pace === 'slow' ? ['m'] : [],
      part: 'pace',
      lock: 'pace',
      enabled: (state) => state.pace !== pace,
      perform: (laboratory) => laboratory.setPace(pace),
    }),
  ),
];

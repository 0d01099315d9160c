/** Which moment the page shows, and the axis of its curves. */
import type { Laboratory } from '../laboratory.ts';
import { newestIteration } from '../state/arm.ts';
import { playbackRates, type XAxis, xAxes } from '../state/store.ts';
import { type Action, live } from './action.ts';

const axisText: Record<XAxis, string> = {
  iteration: 'iteration',
  samples: 'samples',
  updateTokens: 'update tokens',
  seconds: 'seconds',
  kl: 'distance from the start',
};

/** The iteration next to the one shown, over all arms. */
function moveCursor(laboratory: Laboratory, by: number): void {
  const { arms, cursor } = laboratory.store.getState();
  const newest = newestIteration(arms);
  if (newest === 0) return;
  const next = Math.max(1, (cursor ?? newest) + by);
  laboratory.view.setCursor(next >= newest ? null : next);
}

export const lookActions: readonly Action[] = [
  {
    id: 'earlier',
    group: 'Look',
    label: 'Show the iteration before',
    description: 'Moves every panel one iteration back in time.',
    keys: ['Shift+ArrowLeft'],
    part: 'scrubber',
    enabled: live,
    perform: (laboratory) => moveCursor(laboratory, -1),
  },
  {
    id: 'later',
    group: 'Look',
    label: 'Show the iteration after',
    description: 'Moves every panel one iteration on; at the end it follows the newest.',
    keys: ['Shift+ArrowRight'],
    part: 'scrubber',
    enabled: live,
    perform: (laboratory) => moveCursor(laboratory, 1),
  },
  {
    id: 'latest',
    group: 'Look',
    label: 'Follow the newest iteration',
    description: 'Lets every panel show the newest iteration again.',
    keys: ['l'],
    part: 'scrubber',
    enabled: ({ cursor }) => cursor !== null,
    perform: (laboratory) => laboratory.view.setCursor(null),
  },
  {
    id: 'playback',
    group: 'Look',
    label: ({ playingBack }) => (playingBack ? 'Stop playing back' : 'Play back'),
    description:
      'Walks all panels through the iterations that are there, from the first or the one shown. With reduced motion each press goes one on.',
    keys: ['k'],
    part: 'scrubber',
    enabled: ({ arms, playingBack }) => playingBack || newestIteration(arms) > 0,
    perform: (laboratory) => laboratory.playback.toggle(),
  },
  ...playbackRates.map(
    (rate): Action => ({
      id: `playback-${rate}`,
      group: 'Look',
      label: `Play back ${rate} iterations a second`,
      description: `Sets the speed of playing back to ${rate} iterations a second.`,
      keys: [],
      part: 'scrubber',
      enabled: ({ playbackRate }) => playbackRate !== rate,
      perform: (laboratory) => laboratory.playback.setRate(rate),
    }),
  ),
  {
    id: 'parting',
    group: 'Look',
    label: 'Jump to where reward and truth part',
    description:
      'Shows the iteration from which the reward keeps rising while the pass rate keeps falling, or says that there is none.',
    keys: ['j'],
    part: 'scrubber',
    enabled: ({ arms }) => newestIteration(arms) > 0,
    perform: (laboratory) => laboratory.view.showParting(),
  },
  ...xAxes.map(
    (axis): Action => ({
      id: `axis-${axis}`,
      group: 'Look',
      label: `Curves by ${axisText[axis]}`,
      description: `Draws all curves against ${axisText[axis]}.`,
      keys: [],
      enabled: (state) => state.xAxis !== axis,
      perform: (laboratory) => laboratory.view.setXAxis(axis),
    }),
  ),
];

/**
 * Every command of the page, once: its name, what it does, its keys, when it is possible. Buttons, the keyboard, the
 * command palette and the help all read this list.
 */
import type { Laboratory } from '../laboratory.ts';
import { presets } from '../settings/presets.ts';
import { type Method, methods, methodText } from '../settings/settings.ts';
import {
  type LabState,
  mostArms,
  newestIteration,
  type Pace,
  type PanelId,
  paces,
  playbackRates,
  type Theme,
  type XAxis,
  xAxes,
} from '../state/store.ts';
import { lessonIds, lessonPlace, syllabus } from '../state/syllabus.ts';
import { type Bounds, barred } from '../view/teaching.ts';

export const actionGroups = ['Run', 'Compare', 'Look', 'Learn', 'Page'] as const;

export interface Action extends Bounds {
  id: string;
  group: (typeof actionGroups)[number];
  label: string | ((state: LabState) => string);
  /** One line: what it does. */
  description: string;
  /** Keys, the first of which is shown. "mod" is Ctrl, or ⌘ on Apple machines. */
  keys: readonly string[];
  /** Never while a teacher's link leaves out its part or locks it. */
  enabled(state: LabState): boolean;
  perform(laboratory: Laboratory): void;
}

const always = () => true;
const live = ({ arms }: LabState) => arms.length > 0;
const canGoOn = ({ arms, mode }: LabState) =>
  mode === 'recorded' || arms.some((arm) => arm.state !== 'finished' && arm.state !== 'failed');

const paceText: Record<Pace, [label: string, what: string]> = {
  full: ['Full speed', 'No waiting between stations.'],
  calm: ['Calm', 'A quarter of a second at each station.'],
  slow: ['Slow motion', '1.2 seconds at each station, for following with the finger.'],
};
export const paceLabel = (pace: Pace) => paceText[pace][0];

const axisText: Record<XAxis, string> = {
  iteration: 'iteration',
  samples: 'samples',
  updateTokens: 'update tokens',
  seconds: 'seconds',
};

const panelText: Record<PanelId, [label: string, what: string, keys: readonly string[]]> = {
  settings: ['Settings', 'Shows or hides the settings of the chosen arm.', ['s']],
  inspector: ['Inspector', 'Shows or hides the program chosen in the rank strips.', ['i']],
  filters: ['Filter lab', 'Shows or hides the lab in which filters are tried on what was sampled.', ['b']],
  training: ['Train models', 'Shows or hides training of the policy and the reward models.', ['t']],
  packs: [
    'Problem packs',
    'Shows or hides problems from elsewhere, with a place to try programs on them.',
    [],
  ],
  runs: ['Saved runs', 'Shows or hides the runs that are kept in this browser.', ['u']],
  share: [
    'Share',
    'Puts together a link to this page as it is, for others, a lecture or a course page.',
    ['a'],
  ],
  experiments: [
    'Experiments',
    'Shows or hides experiments: arms over seeds, their mean curves and the leaderboard.',
    ['e'],
  ],
  finding: ['What we found', 'Shows or hides the paper’s numbers beside ours.', ['f']],
  help: ['Help', 'Lists keys, words and what to try first.', ['?']],
};

/** The iteration next to the one shown, over all arms. */
function moveCursor(laboratory: Laboratory, by: number): void {
  const { arms, cursor } = laboratory.store.getState();
  const newest = newestIteration(arms);
  if (newest === 0) return;
  const next = Math.max(1, (cursor ?? newest) + by);
  laboratory.view.setCursor(next >= newest ? null : next);
}

/** To another step of the lesson that is open. */
function turnPage(laboratory: Laboratory, by: number): void {
  const { guide } = laboratory.store.getState();
  if (guide?.view !== 'lesson') return;
  const last = guide.step + by >= syllabus[guide.id].steps;
  laboratory.view.setGuide(last ? { view: 'contents' } : lessonPlace(guide.id, guide.step + by));
}

const table: readonly Action[] = [
  // Before play: while a lesson is open the space bar turns its pages.
  {
    id: 'lesson-next',
    group: 'Learn',
    label: 'Next step of the lesson',
    description: 'While a lesson is open: goes on, and lets the step run what it shows.',
    keys: ['Space'],
    enabled: ({ guide }) => guide?.view === 'lesson',
    perform: (laboratory) => turnPage(laboratory, 1),
  },
  {
    id: 'lesson-back',
    group: 'Learn',
    label: 'Step before in the lesson',
    description: 'While a lesson is open: goes back one step.',
    keys: ['Backspace', 'Shift+Space'],
    enabled: ({ guide }) => guide?.view === 'lesson' && guide.step > 0,
    perform: (laboratory) => turnPage(laboratory, -1),
  },
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
  {
    id: 'undo',
    group: 'Compare',
    label: ({ undo }) => (undo === null ? 'Undo' : `Undo ${undo}`),
    description: 'Takes back the last change of what is compared, with its curves.',
    keys: ['mod+z'],
    enabled: ({ undo }) => undo !== null,
    perform: (laboratory) => laboratory.undo(),
  },
  {
    id: 'duplicate',
    group: 'Compare',
    label: 'Duplicate the chosen arm',
    description: 'Adds an arm with the same settings, to change one thing in.',
    keys: ['d'],
    part: 'arms',
    lock: 'arms',
    enabled: ({ activeArm, arms }) => activeArm !== null && arms.length < mostArms,
    perform: (laboratory) => {
      const { activeArm } = laboratory.store.getState();
      if (activeArm) laboratory.arms.duplicate(activeArm);
    },
  },
  {
    id: 'remove',
    group: 'Compare',
    label: 'Remove the chosen arm',
    description: 'Takes the arm off the page. Can be undone.',
    keys: [],
    part: 'arms',
    lock: 'arms',
    enabled: ({ activeArm, arms }) => activeArm !== null && arms.length > 1,
    perform: (laboratory) => {
      const { activeArm } = laboratory.store.getState();
      if (activeArm) laboratory.arms.remove(activeArm);
    },
  },
  ...methods.map(
    (method): Action => ({
      id: `add-${method}`,
      group: 'Compare',
      label: `Add ${methodText[method].label}`,
      description: methodText[method].what,
      keys: [],
      part: 'arms',
      lock: 'arms',
      enabled: ({ arms }) => arms.length < mostArms,
      perform: (laboratory) => addMethod(laboratory, method),
    }),
  ),
  ...presets.map(
    (preset): Action => ({
      id: `preset-${preset.id}`,
      group: 'Compare',
      label: `Preset: ${preset.label}`,
      description: preset.what,
      keys: [],
      part: 'presets',
      lock: 'presets',
      enabled: always,
      perform: (laboratory) => void laboratory.applyPreset(preset.id),
    }),
  ),
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
  ...(Object.keys(panelText) as PanelId[]).map(
    (panel): Action => ({
      id: `panel-${panel}`,
      group: panel === 'help' || panel === 'share' ? 'Page' : 'Look',
      label: panelText[panel][0],
      description: panelText[panel][1],
      keys: panelText[panel][2],
      part: panel,
      lock: panel === 'help' || panel === 'share' ? undefined : 'panels',
      enabled: always,
      perform: (laboratory) => {
        const { panels } = laboratory.store.getState();
        laboratory.view.setPanel(panel, !panels.includes(panel));
      },
    }),
  ),
  {
    id: 'lessons',
    group: 'Learn',
    label: 'Lessons',
    description: 'Eight lessons on the live page, five to ten minutes each.',
    keys: ['n'],
    part: 'lessons',
    enabled: always,
    perform: (laboratory) => {
      const { guide } = laboratory.store.getState();
      laboratory.view.setGuide(guide && guide.view !== 'glossary' ? null : { view: 'contents' });
    },
  },
  {
    id: 'glossary',
    group: 'Learn',
    label: 'Glossary',
    description: 'Every word and number of the page: one line, one formula.',
    keys: ['g'],
    part: 'lessons',
    enabled: always,
    perform: (laboratory) => {
      const { guide } = laboratory.store.getState();
      laboratory.view.setGuide(guide?.view === 'glossary' ? null : { view: 'glossary' });
    },
  },
  ...lessonIds.map(
    (id, index): Action => ({
      id: `lesson-${id}`,
      group: 'Learn',
      label: `Lesson ${index + 1}: ${syllabus[id].title}`,
      description: syllabus[id].what,
      keys: [],
      part: 'lessons',
      enabled: always,
      perform: (laboratory) => laboratory.view.setGuide(lessonPlace(id, 0)),
    }),
  ),
  {
    id: 'stop-demo',
    group: 'Learn',
    label: 'Stop the demo',
    description: 'Leaves the page as the demo has it now.',
    keys: ['Escape'],
    enabled: ({ demo }) => demo !== null,
    perform: (laboratory) => laboratory.view.stopDemo(),
  },
  ...(['system', 'light', 'dark'] as const satisfies readonly Theme[]).map(
    (theme): Action => ({
      id: `theme-${theme}`,
      group: 'Page',
      label: `Theme: ${theme}`,
      description: theme === 'system' ? 'Light or dark as the system says.' : `Always ${theme}.`,
      keys: [],
      part: 'theme',
      enabled: (state) => state.theme !== theme,
      perform: (laboratory) => laboratory.view.setTheme(theme),
    }),
  ),
];

/** Every action. None can be reached that a teacher's link has put away, from wherever it is asked for. */
export const actions: readonly Action[] = table.map((action) => ({
  ...action,
  enabled: (state) => !barred(state, action) && action.enabled(state),
}));

/** An arm of another method with the settings of the chosen arm, so that only the filter differs. */
function addMethod(laboratory: Laboratory, method: Method): void {
  const { arms, activeArm } = laboratory.store.getState();
  const base = arms.find((arm) => arm.id === activeArm) ?? arms[0];
  laboratory.arms.add({ settings: { ...structuredClone(base.settings), method } });
}

export const actionById = new Map(actions.map((action) => [action.id, action]));

export const labelOf = (action: Action, state: LabState) =>
  typeof action.label === 'string' ? action.label : action.label(state);

/** A key event in the notation of `keys`, for example "Shift+ArrowLeft", "mod+z", "?", "Space". */
export function chord(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A shifted character is its own name ("?"), a shifted named key is not ("Shift+ArrowLeft").
  const shift = event.shiftKey && event.key.length > 1 ? 'Shift+' : '';
  return `${event.altKey ? 'Alt+' : ''}${event.ctrlKey || event.metaKey ? 'mod+' : ''}${shift}${key}`;
}

/** The action of a key event, when it is possible now. */
export function actionFor(event: Parameters<typeof chord>[0], state: LabState): Action | null {
  const pressed = chord(event);
  return actions.find((action) => action.keys.includes(pressed) && action.enabled(state)) ?? null;
}

/** A key as it is printed on a key cap. */
export function keyCap(key: string, apple: boolean): string {
  return key
    .replace('mod+', apple ? '⌘' : 'Ctrl ')
    .replace('Shift+', apple ? '⇧' : 'Shift ')
    .replace('ArrowRight', '→')
    .replace('ArrowLeft', '←')
    .replace(/(^|[ ⌘⇧])([a-z])$/, (_, before: string, letter: string) => before + letter.toUpperCase());
}

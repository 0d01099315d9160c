/** Panels and dialogs, opened and closed. */
import type { PanelId } from '../state/pageParts.ts';
import { type Action, always } from './action.ts';

const panelText: Record<PanelId, [label: string, what: string, keys: readonly string[]]> = {
  settings: ['Settings', 'Shows or hides the settings of the chosen arm.', ['s']],
  inspector: ['Inspector', 'Shows or hides the program chosen in the rank strips.', ['i']],
  atlas: [
    'Atlas of methods',
    'Shows or hides the map of all losses: which side each takes, formulas side by side, and a run of it.',
    ['y'],
  ],
  filters: ['Filter lab', 'Shows or hides the lab in which filters are tried on what was sampled.', ['b']],
  training: [
    'Train models',
    'Shows or hides training of the policy, the reward models and the value network.',
    ['t'],
  ],
  arena: [
    'Decode arena',
    'Shows or hides Best-of-N beside Speculative Rejection: two ways to spend a budget of tokens, live.',
    [],
  ],
  steering: ['Steering', 'Shows or hides a frozen policy that a value network steers, token by token.', []],
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

export const panelActions: readonly Action[] = [
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
];

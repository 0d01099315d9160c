/**
 * Every command of the page, once: its name, what it does, its keys, when it is possible. Buttons, the keyboard, the
 * command palette and the help all read this list.
 */
import type { LabState } from '../state/store.ts';
import { barred } from '../view/teaching.ts';
import type { Action } from './action.ts';
import { compareActions } from './compare.ts';
import { chord } from './keys.ts';
import { learnActions, pageTurns } from './learn.ts';
import { lookActions } from './look.ts';
import { panelActions } from './panels.ts';
import { runActions } from './run.ts';
import { savedRunActions } from './savedRuns.ts';
import { themeActions } from './theme.ts';

/** Every action. None can be reached that a teacher's link has put away, from wherever it is asked for. */
export const actions: readonly Action[] = [
  // Before play: while a lesson is open the space bar turns its pages.
  ...pageTurns,
  ...runActions,
  ...compareActions,
  ...savedRunActions,
  ...lookActions,
  ...panelActions,
  ...learnActions,
  ...themeActions,
].map((action) => ({
  ...action,
  enabled: (state) => !barred(state, action) && action.enabled(state),
}));

export const actionById = new Map(actions.map((action) => [action.id, action]));

export const labelOf = (action: Action, state: LabState) =>
  typeof action.label === 'string' ? action.label : action.label(state);

/** The action of a key event, when it is possible now. */
export function actionFor(event: Parameters<typeof chord>[0], state: LabState): Action | null {
  const pressed = chord(event);
  return actions.find((action) => action.keys.includes(pressed) && action.enabled(state)) ?? null;
}

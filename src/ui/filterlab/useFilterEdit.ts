/** The filter under edit with its history: a gesture is one step, which undo takes back. */
import { useMemo, useReducer } from 'react';
import type { Ranking } from '../../core/filters/filter.ts';
import { commonestSize, type EditedFilter, editedFrom } from '../../lab/rollouts/edit/filterEdit.ts';
import type { ArmSettings } from '../../rlhf/settings.ts';
import { type History, record, redo, settle, startHistory, undo } from './editor/history.ts';

type Step =
  | { type: 'edit'; edit: EditedFilter; gesture: string | null }
  | { type: 'settle' | 'undo' | 'redo' };

function editing(history: History<EditedFilter>, step: Step): History<EditedFilter> {
  switch (step.type) {
    case 'edit':
      return record(history, step.edit, step.gesture);
    case 'settle':
      return settle(history);
    case 'undo':
      return undo(history);
    case 'redo':
      return redo(history);
    default:
      step satisfies never;
      return history;
  }
}

export interface FilterEdit {
  edit: EditedFilter;
  onEdit: (edit: EditedFilter, gesture: string | null) => void;
  /** Ends the gesture, so that the next change is a step of its own. */
  onSettle: () => void;
  onUndo: (() => void) | null;
  onRedo: (() => void) | null;
}

/**
 * @param settings where the edit starts from
 * @param given the responses' ranking where N is the size of their groups; null where N is to be chosen
 */
export function useFilterEdit(settings: ArmSettings, given: Ranking | null): FilterEdit {
  const [history, dispatch] = useReducer(editing, settings, (initial) => startHistory(editedFrom(initial)));
  const { past, present, future } = history;
  const edit = useMemo(
    () => (given ? { ...present, responses: commonestSize(given) } : present),
    [present, given],
  );
  return {
    edit,
    onEdit: (next, gesture) => dispatch({ type: 'edit', edit: next, gesture }),
    onSettle: () => dispatch({ type: 'settle' }),
    onUndo: past.length > 0 ? () => dispatch({ type: 'undo' }) : null,
    onRedo: future.length > 0 ? () => dispatch({ type: 'redo' }) : null,
  };
}

/** The filter under edit with its history: a gesture is one step, which undo takes back. */
import { useMemo, useReducer } from 'react';
import type { Looks } from '../../../core/analysis/rollouts.ts';
import type { Ranking } from '../../../core/filters/filter.ts';
import { commonestSize, type EditedFilter, editedFrom } from '../../../lab/rollouts/edit/filterEdit.ts';
import { type OwnScale, offScale, onScale, withoutScale } from '../../../lab/rollouts/edit/ownScale.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
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

/** What responses of a file say of the filter, which for an arm is to be chosen. */
export interface GivenByFile {
  /** N is the size of its groups. */
  ranking: Ranking;
  /** Of what the filters look at. */
  scale: (looks: Looks) => OwnScale;
}

/**
 * @param settings where the edit starts from
 * @param file null for responses of a run
 * @param truthKnown the true score of every response is known, so that filters may look at it
 */
export function useFilterEdit(
  settings: ArmSettings,
  file: GivenByFile | null,
  truthKnown: boolean,
): FilterEdit {
  const [history, dispatch] = useReducer(editing, settings, (initial) => {
    const edit = editedFrom(initial);
    return startHistory(file ? withoutScale(edit) : edit);
  });
  const { past, present, future } = history;
  const edit = useMemo(() => {
    const looks: Looks = present.looks === 'truth' && !truthKnown ? 'given' : present.looks;
    const looked = looks === present.looks ? present : { ...present, looks };
    if (file === null) return looked;
    return onScale({ ...looked, responses: commonestSize(file.ranking) }, file.scale(looks));
  }, [present, file, truthKnown]);
  return {
    edit,
    onEdit: (next, gesture) =>
      dispatch({ type: 'edit', edit: file ? offScale(next, file.scale(edit.looks)) : next, gesture }),
    onSettle: () => dispatch({ type: 'settle' }),
    onUndo: past.length > 0 ? () => dispatch({ type: 'undo' }) : null,
    onRedo: future.length > 0 ? () => dispatch({ type: 'redo' }) : null,
  };
}

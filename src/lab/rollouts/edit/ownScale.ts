/**
 * Knobs whose usual value means nothing on the scale of a file: what counts as right, and the thresholds. Until somebody
 * sets them the editor has them where the table has them. Pure.
 */
import type { Values } from '../../../rlhf/catalogue/knobs.ts';
import type { Scale } from '../analysis/standardFilters.ts';
import type { EditedFilter } from './filterEdit.ts';

const names = ['thresholdHigh', 'thresholdLow', 'passAt'] as const;
export type OwnScale = Pick<Scale, (typeof names)[number]>;

/** Stands in an edit for "as the file has it". */
const unset = Number.NaN;

function mapped(edit: EditedFilter, value: (name: (typeof names)[number], own: number) => number) {
  const change = (knobs: Values): Values => ({
    ...knobs,
    ...Object.fromEntries(
      names.filter((name) => name in knobs).map((name) => [name, value(name, knobs[name] as number)]),
    ),
  });
  return {
    ...edit,
    knobs: change(edit.knobs),
    prompts: { ...edit.prompts, knobs: change(edit.prompts.knobs) },
  };
}

/** An edit of which none of these knobs has been set. */
export const withoutScale = (edit: EditedFilter): EditedFilter => mapped(edit, () => unset);

/** What is shown: knobs that nobody has set stand where the file has them. */
export const onScale = (edit: EditedFilter, scale: OwnScale): EditedFilter =>
  mapped(edit, (name, own) => (Number.isNaN(own) ? scale[name] : own));

/** What is remembered: knobs that stand where the file has them follow the file. */
export const offScale = (edit: EditedFilter, scale: OwnScale): EditedFilter =>
  mapped(edit, (name, own) => (own === scale[name] ? unset : own));

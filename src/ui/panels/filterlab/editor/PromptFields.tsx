/** What comes before the filter of responses: which prompts, what both filters look at, when advantages are normalised. */
import type { Looks } from '../../../../core/analysis/rollouts.ts';
import { type EditedFilter, withPromptKnob } from '../../../../lab/rollouts/edit/filterEdit.ts';
import { catalogue, chosen, methodOf } from '../../../../rlhf/catalogue/catalogue.ts';
import type { About } from '../../../../rlhf/catalogue/method.ts';
import { trainingKnobs } from '../../../../rlhf/catalogue/settings.ts';
import shared from '../filterlab.module.css';
import styles from './editor.module.css';
import { Field } from './Field.tsx';

export interface PromptFieldsProps {
  edit: EditedFilter;
  range: readonly [number, number];
  /** The column of a file that filters look at; null: there is none beside the reward. */
  column: string | null;
  /** Of how many responses the true score is known. Filters may look at it where it is of all. */
  truth: 'all' | 'some' | 'none';
  onEdit: (edit: EditedFilter, gesture: string | null) => void;
}

export function PromptFields({ edit, range, column, truth, onEdit }: PromptFieldsProps) {
  const method: About = methodOf('promptFilter', edit.prompts.method);
  const looks = edit.looks === 'given' && column === null ? 'reward' : edit.looks;
  const choices: [Looks, string][] = [
    ...(column === null ? [] : [['given', column] as [Looks, string]]),
    ['reward', 'the reward'],
    ...(truth === 'all' ? [['truth', 'the true score'] as [Looks, string]] : []),
  ];
  const choose = (id: string) => {
    const { passAt } = edit.prompts.knobs;
    // Each has its own usual ends; what counts as right stays as it was set.
    const { method: _, ...usual } = chosen('promptFilter', id);
    const knobs = { ...edit.prompts.knobs, ...usual, passAt };
    onEdit({ ...edit, prompts: { method: id, knobs } }, null);
  };
  return (
    <>
      <div className={styles.fields} data-part="filter-prompts">
        <label className={styles.field} title={method.what}>
          Which prompts
          <select value={edit.prompts.method} onChange={(event) => choose(event.target.value)}>
            {catalogue.promptFilter.map(({ id, label, what }) => (
              <option key={id} value={id} title={what}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {Object.entries(method.knobs).map(([name, knob]) => (
          <Field
            key={name}
            name={name}
            knob={knob}
            range={range}
            value={edit.prompts.knobs[name] as number}
            onChange={(value) => onEdit(withPromptKnob(edit, name, value), `prompts ${name}`)}
          />
        ))}
        <label className={styles.field} title={trainingKnobs.filterOn.what}>
          Filter on
          <select
            value={looks}
            onChange={(event) => onEdit({ ...edit, looks: event.target.value as Looks }, null)}
          >
            {choices.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.field} title={trainingKnobs.normalise.what}>
          {trainingKnobs.normalise.label}
          <select
            value={edit.normalise}
            onChange={(event) =>
              onEdit({ ...edit, normalise: event.target.value as EditedFilter['normalise'] }, null)
            }
          >
            {trainingKnobs.normalise.options.map(({ value, label, what }) => (
              <option key={value} value={value} title={what}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p className={shared.hint}>
        {method.what}
        {truth === 'some'
          ? ' Filters cannot look at the true score, because it is not known of every response.'
          : ''}
      </p>
    </>
  );
}

/** The filter under edit: method, sampler, N and k, and the handles that belong to the method. */
import { useState } from 'react';
import {
  barsOf,
  choose,
  type EditedFilter,
  functionOf,
  samplerOf,
  setThreshold,
  setWeight,
  thresholdsOf,
  withKnob,
} from '../../../../lab/rollouts/edit/filterEdit.ts';
import { catalogue, methodOf } from '../../../../rlhf/catalogue/catalogue.ts';
import type { About } from '../../../../rlhf/catalogue/method.ts';
import { trainingKnobs } from '../../../../rlhf/catalogue/settings.ts';
import { sampler } from '../../../../rlhf/filter/rows.ts';
import { NumberField } from '../../../knobs/NumberField.tsx';
import shared from '../filterlab.module.css';
import { CustomFilter } from './CustomFilter.tsx';
import styles from './editor.module.css';
import { Field } from './Field.tsx';
import { PromptFields, type PromptFieldsProps } from './PromptFields.tsx';
import { RankBars } from './RankBars.tsx';

export interface FilterEditorProps extends Pick<PromptFieldsProps, 'column' | 'truth'> {
  edit: EditedFilter;
  /** The responses are there already, so their number is no choice. */
  hasFixedN: boolean;
  /** Responses per group in view: how many bars there are. */
  ranks: number;
  /** [ranks] expected uses by rank. */
  expected: readonly number[];
  range: readonly [number, number];
  onEdit: (edit: EditedFilter, gesture: string | null) => void;
  onSettle: () => void;
  onUndo: (() => void) | null;
  onRedo: (() => void) | null;
  onRunCustom: (source: string) => Promise<void>;
  /** Responses in view and all there are, when those are too many to follow a drag. */
  sample: { shown: number; total: number } | null;
}

export function FilterEditor(props: FilterEditorProps) {
  const { edit, onEdit } = props;
  const method: About = methodOf('filter', edit.method);
  const written = functionOf(edit);
  const bars = barsOf(edit, props.ranks);
  // Dragging a bar makes the filter a custom one. Monaco is large: load it only when asked for.
  const [asked, setAsked] = useState(edit.method === 'custom' && bars === null);
  const writing = asked || written.trim() !== '';
  return (
    <section className={styles.editor} aria-label="Filter editor" data-part="filter-editor">
      <div className={shared.row}>
        <div className={shared.presets} role="radiogroup" aria-label="Filter">
          {catalogue.filter.map(({ id, label, what }) => (
            <label key={id} className={shared.preset} title={what}>
              <input
                type="radio"
                name="filterlab-method"
                checked={edit.method === id}
                onChange={() => {
                  setAsked(id === 'custom');
                  onEdit(choose(edit, id), null);
                }}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
        <span className={shared.spring} />
        <button type="button" onClick={() => props.onUndo?.()} disabled={!props.onUndo}>
          Undo
        </button>
        <button type="button" onClick={() => props.onRedo?.()} disabled={!props.onRedo}>
          Redo
        </button>
      </div>
      <p className={shared.hint}>{method.what}</p>
      <div className={styles.fields}>
        {'sampler' in method.knobs ? (
          <label className={styles.field}>
            {sampler.label}
            <select
              value={samplerOf(edit)}
              onChange={(event) => onEdit(withKnob(edit, 'sampler', event.target.value), null)}
            >
              {sampler.options.map((option) => (
                <option key={option.value} value={option.value} title={option.what}>
                  {option.label}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        {props.hasFixedN ? (
          <label className={styles.field} title="As many as most groups of the file have">
            {trainingKnobs.responses.label}
            <output>{edit.responses}</output>
          </label>
        ) : (
          <Field
            name="responses"
            knob={trainingKnobs.responses}
            value={edit.responses}
            onChange={(responses) => onEdit({ ...edit, responses }, 'responses')}
          />
        )}
        {thresholdsOf(edit).map(({ which }) => (
          <Threshold key={which} {...props} which={which} />
        ))}
        {Object.entries(method.knobs).map(([name, knob]) =>
          thresholdNames.includes(name) ? null : (
            <Field
              key={name}
              name={name}
              knob={knob}
              range={props.range}
              value={edit.knobs[name] as number}
              onChange={(value) => onEdit(withKnob(edit, name, value), name)}
            />
          ),
        )}
      </div>
      {'sampler' in method.knobs ? (
        <p className={shared.hint}>
          {sampler.options.find((option) => option.value === samplerOf(edit))?.what}
        </p>
      ) : null}
      <PromptFields
        edit={edit}
        range={props.range}
        column={props.column}
        truth={props.truth}
        onEdit={onEdit}
      />
      {bars ? (
        <RankBars
          weights={bars}
          expected={props.expected}
          onWeight={(rank, weight, gesture) => onEdit(setWeight(edit, props.ranks, rank, weight), gesture)}
          onSettle={props.onSettle}
        />
      ) : null}
      {edit.method === 'custom' && !writing ? (
        <div className={shared.row}>
          <button type="button" onClick={() => setAsked(true)}>
            Write a function instead
          </button>
        </div>
      ) : null}
      {edit.method === 'custom' && writing ? (
        <CustomFilter
          source={written}
          onSource={(source) => onEdit(withKnob(edit, 'customFilter', source), 'code')}
          onRun={props.onRunCustom}
          sample={props.sample}
        />
      ) : null}
    </section>
  );
}

/** Thresholds have handles of their own, on the scale of the rewards in view. */
const thresholdNames = ['thresholdHigh', 'thresholdLow'];

function Threshold(props: FilterEditorProps & { which: 'high' | 'low' }) {
  const { which, edit, range } = props;
  const name = which === 'high' ? 'thresholdHigh' : 'thresholdLow';
  const knob = (methodOf('filter', edit.method) as About).knobs[name];
  const value = edit.knobs[name] as number;
  return (
    <div className={styles.field} title={knob.what}>
      <span aria-hidden="true">{knob.label}</span>
      <NumberField
        live
        label={`${knob.label}, number`}
        name={knob.label}
        value={value}
        min={Math.floor(Math.min(range[0], value) * 100) / 100}
        max={Math.ceil(Math.max(range[1], value) * 100) / 100}
        onChange={(moved) => props.onEdit(setThreshold(edit, which, moved), `${which} number`)}
      />
    </div>
  );
}

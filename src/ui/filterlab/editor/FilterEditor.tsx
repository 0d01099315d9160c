/** The filter under edit: method, sampler, N and k, and the handles that belong to the method. */
import { useState } from 'react';
import type { Sampler } from '../../../core/filter.ts';
import {
  barsOf,
  choose,
  type EditedFilter,
  isThresholdMethod,
  setThreshold,
  setWeight,
} from '../../../lab/rollouts/filterEdit.ts';
import { type Knob, knobs, type Method, methods, methodText } from '../../../lab/settings/settings.ts';
import { NumberField } from '../../knobs/NumberField.tsx';
import shared from '../filterlab.module.css';
import { CustomFilter } from './CustomFilter.tsx';
import styles from './editor.module.css';
import { RankBars } from './RankBars.tsx';

export interface FilterEditorProps {
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

/** PPO-S differs from PPO-M in the prompts that it samples, not in what it keeps, so it is no filter to edit. */
const offered = methods.filter((method) => method !== 'ppo-s');

export function FilterEditor(props: FilterEditorProps) {
  const { edit, onEdit } = props;
  const bars = barsOf(edit, props.ranks);
  // Dragging a bar makes the filter a custom one. Monaco is large: load it only when asked for.
  const [asked, setAsked] = useState(edit.method === 'custom' && bars === null);
  const writing = asked || edit.customFilter.trim() !== '';
  return (
    <section className={styles.editor} aria-label="Filter editor" data-part="filter-editor">
      <div className={shared.row}>
        <div className={shared.presets} role="radiogroup" aria-label="Filter">
          {offered.map((method) => (
            <label key={method} className={shared.preset} title={methodText[method].what}>
              <input
                type="radio"
                name="filterlab-method"
                checked={edit.method === method}
                onChange={() => {
                  setAsked(method === 'custom');
                  onEdit(choose(edit, method), null);
                }}
              />
              <span>{methodText[method].label}</span>
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
      <p className={shared.hint}>{methodText[edit.method].what}</p>
      <div className={styles.fields}>
        <label className={styles.field}>
          {knobs.sampler.label}
          <select
            value={edit.sampler}
            onChange={(event) => onEdit({ ...edit, sampler: event.target.value as Sampler }, null)}
          >
            {optionsOf(knobs.sampler).map((option) => (
              <option key={option.value} value={option.value} title={option.what}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
        {props.hasFixedN ? (
          <label className={styles.field} title="As many as most groups of the file have">
            {knobs.responses.label}
            <output>{edit.responses}</output>
          </label>
        ) : (
          <Field {...props} knob="responses" />
        )}
        {hasK(edit.method) ? <Field {...props} knob="keep" /> : null}
        {isThresholdMethod(edit.method) ? <Threshold {...props} which="high" /> : null}
        {edit.method === 'top-bott' ? <Threshold {...props} which="low" /> : null}
        {edit.method === 'top-rand' ? <Field {...props} knob="randomShare" /> : null}
        {edit.method === 'pow' ? <Field {...props} knob="powerExponent" /> : null}
      </div>
      <p className={shared.hint}>
        {optionsOf(knobs.sampler).find((option) => option.value === edit.sampler)?.what}
      </p>
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
          source={edit.customFilter}
          onSource={(customFilter) => onEdit({ ...edit, customFilter }, 'code')}
          onRun={props.onRunCustom}
          sample={props.sample}
        />
      ) : null}
    </section>
  );
}

/** Methods whose k is free: the others' names say how many they keep. */
const hasK = (method: Method) => ['br', 'bw', 'wr', 'rand2', 'custom'].includes(method);

const optionsOf = (knob: Knob) => (knob.kind === 'choice' ? knob.options : []);

function Field(props: FilterEditorProps & { knob: 'responses' | 'keep' | 'randomShare' | 'powerExponent' }) {
  const knob = knobs[props.knob];
  if (knob.kind !== 'number' && knob.kind !== 'integer') return null;
  return (
    <div className={styles.field} title={knob.what}>
      <span aria-hidden="true">{knob.label}</span>
      <NumberField
        live
        label={knob.label}
        value={props.edit[props.knob]}
        min={knob.min}
        max={knob.max}
        integer={knob.kind === 'integer'}
        onChange={(value) => props.onEdit({ ...props.edit, [props.knob]: value }, props.knob)}
      />
    </div>
  );
}

function Threshold(props: FilterEditorProps & { which: 'high' | 'low' }) {
  const { which, edit, range } = props;
  const knob = which === 'high' ? 'thresholdHigh' : 'thresholdLow';
  const low = Math.min(range[0], edit[knob]);
  const high = Math.max(range[1], edit[knob]);
  return (
    <div className={styles.field} title={knobs[knob].what}>
      <span aria-hidden="true">{knobs[knob].label}</span>
      <NumberField
        live
        label={`${knobs[knob].label}, number`}
        name={knobs[knob].label}
        value={edit[knob]}
        min={Math.floor(low * 100) / 100}
        max={Math.ceil(high * 100) / 100}
        onChange={(value) => props.onEdit(setThreshold(edit, which, value), `${which} number`)}
      />
    </div>
  );
}

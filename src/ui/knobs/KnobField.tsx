/** One knob of the table as a control: its name, what it does, what to expect, and the control that its kind asks for. */
import { Switch } from '@base-ui/react/switch';
import { useId, useState } from 'react';
import type { Knob, KnobValue } from '../../rlhf/catalogue/knobs.ts';
import { Explain } from '../charts/Explain.tsx';
import { Choice } from '../parts/Choice.tsx';
import { BarsField } from './BarsField.tsx';
import styles from './knobs.module.css';
import { SliderField } from './SliderField.tsx';

export interface KnobFieldProps {
  /** Its name in the table: what links, specs and demos call it. */
  name: string;
  knob: Knob;
  value: KnobValue;
  onCommit: (value: KnobValue) => void;
  /** Null, or why the table's other values do not go with this one. */
  refuse: (value: KnobValue) => string | null;
  /** A teacher's link keeps it as it is. */
  disabled?: boolean;
}

export function KnobField(props: KnobFieldProps) {
  const { knob } = props;
  const id = useId();
  return (
    <div className={styles.knob} data-knob={props.name} data-part={`knob-${props.name}`}>
      <div className={styles.label}>
        <span>{knob.label}</span>
        <Explain
          name={knob.label}
          what={`${knob.what} ${knob.kind === 'choice' || knob.kind === 'code' ? '' : 'Raised or switched on: '}${knob.expect}`}
        />
      </div>
      <Control {...props} describedBy={id} />
      <p id={id} className={styles.what}>
        {knob.what}
      </p>
    </div>
  );
}

function Control(props: KnobFieldProps & { describedBy: string }) {
  const { knob, value, onCommit, refuse, describedBy, disabled = false } = props;
  switch (knob.kind) {
    case 'number':
    case 'integer':
      return (
        <SliderField
          label={knob.label}
          value={value as number}
          min={knob.min}
          max={knob.max}
          step={knob.step}
          log={knob.log ?? false}
          integer={knob.kind === 'integer'}
          refuse={refuse}
          onChange={onCommit}
          describedBy={describedBy}
          disabled={disabled}
        />
      );
    case 'choice':
      return (
        <Choice
          label={knob.label}
          value={value as string}
          options={knob.options}
          onChange={onCommit}
          wide
          describedBy={describedBy}
          disabled={disabled}
        />
      );
    case 'toggle':
      return (
        <Switch.Root
          className={styles.switch}
          checked={value as boolean}
          onCheckedChange={onCommit}
          disabled={disabled}
          aria-label={knob.label}
          aria-describedby={describedBy}
        >
          <Switch.Thumb className={styles.switchThumb} />
        </Switch.Root>
      );
    case 'numbers': {
      const values = value as readonly number[];
      return (
        <BarsField
          label={knob.label}
          values={values}
          min={knob.min}
          max={knob.max}
          names={values.map((_, index) => knob.bar(index, values.length))}
          refuse={refuse}
          onCommit={onCommit}
          describedBy={describedBy}
          disabled={disabled}
        />
      );
    }
    case 'code':
      return <CodeField {...props} value={value as string} label={knob.label} />;
    default:
      knob satisfies never;
      return null;
  }
}

/** Text that is taken when the field is left, so that a half-written function never starts an arm again. */
function CodeField(props: KnobFieldProps & { describedBy: string; value: string; label: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null ? null : props.refuse(draft);
  return (
    <>
      <textarea
        className={styles.code}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={problem !== null}
        spellCheck={false}
        rows={6}
        disabled={props.disabled}
        placeholder="({ rewards, rng }) => …"
        value={draft ?? props.value}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => {
          if (draft === null || problem !== null) return;
          setDraft(null);
          if (draft !== props.value) props.onCommit(draft);
        }}
      />
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

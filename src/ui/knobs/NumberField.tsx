/**
 * A number, typed: taken when a person leaves the field or presses Enter, or with every digit. Text that does not fit
 * stays in the field with a message that says what does, and the value that was in force stays in force.
 */
import { useEffect, useId, useState } from 'react';
import styles from './knobs.module.css';

/** What a number may be, and what takes it when it changes. */
export interface NumberKnob {
  label: string;
  value: number;
  min: number;
  max: number;
  integer?: boolean;
  /** Null, or what is wrong with a value that is within the range. */
  refuse?: (value: number) => string | null;
  onChange: (value: number) => void;
  describedBy?: string;
  disabled?: boolean;
}

export const numberText = (value: number) =>
  value !== 0 && Math.abs(value) < 0.001 ? value.toExponential() : String(+value.toPrecision(6));

export interface NumberFieldProps extends NumberKnob {
  /** What messages call the number: its label by default. */
  name?: string;
  /** Take every digit at once: nothing costly hangs on the number. */
  live?: boolean;
}

export function NumberField(props: NumberFieldProps) {
  const { value } = props;
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  // What changes the value elsewhere, a slider for example, ends the typing.
  useEffect(() => setDraft((text) => (text !== null && numberOf(text) === value ? text : null)), [value]);
  const problem = draft === null ? null : problemOf(draft, props);
  const commit = () => {
    if (draft === null || problem !== null) return;
    setDraft(null);
    if (numberOf(draft) !== value) props.onChange(numberOf(draft));
  };
  return (
    <>
      <input
        type="text"
        inputMode="decimal"
        disabled={props.disabled}
        aria-label={props.label}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? props.describedBy : `${id}-problem`}
        value={draft ?? numberText(value)}
        onChange={(event) => {
          const text = event.target.value;
          setDraft(text);
          if (props.live && problemOf(text, props) === null) props.onChange(numberOf(text));
        }}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      {problem === null ? null : (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem} {numberText(value)} stays.
        </p>
      )}
    </>
  );
}

const numberOf = (text: string): number =>
  text.trim() === '' ? Number.NaN : Number(text.replace(',', '.').replace('−', '-'));

function problemOf(
  text: string,
  { label, name = label, min, max, integer, refuse }: NumberFieldProps,
): string | null {
  const value = numberOf(text);
  const fits =
    Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
  if (!fits)
    return `${name} must be a ${integer ? 'whole ' : ''}number from ${numberText(min)} to ${numberText(max)}.`;
  return refuse?.(value) ?? null;
}

/**
 * A slider with a numeric field beside it. Text that does not fit stays in the field with a message that says what
 * does, and the value that was in force stays in force.
 */
import { Slider } from '@base-ui/react/slider';
import { useId, useState } from 'react';
import styles from './knobs.module.css';

export interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** The slider's way is measured in powers of ten. */
  log?: boolean;
  /** Null, or what is wrong with a value that is within the range. */
  refuse?: (value: number) => string | null;
  integer?: boolean;
  onCommit: (value: number) => void;
  describedBy: string;
  disabled?: boolean;
}

/** Where a value stands on the slider, and back. */
function scaleOf({ min, max, step, log, integer }: NumberFieldProps) {
  // Counts that reach from a few to a thousand would have all their usual values in the first hair of a line.
  const powers = log || (integer && min >= 1 && max / min >= 500);
  if (!powers) {
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return {
      min,
      max,
      step,
      to: (x: number) => x,
      from: (x: number) => Number(x.toFixed(integer ? 0 : digits)),
    };
  }
  return {
    min: Math.log10(min),
    max: Math.log10(max),
    step: 0.02,
    to: Math.log10,
    // Two significant digits are as fine as a hand can set.
    from: (x: number) => {
      const value = Number((10 ** x).toPrecision(2));
      return Math.min(max, Math.max(min, integer ? Math.round(value) : value));
    },
  };
}

export const numberText = (value: number) =>
  value !== 0 && Math.abs(value) < 0.001
    ? value.toExponential().replace('e-', 'e-')
    : String(+value.toPrecision(6));

export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max } = props;
  const id = useId();
  const scale = scaleOf(props);
  const [dragged, setDragged] = useState<number | null>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const problem = draft === null ? null : problemOf(draft, props);
  const shown = dragged === null ? value : scale.from(dragged);
  const commit = () => {
    if (draft === null || problem !== null) return;
    setDraft(null);
    if (Number(draft) !== value) props.onCommit(Number(draft));
  };
  return (
    <div className={styles.number}>
      <Slider.Root
        className={styles.slider}
        disabled={props.disabled ?? false}
        value={dragged ?? scale.to(Math.min(max, Math.max(min, value)))}
        min={scale.min}
        max={scale.max}
        step={scale.step}
        onValueChange={(next) => {
          setDraft(null);
          setDragged(next as number);
        }}
        onValueCommitted={(next) => {
          setDragged(null);
          const committed = scale.from(next as number);
          if (committed !== value && !props.refuse?.(committed)) props.onCommit(committed);
        }}
      >
        <Slider.Control className={styles.control}>
          <Slider.Track className={styles.track}>
            <Slider.Indicator className={styles.indicator} />
            <Slider.Thumb
              className={styles.thumb}
              aria-label={label}
              aria-describedby={props.describedBy}
              getAriaValueText={(_, at) => numberText(scale.from(at))}
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <input
        type="text"
        inputMode="decimal"
        disabled={props.disabled}
        aria-label={`${label}, as a number`}
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? props.describedBy : `${id}-problem`}
        value={draft ?? numberText(shown)}
        onChange={(event) => setDraft(event.target.value)}
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
    </div>
  );
}

function problemOf(text: string, { label, min, max, integer, refuse }: NumberFieldProps): string | null {
  const value = text.trim() === '' ? Number.NaN : Number(text.replace(',', '.').replace('−', '-'));
  const fits =
    Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
  if (!fits)
    return `${label} must be a ${integer ? 'whole ' : ''}number from ${numberText(min)} to ${numberText(max)}.`;
  return refuse?.(value) ?? null;
}

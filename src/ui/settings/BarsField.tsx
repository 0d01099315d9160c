/**
 * A list of numbers as bars to drag: weights over ranks, or how unreliable the synthetic reward is in each band.
 * Every bar is a slider for mouse, touch and arrow keys, with its number beneath it.
 */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import styles from './settings.module.css';

export interface BarsFieldProps {
  label: string;
  values: readonly number[];
  min: number;
  max: number;
  /** What stands under each bar, and its spoken name. */
  names: readonly { short: string; long: string }[];
  /** Null, or what is wrong with the values as a whole. */
  refuse: (values: number[]) => string | null;
  onCommit: (values: number[]) => void;
  describedBy: string;
  disabled?: boolean;
}

const tidy = (value: number) => Number(value.toFixed(3));

export function BarsField(props: BarsFieldProps) {
  const { values, min, max, names } = props;
  const [dragged, setDragged] = useState<number[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = dragged ?? values;
  const top = Math.max(0.1, ...shown) > 0.5 * max ? max : Math.max(0.25 * max, 1.4 * Math.max(...shown));

  const commit = (next: number[]) => {
    setDragged(null);
    const refused = props.refuse(next);
    setProblem(refused);
    if (refused === null && next.some((value, i) => value !== values[i])) props.onCommit(next);
  };
  const withValue = (index: number, value: number) =>
    shown.map((old, i) => (i === index ? tidy(Math.min(max, Math.max(min, value))) : old));

  return (
    <div>
      <fieldset className={styles.bars} aria-label={props.label} aria-describedby={props.describedBy}>
        {shown.map((value, index) => (
          <Bar
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in the list
            key={index}
            name={names[index] ?? { short: String(index + 1), long: `number ${index + 1}` }}
            value={value}
            min={min}
            max={max}
            top={top}
            disabled={props.disabled ?? false}
            onDrag={(next) => setDragged(withValue(index, next))}
            onCommit={(next) => commit(withValue(index, next))}
          />
        ))}
      </fieldset>
      {problem === null ? null : (
        <p className={styles.problem} role="alert">
          {problem} The values from before stay.
        </p>
      )}
    </div>
  );
}

function Bar(props: {
  name: { short: string; long: string };
  value: number;
  min: number;
  max: number;
  /** Value at the upper edge of the plot. */
  top: number;
  disabled: boolean;
  onDrag: (value: number) => void;
  onCommit: (value: number) => void;
}) {
  const { value, min, max, top, name } = props;
  const track = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<string | null>(null);
  // The scale stands still while a bar is dragged.
  const held = useRef<{ top: number; value: number } | null>(null);
  const scale = held.current?.top ?? top;

  const at = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return scale * (1 - (event.clientY - box.top) / box.height);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (props.disabled) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    held.current = { top, value: at(event) };
    props.onDrag(at(event));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!held.current) return;
    held.current.value = at(event);
    props.onDrag(at(event));
  };
  const onPointerUp = () => {
    if (!held.current) return;
    const { value: last } = held.current;
    held.current = null;
    props.onCommit(last);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (props.disabled) return;
    const small = max / 100;
    const steps: Record<string, number> = {
      ArrowUp: value + small,
      ArrowRight: value + small,
      ArrowDown: value - small,
      ArrowLeft: value - small,
      PageUp: value + 10 * small,
      PageDown: value - 10 * small,
      Home: min,
      End: max,
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    props.onCommit(next);
  };
  const commitText = () => {
    const next = Number(draft);
    if (draft !== null && draft.trim() !== '' && Number.isFinite(next)) props.onCommit(next);
    setDraft(null);
  };
  return (
    <div className={styles.bar}>
      <div
        ref={track}
        className={styles.barTrack}
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={name.long}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuenow={value}
        aria-disabled={props.disabled}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onKeyDown={onKeyDown}
      >
        <span className={styles.barFill} style={{ height: `${Math.min(100, (100 * value) / scale)}%` }} />
      </div>
      <input
        type="text"
        inputMode="decimal"
        disabled={props.disabled}
        aria-label={`${name.long}, as a number`}
        // Two digits are what the place has room for; the slider's value has the rest.
        value={draft ?? String(Number(value.toFixed(2)))}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commitText}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commitText();
          if (event.key === 'Escape') setDraft(null);
        }}
      />
      <span className={styles.barName} aria-hidden="true">
        {name.short}
      </span>
    </div>
  );
}

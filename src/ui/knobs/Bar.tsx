/** One bar of a list of numbers: a slider for mouse, touch and arrow keys, with its number and its name beneath. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import styles from './knobs.module.css';

export interface BarProps {
  name: { short: string; long: string };
  value: number;
  min: number;
  max: number;
  /** Value at the upper edge of the plot. */
  top: number;
  /** What an arrow key adds, and what a page key adds. */
  steps: { arrow: number; page: number };
  disabled?: boolean;
  /** The value in words, and what it comes to; the number alone by default. */
  valueText?: string;
  /** Stands under the name. */
  note?: string;
  /** Follows the hand; may be outside the range. */
  onDrag: (value: number) => void;
  /** The hand has let go, or a number was typed. */
  onCommit: (value: number) => void;
}

export function Bar(props: BarProps) {
  const { value, min, max, top, name, steps, disabled = false } = props;
  const track = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<string | null>(null);
  // The scale stands still while a bar is dragged.
  const held = useRef<{ top: number; value: number } | null>(null);
  const scale = held.current?.top ?? top;

  const move = (next: number) => {
    held.current = { top: scale, value: next };
    props.onDrag(next);
  };
  const letGo = () => {
    if (!held.current) return;
    const { value: last } = held.current;
    held.current = null;
    props.onCommit(last);
  };
  const at = (event: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return scale * (1 - (event.clientY - box.top) / box.height);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (disabled) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    move(at(event));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) move(at(event));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (disabled) return;
    const next: Record<string, number> = {
      ArrowUp: value + steps.arrow,
      ArrowRight: value + steps.arrow,
      ArrowDown: value - steps.arrow,
      ArrowLeft: value - steps.arrow,
      PageUp: value + steps.page,
      PageDown: value - steps.page,
      Home: min,
      End: max,
    };
    if (!(event.key in next)) return;
    event.preventDefault();
    event.stopPropagation();
    move(Math.min(max, Math.max(min, next[event.key])));
  };
  const commitText = () => {
    const next = Number(draft?.replace(',', '.'));
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
        aria-valuetext={props.valueText}
        aria-disabled={disabled}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={letGo}
        onPointerCancel={letGo}
        onKeyDown={onKeyDown}
        onKeyUp={letGo}
        onBlur={letGo}
      >
        <span className={styles.barFill} style={{ height: `${Math.min(100, (100 * value) / scale)}%` }} />
      </div>
      <input
        type="text"
        inputMode="decimal"
        disabled={disabled}
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
        {props.note === undefined ? null : <small>{props.note}</small>}
      </span>
    </div>
  );
}

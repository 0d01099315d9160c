/** A list of numbers as bars to drag: weights over ranks, or how unreliable the synthetic reward is in each band. */
import { useState } from 'react';
import { Bar } from './Bar.tsx';
import styles from './knobs.module.css';

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
            steps={{ arrow: max / 100, page: max / 10 }}
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

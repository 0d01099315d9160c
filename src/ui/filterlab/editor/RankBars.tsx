/**
 * Weights over ranks as bars to drag: mouse, touch, arrow keys, and a number under each. Under every bar stands what
 * its weight comes to: how often a response of that rank is expected in the training set.
 */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { format } from '../../charts/curves.ts';
import styles from './editor.module.css';
import { NumberField } from './NumberField.tsx';

export interface RankBarsProps {
  weights: readonly number[];
  /** [ranks] expected uses of a response of this rank in a group of full size. */
  expected: readonly number[];
  onWeight: (rank: number, weight: number, gesture: string) => void;
  /** Ends the gesture, so that the next change is an undo step of its own. */
  onSettle: () => void;
}

export function RankBars(props: RankBarsProps) {
  return (
    <fieldset className={styles.bars}>
      <legend>Weight by rank, best first</legend>
      <div className={styles.barRow}>
        {props.weights.map((weight, rank) => (
          <Bar
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its rank
            key={rank}
            rank={rank}
            weight={weight}
            used={props.expected[rank] ?? 0}
            onWeight={props.onWeight}
            onSettle={props.onSettle}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Bar(
  props: Pick<RankBarsProps, 'onWeight' | 'onSettle'> & { rank: number; weight: number; used: number },
) {
  const { rank, weight } = props;
  const track = useRef<HTMLDivElement>(null);
  const gesture = `rank ${rank}`;
  const fromPointer = (event: PointerEvent) => {
    const { top, height } = track.current!.getBoundingClientRect();
    props.onWeight(rank, 1 - (event.clientY - top) / height, gesture);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = {
      ArrowUp: 0.05,
      ArrowRight: 0.05,
      ArrowDown: -0.05,
      ArrowLeft: -0.05,
      PageUp: 0.2,
      PageDown: -0.2,
    }[event.key];
    if (event.key === 'Home') props.onWeight(rank, 0, gesture);
    else if (event.key === 'End') props.onWeight(rank, 1, gesture);
    else if (step) props.onWeight(rank, weight + step, gesture);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles.bar}>
      <div
        ref={track}
        className={styles.barTrack}
        role="slider"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={`Weight of rank ${rank + 1}`}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={weight}
        aria-valuetext={`${format(weight, 2)}, used ${format(props.used, 2)} times`}
        onKeyDown={onKeyDown}
        onKeyUp={props.onSettle}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          fromPointer(event);
        }}
        onPointerMove={(event) =>
          event.currentTarget.hasPointerCapture(event.pointerId) && fromPointer(event)
        }
        onPointerUp={props.onSettle}
        onPointerCancel={props.onSettle}
      >
        <div className={styles.barFill} style={{ height: `${Math.min(1, weight) * 100}%` }} />
      </div>
      <NumberField
        label={`Weight of rank ${rank + 1}, number`}
        className={styles.barNumber}
        value={Math.round(weight * 1000) / 1000}
        min={0}
        max={1}
        step={0.05}
        onChange={(value) => props.onWeight(rank, value, `${gesture} number`)}
      />
      <span className={styles.barRank}>
        {rank + 1}
        <small>× {format(props.used, 2)}</small>
      </span>
    </div>
  );
}

/**
 * Weights over ranks as bars to drag. Under every bar stands what its weight comes to: how often a response of that rank
 * is expected in the training set.
 */
import { fixed } from '../../../../core/numberText.ts';
import { Bar } from '../../../knobs/Bar.tsx';
import styles from './editor.module.css';

export interface RankBarsProps {
  weights: readonly number[];
  /** [ranks] expected uses of a response of this rank in a group of full size. */
  expected: readonly number[];
  onWeight: (rank: number, weight: number, gesture: string) => void;
  /** Ends the gesture, so that the next change is an undo step of its own. */
  onSettle: () => void;
}

const steps = { arrow: 0.05, page: 0.2 };

export function RankBars({ weights, expected, onWeight, onSettle }: RankBarsProps) {
  return (
    <fieldset className={styles.bars}>
      <legend>Weight by rank, best first</legend>
      <div className={styles.barRow}>
        {weights.map((weight, rank) => {
          const used = fixed(expected[rank] ?? 0);
          return (
            <Bar
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its rank
              key={rank}
              name={{ short: String(rank + 1), long: `Weight of rank ${rank + 1}` }}
              value={weight}
              min={0}
              max={1}
              top={1}
              steps={steps}
              valueText={`${fixed(weight)}, used ${used} times`}
              note={`× ${used}`}
              onDrag={(value) => onWeight(rank, value, `rank ${rank}`)}
              onCommit={(value) => {
                onWeight(rank, value, `rank ${rank}`);
                onSettle();
              }}
            />
          );
        })}
      </div>
    </fieldset>
  );
}

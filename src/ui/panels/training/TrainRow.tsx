/** Starts the training of a model, beside where the model came from that stands in its place now. */
import type { ModelSlot } from '../../../lab/trainer/models/modelSlots.ts';
import parts from '../../parts/parts.module.css';
import { Origin } from './Origin.tsx';
import styles from './training.module.css';

export function TrainRow(props: {
  label: string;
  /** The model that is replaced. */
  slot: ModelSlot;
  /** Another job is at work, or the settings are refused. */
  blocked: boolean;
  onTrain: () => void;
}) {
  return (
    <div className={styles.row}>
      <button
        type="button"
        className={parts.primary}
        aria-disabled={props.blocked}
        onClick={() => !props.blocked && props.onTrain()}
      >
        {props.label}
      </button>
      <Origin slot={props.slot} />
    </div>
  );
}

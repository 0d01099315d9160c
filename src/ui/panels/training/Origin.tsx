/** Where the model of a slot comes from, and the way back to the shipped one. */
import type { ModelSlot } from '../../../lab/trainer/models/modelSlots.ts';
import { useLab, useLaboratory } from '../../useLab.ts';
import styles from './training.module.css';

const originText = {
  shipped: 'In use: the one that came with the page.',
  trained: 'In use: the one trained in this tab.',
  imported: 'In use: the one from your files.',
} as const;

export function Origin({ slot }: { slot: ModelSlot }) {
  const laboratory = useLaboratory();
  const origin = useLab((state) => state.models[slot]);
  return (
    <span className={styles.origin}>
      {originText[origin]}
      {origin === 'shipped' ? null : (
        <button type="button" onClick={() => laboratory.models.forget(slot)}>
          Go back to the shipped one
        </button>
      )}
    </span>
  );
}

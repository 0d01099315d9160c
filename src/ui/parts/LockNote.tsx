/** Says, beside what cannot be changed, that a teacher's link has locked it. */
import { lockedNote } from '../../lab/view/teaching.ts';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';

export function LockNote({ id }: { id?: string }) {
  return (
    <span id={id} className={styles.lockNote}>
      <Icon name="lock" size={13} /> {lockedNote}
    </span>
  );
}

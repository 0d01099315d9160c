/** The line under the header: what is seen now. */
import { useLabShallow } from '../useLab.ts';
import styles from './hero.module.css';
import { heroText } from './heroText.ts';

export function Hero() {
  const text = useLabShallow((state) => heroText(state));
  return (
    // Spoken when it changes, but not at every iteration of a run.
    <p
      className={styles.hero}
      role="status"
      aria-live={text.badge === 'Live' ? 'off' : 'polite'}
      aria-atomic="true"
    >
      <span className={styles.badge} data-kind={text.badge}>
        {text.badge}
      </span>
      <span className={styles.sentence}>{text.sentence}</span>
    </p>
  );
}

/** Messages: what happened and what to do, with a button that does it. */
import { ActionButton } from '../parts/ActionButton.tsx';
import { Icon } from '../parts/Icon.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import styles from './notices.module.css';

export function Notices() {
  const laboratory = useLaboratory();
  const notices = useLab((state) => state.notices);
  return (
    <section className={styles.board} aria-label="Messages">
      {notices.map((notice) => (
        <div
          key={notice.id}
          className={styles.notice}
          data-kind={notice.kind}
          role={notice.kind === 'error' ? 'alert' : 'status'}
        >
          <p>{notice.text}</p>
          {notice.action ? <ActionButton action={notice.action} /> : null}
          <button
            type="button"
            className={styles.close}
            aria-label="Dismiss this message"
            onClick={() => laboratory.notices.dismiss(notice.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </section>
  );
}

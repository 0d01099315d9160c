/** A named part of the page on a sheet of its own. */
import { type ReactNode, useId } from 'react';
import type { PanelId } from '../../lab/store.ts';
import { useLaboratory } from '../useLab.ts';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';

export function Panel(props: {
  title: ReactNode;
  children: ReactNode;
  tools?: ReactNode;
  /** Gives the panel a button that closes it. */
  closes?: PanelId;
  className?: string;
}) {
  const id = useId();
  const laboratory = useLaboratory();
  const { closes } = props;
  return (
    <section className={`${styles.panel} ${props.className ?? ''}`} aria-labelledby={id}>
      <header className={styles.panelHead}>
        <h2 id={id}>{props.title}</h2>
        <div className={styles.panelTools} data-screen-only>
          {props.tools}
          {closes ? (
            <button
              type="button"
              className={styles.iconButton}
              aria-label="Close this panel"
              onClick={() => laboratory.setPanel(closes, false)}
            >
              <Icon name="close" />
            </button>
          ) : null}
        </div>
      </header>
      {props.children}
    </section>
  );
}

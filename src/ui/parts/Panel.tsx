/** A named part of the page on a sheet of its own. */
import { type ReactNode, useId } from 'react';
import type { PanelId } from '../../lab/state/pageParts.ts';
import { useLaboratory, useLocked } from '../useLab.ts';
import { Icon } from './Icon.tsx';
import styles from './parts.module.css';

export function Panel(props: {
  title: ReactNode;
  children: ReactNode;
  tools?: ReactNode;
  /** Gives the panel a button that closes it. */
  closes?: PanelId;
  className?: string;
  /** Level of its heading, when it stands inside another part. Default 2. */
  level?: 2 | 3;
}) {
  const id = useId();
  const laboratory = useLaboratory();
  const { closes } = props;
  const locked = useLocked('panels');
  const Heading = props.level === 3 ? 'h3' : 'h2';
  return (
    <section
      className={`${styles.panel} ${props.className ?? ''}`}
      aria-labelledby={id}
      data-part={closes && `panel-${closes}`}
    >
      <header className={styles.panelHead}>
        <Heading id={id}>{props.title}</Heading>
        <div className={styles.panelTools} data-screen-only>
          {props.tools}
          {closes && !locked ? (
            <button
              type="button"
              className={styles.iconButton}
              aria-label="Close this panel"
              onClick={() => laboratory.view.setPanel(closes, false)}
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

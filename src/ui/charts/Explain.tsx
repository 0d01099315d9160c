/** A small "i" beside a name: what the thing is, and its formula. Opens on hover, focus, tap and key alike. */
import { Popover } from '@base-ui/react/popover';
import { memo } from 'react';
import styles from './charts.module.css';

export const Explain = memo(function Explain(props: { name: string; what: string; formula?: string }) {
  return (
    <Popover.Root>
      <Popover.Trigger
        className={styles.explain}
        openOnHover
        delay={200}
        aria-label={`What is ${props.name}?`}
      >
        i
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} collisionPadding={8} className={styles.explainLayer}>
          <Popover.Popup className={styles.explainCard}>
            <Popover.Title className={styles.explainTitle}>{props.name}</Popover.Title>
            <Popover.Description className={styles.explainText}>{props.what}</Popover.Description>
            {props.formula ? <p className={styles.explainFormula}>{props.formula}</p> : null}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
});

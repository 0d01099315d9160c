/** A text to take away: shown whole, with its length, a button that copies it, and word of whether it did. */
import { type ReactNode, useId, useState } from 'react';
import parts from '../parts/parts.module.css';
import styles from './share.module.css';

export function Copied(props: {
  title: string;
  text: string;
  /** Longer texts than this get a warning. */
  longAt?: number;
  /** An address to try it at. */
  open?: string;
  children?: ReactNode;
}) {
  const { text, longAt } = props;
  const id = useId();
  const [state, setState] = useState<{ copied: string } | 'refused' | null>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState({ copied: text });
    } catch {
      setState('refused');
    }
  };
  const said =
    state === 'refused'
      ? 'The browser did not allow it: select the text and copy it.'
      : state?.copied === text
        ? 'Copied.'
        : '';
  return (
    <section className={styles.copied} aria-labelledby={id}>
      <div className={styles.line}>
        <h3 id={id}>{props.title}</h3>
        <span className={styles.length}>
          {text.length.toLocaleString('en-GB')} characters
          {longAt !== undefined && text.length > longAt
            ? ': some mail programs cut links as long as this'
            : ''}
        </span>
      </div>
      <textarea
        readOnly
        rows={3}
        value={text}
        aria-labelledby={id}
        onFocus={(event) => event.target.select()}
      />
      {props.children}
      <div className={styles.line}>
        <button type="button" className={parts.primary} onClick={() => void copy()}>
          Copy {props.title.toLowerCase()}
        </button>
        {props.open ? (
          <a href={props.open} target="_blank" rel="noopener">
            Try it in a new tab
          </a>
        ) : null}
        <span role="status">{said}</span>
      </div>
    </section>
  );
}

/** A field of the spec as text: what does not fit stays as it was typed, with the complaint beside it. */
import { useEffect, useId, useState } from 'react';
import type { SettingIssue } from '../../../lab/settings/refusal.ts';
import styles from './experiments.module.css';

export function SpecField(props: {
  label: string;
  hint?: string;
  /** Stands in the empty field. */
  placeholder?: string;
  /** What the spec says. */
  text: string;
  issue?: SettingIssue | undefined;
  onText: (text: string) => void;
}) {
  const id = useId();
  const { text, issue, hint } = props;
  const [typed, setTyped] = useState(text);
  const [own, setOwn] = useState(text);
  // The spec changed elsewhere: in the JSON, or by another field.
  useEffect(() => {
    if (text !== own) {
      setTyped(text);
      setOwn(text);
    }
  }, [text, own]);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        value={typed}
        placeholder={props.placeholder}
        aria-invalid={issue !== undefined}
        aria-describedby={hint || issue ? `${id}-note` : undefined}
        onChange={(event) => {
          setTyped(event.target.value);
          props.onText(event.target.value);
        }}
        onBlur={() => setTyped(text)}
      />
      {issue || hint ? (
        <small id={`${id}-note`} data-bad={issue !== undefined}>
          {issue?.message ?? hint}
        </small>
      ) : null}
    </div>
  );
}

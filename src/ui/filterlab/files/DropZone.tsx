/** Where rollout files are dropped or chosen. Says what is understood, and what was wrong with what was not. */
import { type DragEvent, useState } from 'react';
import type { ImportFailure } from '../../../lab/rollouts/importProtocol.ts';
import styles from './files.module.css';

export function DropZone(props: {
  onFiles: (files: readonly File[]) => void;
  failures: readonly ImportFailure[];
}) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    props.onFiles([...event.dataTransfer.files]);
  };
  return (
    <section
      className={styles.drop}
      data-over={over}
      aria-label="Your own rollouts"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>
        <b>Drop rollout files here</b>, or{' '}
        <label className={styles.choose}>
          choose files
          <input
            type="file"
            multiple
            aria-label="Choose rollout files"
            onChange={(event) => {
              props.onFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </label>
      </p>
      <p className={styles.small}>
        verl, TRL, OpenRLHF, open-instruct and RL Logging Board dumps are recognised; any JSON lines, CSV or
        parquet can be mapped. Up to a million rows. Files stay on this machine.
      </p>
      {props.failures.length > 0 ? (
        <ul className={styles.failures} role="alert">
          {props.failures.map((failure) => (
            <li key={failure.name + failure.message}>{failure.message}</li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

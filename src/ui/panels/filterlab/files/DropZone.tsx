/** Where rollout files are dropped or chosen. Says what is understood, and what was wrong with what was not. */
import { type DragEvent, useState } from 'react';
import type { NamedBlob } from '../../../../io/inspect.ts';
import type { ImportFailure } from '../../../../lab/rollouts/files/importProtocol.ts';
import { droppedFiles, namedFiles } from './dropped.ts';
import { Failure } from './Failure.tsx';
import styles from './files.module.css';

export function DropZone(props: {
  onFiles: (files: readonly NamedBlob[]) => void;
  failures: readonly ImportFailure[];
}) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(props.onFiles);
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
        <b>Drop rollout files or folders here</b>, or{' '}
        <label className={styles.choose}>
          choose files
          <input
            type="file"
            multiple
            aria-label="Choose rollout files"
            onChange={(event) => {
              const files = [...(event.target.files ?? [])];
              props.onFiles(namedFiles(files.map((file) => ({ path: file.name, file }))));
              event.target.value = '';
            }}
          />
        </label>
      </p>
      <p className={styles.small}>
        What verl, TRL, OpenRLHF, NeMo-RL, open-instruct and others write is recognised; any JSON lines, CSV
        or parquet can be mapped. Up to a million rows. Files stay on this machine.
      </p>
      {props.failures.length > 0 ? (
        <div role="alert">
          <ul className={styles.failures}>
            {props.failures.map(({ name, message }) => (
              <li key={name + message}>
                <Failure message={message} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  );
}

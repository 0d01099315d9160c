/** Which of the files are read: strangers and broken ones are named, and any file can be left out by hand. */
import { type Form, filesInWords } from '../../../../io/files/forms.ts';
import type { ImportFailure } from '../../../../lab/rollouts/files/importProtocol.ts';
import { Failure } from './Failure.tsx';
import styles from './files.module.css';

/** Files that are not read, and why. */
export function LeftOut(props: {
  forms: readonly Form[];
  failures: readonly ImportFailure[];
  nameOf: (number: number) => string;
  onTake: (form: Form) => void;
}) {
  const { forms, failures, nameOf } = props;
  if (forms.length + failures.length === 0) return null;
  return (
    <div role="alert">
      <ul className={styles.failures}>
        {failures.map(({ name, message }) => (
          <li key={name + message}>
            <Failure message={message} />
          </li>
        ))}
        {forms.map((form) => (
          <li key={form.files[0]}>
            {filesInWords(form.files.map(nameOf))} {form.files.length === 1 ? 'is' : 'are'} left out
            {form.strange === null ? '' : `: ${form.strange}`}.{' '}
            <button type="button" onClick={() => props.onTake(form)}>
              Read {form.files.length === 1 ? 'it' : 'them'} all the same
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The files of one form, each of which can be left out. */
export function FormFiles(props: {
  files: readonly number[];
  nameOf: (number: number) => string;
  left: ReadonlySet<number>;
  onLeave: (numbers: readonly number[], out: boolean) => void;
}) {
  const { files, nameOf, left, onLeave } = props;
  const read = files.filter((number) => !left.has(number)).length;
  return (
    <details>
      <summary>
        {read === files.length
          ? `${files.length === 1 ? 'One file' : `All ${files.length.toLocaleString('en-GB')} files`} read so`
          : `${read.toLocaleString('en-GB')} of ${files.length.toLocaleString('en-GB')} files read so`}
      </summary>
      <div className={styles.members}>
        {files.map((number) => (
          <label key={number}>
            <input
              type="checkbox"
              checked={!left.has(number)}
              onChange={(event) => onLeave([number], !event.target.checked)}
            />
            {nameOf(number)}
          </label>
        ))}
      </div>
    </details>
  );
}

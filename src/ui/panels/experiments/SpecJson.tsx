/** The spec as JSON: to read, edit, paste, open from a file, or carry to the command line. */
import { useState } from 'react';
import { download } from '../../charts/exportFigure.ts';
import { FileButton } from '../../parts/FileButton.tsx';
import styles from './experiments.module.css';

/** Whether two texts say the same in JSON, whatever their spaces. */
function same(a: string, b: string): boolean {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
}

export function SpecJson(props: {
  /** The spec as it stands. */
  text: string;
  /** What was typed is no JSON: it stays in the field until it is. */
  broken: boolean;
  onText: (text: string) => void;
  onFile: (file: File) => void;
}) {
  const { broken } = props;
  const [typed, setTyped] = useState(props.text);
  // What a person types keeps its own line breaks while it means the same.
  const text = broken || same(typed, props.text) ? typed : props.text;
  const onText = (next: string) => {
    setTyped(next);
    props.onText(next);
  };
  return (
    <details className={styles.json}>
      <summary>As JSON</summary>
      <p>
        The same spec runs from a terminal: <code>npm run experiment -- spec.json</code>. Edit it here, paste
        another, or drop a file anywhere on this form.
      </p>
      <textarea
        aria-label="The spec as JSON"
        spellCheck={false}
        rows={Math.min(24, Math.max(6, text.split('\n').length))}
        value={text}
        aria-invalid={broken}
        onChange={(event) => onText(event.target.value)}
      />
      <div className={styles.fields}>
        <FileButton
          label="Open a file …"
          accept=".json,application/json"
          onFiles={([file]) => props.onFile(file)}
        />
        <button type="button" onClick={() => download('spec.json', 'application/json', text)}>
          Save as a file
        </button>
      </div>
    </details>
  );
}

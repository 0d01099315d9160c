/** The whole experiment to take away: its spec, every number of every run, a name to find it by. */
import { useState } from 'react';
import { experimentFile, metricsFile, specOf } from '../../../lab/experiments/outcome/experimentFiles.ts';
import type { ExperimentView } from '../../../lab/state/experimentsState.ts';
import { download, fileName } from '../../charts/exportFigure.ts';
import styles from './experiments.module.css';

export function TakeAway(props: {
  view: ExperimentView;
  baseline: string;
  onRename: (name: string) => void;
}) {
  const { view, baseline } = props;
  const [name, setName] = useState(view.name);
  const file = fileName(view.name);
  return (
    <section className={styles.take} aria-label="Take away" data-screen-only>
      <h3>Take away</h3>
      <div className={styles.fields}>
        <form
          className={styles.rename}
          onSubmit={(event) => {
            event.preventDefault();
            props.onRename(name);
          }}
        >
          <label>
            Name
            <input
              type="text"
              value={name}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <button type="submit" aria-disabled={name.trim() === '' || name.trim() === view.name}>
            Rename
          </button>
        </form>
        <button
          type="button"
          onClick={() =>
            download(
              `${file}-spec.json`,
              'application/json',
              `${JSON.stringify(specOf(view.spec), null, 2)}\n`,
            )
          }
        >
          Spec (JSON)
        </button>
        <button
          type="button"
          onClick={() => download(`${file}-metrics.jsonl`, 'application/jsonl', metricsFile(view))}
        >
          Every number (JSON lines)
        </button>
        <button
          type="button"
          onClick={() =>
            download(
              `${file}.json`,
              'application/json',
              `${JSON.stringify(experimentFile(view, baseline), null, 2)}\n`,
            )
          }
        >
          Summary (JSON)
        </button>
      </div>
      <p className={styles.quiet}>
        The spec runs again with <code>npm run experiment -- spec.json</code> and gives the same numbers; the
        JSON lines are its <code>metrics.jsonl</code>.
      </p>
    </section>
  );
}

/** Experiments that are stored in this browser: look at one, go on with it, delete it. */
import { useState } from 'react';
import type { StoredExperiment } from '../../../lab/storage/runStore.ts';
import { bytesText, sizeOf } from '../../../lab/storage/space.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useLab, useLaboratory } from '../../useLab.ts';
import experimentList from './experimentList.module.css';
import styles from './experiments.module.css';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function ExperimentList() {
  const runs = useLab((state) => state.runs);
  const computing = useLab((state) => state.experiments.computing);
  const { experiments, list, elsewhere } = runs;
  const own = (id: string) => list.filter((run) => run.experiment === id);
  return (
    <section className={experimentList.list} aria-label="Stored experiments">
      <h3>Stored experiments</h3>
      {experiments.length === 0 ? (
        <p className={styles.quiet}>
          {runs.storage === 'refused'
            ? 'This browser stores nothing: an experiment is gone when the page is closed.'
            : 'None yet. The first one that you start is kept here, with every run.'}
        </p>
      ) : (
        <ul>
          {experiments.map((experiment) => (
            <Item
              key={experiment.id}
              experiment={experiment}
              done={own(experiment.id).filter((run) => run.finished).length}
              bytes={own(experiment.id).reduce((sum, run) => sum + sizeOf(run), 0)}
              state={
                computing?.id === experiment.id
                  ? 'computes now'
                  : elsewhere.includes(experiment.id)
                    ? 'computes in another tab'
                    : experiment.state === 'open'
                      ? 'cut off'
                      : experiment.state
              }
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item(props: {
  experiment: StoredExperiment;
  /** Runs that are finished, and what all of them take. */
  done: number;
  bytes: number;
  state: string;
}) {
  const laboratory = useLaboratory();
  const [asking, setAsking] = useState(false);
  const { experiment, done, bytes, state } = props;
  const { id, name, created, runs } = experiment;
  return (
    <li>
      <div>
        <b>{name}</b>
        <p>
          {state} · {done} of {runs.length} {runs.length === 1 ? 'run' : 'runs'} finished ·{' '}
          {date.format(created)}
        </p>
      </div>
      {asking ? (
        <div className={experimentList.itemTools}>
          <button
            type="button"
            // The field stands in the place of the button that opened it.
            // biome-ignore lint/a11y/noAutofocus: the person asked for this
            autoFocus
            aria-label={`Delete ${name} with its runs`}
            onClick={() => void laboratory.experiments.remove(id)}
          >
            Delete with its runs{bytes > 0 ? `, ${bytesText(bytes)}` : ''}
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            Keep
          </button>
        </div>
      ) : (
        <div className={experimentList.itemTools}>
          <button
            type="button"
            aria-label={`Show ${name}`}
            onClick={() => void laboratory.experiments.show(id)}
          >
            Show
          </button>
          <button
            type="button"
            className={experimentList.square}
            aria-label={`Delete ${name} …`}
            onClick={() => setAsking(true)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </li>
  );
}

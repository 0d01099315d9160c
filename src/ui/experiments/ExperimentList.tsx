/** Experiments that are stored in this browser: look at one, go on with it, delete it. */
import type { StoredExperiment } from '../../lab/runs/runStore.ts';
import { Icon } from '../parts/Icon.tsx';
import { useLab, useLaboratory } from '../useLab.ts';
import styles from './experiments.module.css';

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function ExperimentList() {
  const runs = useLab((state) => state.runs);
  const computing = useLab((state) => state.experiments.computing);
  const { experiments, list, elsewhere } = runs;
  const done = (id: string) => list.filter((run) => run.experiment === id && run.finished).length;
  return (
    <section className={styles.list} aria-label="Stored experiments">
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
              done={done(experiment.id)}
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

function Item({ experiment, done, state }: { experiment: StoredExperiment; done: number; state: string }) {
  const laboratory = useLaboratory();
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
      <div className={styles.itemTools}>
        <button
          type="button"
          aria-label={`Show ${name}`}
          onClick={() => void laboratory.experiments.show(id)}
        >
          Show
        </button>
        <button
          type="button"
          className={styles.square}
          aria-label={`Delete ${name} with its runs`}
          onClick={() => void laboratory.experiments.remove(id)}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
    </li>
  );
}

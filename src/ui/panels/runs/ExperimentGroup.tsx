/** The runs of an experiment in the list of saved runs: one line, folded, with the way to the experiment. */
import { type ReactNode, useState } from 'react';
import type { StoredRun } from '../../../lab/storage/runStore.ts';
import { bytesText, sizeOf } from '../../../lab/storage/space.ts';
import { useLaboratory } from '../../useLab.ts';
import type { Group } from './groupRuns.ts';
import styles from './runs.module.css';

export function ExperimentGroup({
  experiment,
  runs,
  children,
}: Group & { children: (run: StoredRun) => ReactNode }) {
  const laboratory = useLaboratory();
  const [open, setOpen] = useState(false);
  const finished = runs.filter((run) => run.finished).length;
  const bytes = runs.reduce((sum, run) => sum + sizeOf(run), 0);
  const show = () => {
    laboratory.view.setPanel('experiments', true);
    void laboratory.experiments.show(experiment.id);
  };
  return (
    <li className={styles.group}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <b>{experiment.name}</b> <span>experiment</span>
          <span>
            {runs.length} {runs.length === 1 ? 'run' : 'runs'}, {finished} finished · {bytesText(bytes)}
          </span>
        </summary>
        {open ? <ul aria-label={`Runs of ${experiment.name}`}>{runs.map(children)}</ul> : null}
      </details>
      <button type="button" aria-label={`Show the experiment ${experiment.name}`} onClick={show}>
        Show
      </button>
    </li>
  );
}

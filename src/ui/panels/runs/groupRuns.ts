/** The list of stored runs with those of one experiment together, where the latest of them stands. */
import type { StoredExperiment, StoredRun } from '../../../lab/storage/runStore.ts';

export interface Group {
  experiment: StoredExperiment;
  runs: StoredRun[];
}

/** Runs whose experiment is gone stand alone. */
export function grouped(
  runs: readonly StoredRun[],
  experiments: readonly StoredExperiment[],
): (StoredRun | Group)[] {
  const known = new Map(experiments.map((experiment) => [experiment.id, experiment]));
  const groups = new Map<string, Group>();
  const entries: (StoredRun | Group)[] = [];
  for (const run of runs) {
    const experiment = run.experiment === null ? undefined : known.get(run.experiment);
    const group = experiment && groups.get(experiment.id);
    if (!experiment) entries.push(run);
    else if (group) group.runs.push(run);
    else {
      const begun = { experiment, runs: [run] };
      groups.set(experiment.id, begun);
      entries.push(begun);
    }
  }
  return entries;
}

/**
 * From what is stored of an experiment, and from what its queue tells, to what the panel shows. Pure: the same events
 * give the same view, and nothing that is hidden or deleted elsewhere reaches another run's numbers.
 */
import type { EvaluationRecord } from '../records/record.ts';
import { rowsUpTo, withRow } from '../records/rowsByIteration.ts';
import type { ExperimentEvent, RunState } from '../state/experimentEvents.ts';
import type { ExperimentView, RunView } from '../state/experimentsState.ts';
import type { MetricRow, StoredExperiment, StoredRun } from '../storage/database.ts';
import { endOf, placesOf, type RunBefore } from './queue/queueParts.ts';

export interface StoredNumbers {
  iterations: readonly MetricRow[];
  evaluations: readonly EvaluationRecord[];
}

const nothing: StoredNumbers = { iterations: [], evaluations: [] };

/**
 * The view of a stored experiment.
 * @param runs by id; those of its runs that are stored
 * @param numbers by id of the run
 */
export function viewOf(
  experiment: StoredExperiment,
  runs: ReadonlyMap<string, StoredRun>,
  numbers: ReadonlyMap<string, StoredNumbers>,
): ExperimentView {
  const { id, name, spec, created, seconds } = experiment;
  return {
    id,
    name,
    spec,
    created,
    seconds,
    runs: placesOf(spec).map(({ arm, seed }, index): RunView => {
      const place = experiment.runs[index];
      const stored = runs.get(place.id);
      const rows = (stored && numbers.get(place.id)) ?? nothing;
      const error = (!stored?.finished && stored?.failure) || null;
      const state = stored ? stateOf(stored) : place.begun ? 'deleted' : 'waiting';
      return {
        index,
        id: place.id,
        arm: arm.name,
        seed,
        state,
        iteration: rows.iterations.at(-1)?.iteration ?? 0,
        endedBy: state === 'finished' ? endOf(spec, { settings: arm.settings, ...rows }) : null,
        error,
        ...rows,
      };
    }),
  };
}

const stateOf = ({ finished, failure }: StoredRun): RunState =>
  finished ? 'finished' : failure ? 'failed' : 'stopped';

/** What a queue that goes on with the experiment has to know of its runs. */
export const beforeOf = (view: ExperimentView): (RunBefore | null)[] =>
  view.runs.map(({ state, iterations, evaluations }) => {
    if (state === 'waiting') return null;
    const known = state === 'finished' || state === 'deleted' ? state : 'stopped';
    return { state: known, iterations, evaluations };
  });

/** Runs that are left to compute. */
export const unfinishedOf = (view: ExperimentView): RunView[] =>
  view.runs.filter(({ state }) => state !== 'finished' && state !== 'deleted');

/** Whether more can be computed of it. */
export const canGoOn = (view: ExperimentView): boolean => {
  const { seconds } = view.spec.stop;
  return unfinishedOf(view).length > 0 && (seconds === null || view.seconds < seconds);
};

/** The view after an event of its queue. */
export function heard(view: ExperimentView, event: ExperimentEvent): ExperimentView {
  switch (event.type) {
    case 'run': {
      const { state, iteration, endedBy, error } = event.run;
      return changed(view, event.run.index, (run) =>
        run.state === 'deleted' || state === 'deleted'
          ? deleted(run)
          : { ...run, state, iteration, endedBy, error },
      );
    }
    case 'iteration': {
      const { iteration, metrics } = event.record;
      return changed(view, event.run.index, (run) => ({
        ...run,
        iteration,
        iterations: withRow(run.iterations, { iteration, metrics }),
      }));
    }
    case 'evaluation':
      return changed(view, event.run.index, (run) => ({
        ...run,
        evaluations: withRow(run.evaluations, event.record),
      }));
    case 'rewound': {
      const { iteration } = event;
      return changed(view, event.run.index, (run) => ({
        ...run,
        iteration,
        iterations: rowsUpTo(run.iterations, iteration),
        evaluations: rowsUpTo(run.evaluations, iteration),
      }));
    }
    case 'state':
    case 'backend':
    case 'policy':
    case 'progress':
      return view;
    default:
      event satisfies never;
      return view;
  }
}

/** The view without the numbers of runs that began and are no longer stored; the same view when there are none. */
export function withoutDeleted(
  view: ExperimentView,
  experiment: StoredExperiment,
  stored: ReadonlySet<string>,
): ExperimentView {
  const gone = view.runs.filter(
    ({ index, id, state }) =>
      state !== 'deleted' && id !== null && experiment.runs[index].begun && !stored.has(id),
  );
  return gone.reduce((next, { index }) => changed(next, index, deleted), view);
}

/** Whether a run that the view takes for deleted is stored again. */
export const isBack = (view: ExperimentView, stored: ReadonlySet<string>): boolean =>
  view.runs.some(({ id, state }) => state === 'deleted' && id !== null && stored.has(id));

/** Whether a run has gone on elsewhere: as an arm of the page, or in another tab. */
export const hasGrown = (view: ExperimentView, list: readonly StoredRun[]): boolean =>
  list.some((run) => {
    if (run.experiment !== view.id) return false;
    const known = view.runs.find(({ id }) => id === run.id);
    return (
      known !== undefined && (known.iteration < run.iteration || (run.finished && known.state !== 'finished'))
    );
  });

const deleted = (run: RunView): RunView => ({
  ...run,
  state: 'deleted',
  iteration: 0,
  endedBy: null,
  error: null,
  iterations: [],
  evaluations: [],
});

function changed(view: ExperimentView, index: number, change: (run: RunView) => RunView): ExperimentView {
  return { ...view, runs: view.runs.map((run) => (run.index === index ? change(run) : run)) };
}

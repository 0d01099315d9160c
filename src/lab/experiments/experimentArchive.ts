/**
 * How experiments lie in the storage: the experiment itself, its runs among all others, and the way back when it was
 * deleted. Knows nothing of what computes.
 */
import { newRun, ownModels } from '../runs/newRun.ts';
import type { Runs } from '../runs/runs.ts';
import type { BackendInfo } from '../settings/engines.ts';
import { limitsOf } from '../settings/stopRules.ts';
import type { ExperimentView, RunView } from '../state/experimentsState.ts';
import type { RunModels, StoredExperiment, StoredRun } from '../storage/runStore.ts';
import { LabFailure } from '../trainer/errors.ts';
import type { ModelSlot } from '../trainer/models/modelSlots.ts';
import type { CheckpointBytes } from '../trainer/protocol.ts';
import { viewOf } from './experimentView.ts';
import { RunLeft, type RunStorage } from './queue/queueParts.ts';

export interface ReadExperiment {
  view: ExperimentView;
  /** Models that its runs use in place of the shipped ones. */
  models: RunModels;
  /** Engine that computed it; null when nothing was. */
  engine: string | null;
}

/** Series of the palette. */
const colours = 8;

export const modelMap = (models: RunModels) =>
  new Map(Object.entries(models) as [ModelSlot, CheckpointBytes][]);

export class ExperimentArchive {
  readonly #runs: Runs;
  /** Experiments removed in this page's life: a run of theirs that is brought back brings them back. */
  readonly #removed = new Map<string, { experiment: StoredExperiment; models: RunModels }>();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  /** Whether it could be stored; where the browser stores nothing, experiments compute all the same. */
  async create(experiment: StoredExperiment, models: RunModels): Promise<boolean> {
    const { list, locks } = this.#runs;
    let stored = false;
    await locks.take(experiment.id);
    if (list.state.storage !== 'refused') {
      await list.attempt('The experiment cannot be saved', async (store) => {
        await store.putExperiment(experiment, models);
        stored = true;
      });
    }
    if (stored) list.refresh();
    return stored;
  }

  /** Null when it is not there or cannot be read; a notice says which. */
  async read(id: string): Promise<ReadExperiment | null> {
    let found: ReadExperiment | null = null;
    await this.#runs.list.attempt('The experiment could not be read', async (store) => {
      const experiment = await store.experiment(id);
      if (!experiment) return;
      const own = (await store.list()).filter((run) => run.experiment === id);
      const numbers = await Promise.all(
        own.map(async (run) => [run.id, await store.metrics(run.id)] as const),
      );
      found = {
        view: viewOf(experiment, new Map(own.map((run) => [run.id, run])), new Map(numbers)),
        models: await store.experimentModels(id),
        engine: own.find((run) => run.backend !== null)?.backend?.name ?? null,
      };
    });
    return found;
  }

  async describe(
    id: string,
    change: Partial<Pick<StoredExperiment, 'name' | 'state' | 'seconds'>>,
  ): Promise<void> {
    const { list } = this.#runs;
    await list.attempt('The experiment was not saved', (store) => store.describeExperiment(id, change));
    list.refresh();
  }

  /** Deletes it with all its runs. */
  async remove(id: string): Promise<void> {
    const { list } = this.#runs;
    await list.attempt('The experiment was not deleted', async (store) => {
      const experiment = await store.experiment(id);
      if (!experiment) return;
      const models = await store.experimentModels(id);
      const own = (await store.list()).filter((run) => run.experiment === id);
      if (own.length > 0) await this.#runs.remove(own.map((run) => run.id));
      this.#removed.set(id, { experiment, models });
      await store.removeExperiment(id);
    });
    await list.changed();
  }

  /** Brings back what was removed and has runs again. */
  async restore(restored: readonly StoredRun[]): Promise<void> {
    const { list } = this.#runs;
    for (const [id, { experiment, models }] of this.#removed) {
      if (!restored.some((run) => run.experiment === id)) continue;
      this.#removed.delete(id);
      const state = experiment.state === 'open' ? 'stopped' : experiment.state;
      await list.attempt('The experiment could not be brought back', (store) =>
        store.putExperiment({ ...experiment, state }, models),
      );
      list.refresh();
    }
  }

  /**
   * Takes up the stored run of an experiment, or begins it.
   * @param lost told with what became of the run when it is no longer written from here; null: nobody knows
   * @throws RunLeft when it was deleted, LabFailure when another tab writes it
   */
  async keep(
    { view, models }: { view: ExperimentView; models: RunModels },
    place: RunView,
    backend: BackendInfo,
    lost: (left: RunLeft | null) => void,
  ): Promise<RunStorage> {
    const { list } = this.#runs;
    const id = place.id!;
    const store = await list.open();
    const onLost = () =>
      void store.get(id).then(
        (run) => lost(new RunLeft(run ? 'stopped' : 'deleted')),
        () => lost(null),
      );
    if (await store.get(id)) {
      const past = await this.#runs.take(id, onLost);
      if (!past) throw new RunLeft('deleted');
      if (past.line) return { line: past.line, past };
      const message = 'Another tab writes this run. Close that tab first.';
      throw new LabFailure({ code: 'internal', message });
    }
    if (place.state === 'deleted' || place.iterations.length > 0) throw new RunLeft('deleted');
    const { spec } = view;
    const arm = spec.arms.findIndex(({ name }) => name === place.arm);
    const { settings } = spec.arms[arm];
    const described = { name: place.arm, color: arm % colours, settings, seed: place.seed, backend };
    const run: StoredRun = {
      ...newRun(described, ''),
      id,
      experiment: view.id,
      limits: limitsOf(spec.stop),
    };
    return { line: this.#runs.keepRun(run, ownModels({ settings }, modelMap(models)), onLost), past: null };
  }
}

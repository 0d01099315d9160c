/**
 * Where runs are kept: IndexedDB, one row per iteration, written as it happens. A run is its description, its rows,
 * and the latest snapshot from which it can be resumed to the same numbers.
 */
import { type IDBPDatabase, openDB } from 'idb';
import { type EvaluationRecord, type IterationRecord, noSamples } from '../records/record.ts';
import type { ArmSnapshot } from '../trainer/protocol.ts';
import {
  databaseName,
  databaseVersion,
  type MetricRow,
  type RunModels,
  type RunSchema,
  type StoredExperiment,
  type StoredRows,
  type StoredRun,
  upgrade,
} from './database.ts';

export type { MetricRow, RunModels, StoredExperiment, StoredRows, StoredRun } from './database.ts';

/** The run is gone, or was never stored. */
export class UnknownRunError extends Error {
  override name = 'UnknownRunError';
  constructor(id: string) {
    super(`There is no stored run ${id}.`);
  }
}

export class RunStore {
  readonly #db: IDBPDatabase<RunSchema>;

  private constructor(db: IDBPDatabase<RunSchema>) {
    this.#db = db;
  }

  /**
   * @param onBlocked told when another tab holds an older version open, or asks for a newer one
   * @throws DOMException where the browser allows no storage (private windows of some)
   */
  static async open(onBlocked: (message: string) => void = () => {}): Promise<RunStore> {
    const db = await openDB<RunSchema>(databaseName, databaseVersion, {
      upgrade: (db, from, _to, tx) => upgrade(db, from, tx),
      blocked: () =>
        onBlocked('Another tab holds an older version of Filtrate open. Close it, then reload here.'),
      blocking: (_from, _to, event) => {
        (event.target as IDBDatabase).close();
        onBlocked('A newer version of Filtrate was opened in another tab. Reload to go on saving here.');
      },
    });
    return new RunStore(db);
  }

  close(): void {
    this.#db.close();
  }

  /** All runs, the latest first. */
  async list(): Promise<StoredRun[]> {
    return (await this.#db.getAllFromIndex('runs', 'updated')).reverse();
  }

  async get(id: string): Promise<StoredRun | null> {
    return (await this.#db.get('runs', id)) ?? null;
  }

  /** @throws UnknownRunError */
  async rows(id: string): Promise<StoredRows> {
    const tx = this.#db.transaction(allStores);
    const [run, iterations, samples, evaluations, snapshot, models] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('iterations').getAll(rowsOf(id)),
      tx.objectStore('samples').getAll(rowsOf(id)),
      tx.objectStore('evaluations').getAll(rowsOf(id)),
      tx.objectStore('snapshots').get(id),
      tx.objectStore('models').get(id),
    ]);
    if (!run) throw new UnknownRunError(id);
    return {
      iterations: withSamples(iterations, samples),
      evaluations: evaluations.map(withoutRun),
      snapshot: snapshot ?? null,
      models: models ?? {},
    };
  }

  /** The numbers of a run without its samples; empty when it is not stored. */
  async metrics(id: string): Promise<{ iterations: MetricRow[]; evaluations: EvaluationRecord[] }> {
    const tx = this.#db.transaction(['iterations', 'evaluations']);
    const [iterations, evaluations] = await Promise.all([
      tx.objectStore('iterations').getAll(rowsOf(id)),
      tx.objectStore('evaluations').getAll(rowsOf(id)),
    ]);
    return { iterations: iterations.map(withoutRun), evaluations: evaluations.map(withoutRun) };
  }

  /** A new run; its experiment, when it has one, knows from then on that it began. */
  async create(run: StoredRun, models: RunModels = {}): Promise<void> {
    const tx = this.#db.transaction(['runs', 'models', 'experiments'], 'readwrite');
    const experiments = tx.objectStore('experiments');
    const experiment = run.experiment === null ? undefined : await experiments.get(run.experiment);
    const runs = experiment?.runs.map((each) => (each.id === run.id ? { ...each, begun: true } : each));
    await Promise.all([
      experiment && runs ? experiments.put({ ...experiment, runs }) : undefined,
      tx.objectStore('runs').add({ ...run, fixedBytes: modelBytes(models) }),
      tx.objectStore('models').put(models, run.id),
      tx.done,
    ]);
  }

  /** Changes the description, which moves the run to no other place in the list. @throws UnknownRunError */
  async describe(
    id: string,
    change: Partial<
      Pick<StoredRun, 'name' | 'note' | 'color' | 'archived' | 'finished' | 'backend' | 'session' | 'failure'>
    >,
  ): Promise<void> {
    const tx = this.#db.transaction('runs', 'readwrite');
    const run = await tx.store.get(id);
    if (!run) throw new UnknownRunError(id);
    await tx.store.put({ ...run, ...change });
    await tx.done;
  }

  /**
   * Stores one iteration and says so in the description, both or neither. A row that is there already, as when a
   * resumed run comes past it again, is replaced; until then it stays, and those after it.
   * @throws UnknownRunError, QuotaExceededError
   */
  async addIteration(id: string, record: IterationRecord): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations', 'samples'], 'readwrite');
    const { samples, ...row } = record;
    const [run, replaced] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('samples').get([id, record.iteration]),
    ]);
    if (!run) throw new UnknownRunError(id);
    await Promise.all([
      tx.objectStore('iterations').put({ ...row, run: id }),
      tx.objectStore('samples').put({ run: id, iteration: record.iteration, samples }),
      tx.objectStore('runs').put({
        ...run,
        iteration: Math.max(run.iteration, record.iteration),
        bytes: run.bytes + bytesOf(samples) - (replaced ? bytesOf(replaced.samples) : 0),
        updated: Date.now(),
      }),
      tx.done,
    ]);
  }

  /** @throws UnknownRunError, QuotaExceededError */
  async addEvaluation(id: string, record: EvaluationRecord): Promise<void> {
    const tx = this.#db.transaction(['runs', 'evaluations'], 'readwrite');
    const run = await tx.objectStore('runs').get(id);
    if (!run) throw new UnknownRunError(id);
    const pass = record.metrics.heldPass ?? null;
    await Promise.all([
      tx.objectStore('evaluations').put({ ...record, run: id }),
      tx.objectStore('runs').put({
        ...run,
        firstPass: record.iteration === 0 ? pass : run.firstPass,
        lastPass: pass,
        updated: Date.now(),
      }),
      tx.done,
    ]);
  }

  /** Replaces the snapshot; only the latest is kept. @throws UnknownRunError, QuotaExceededError */
  async putSnapshot(id: string, snapshot: ArmSnapshot): Promise<void> {
    const tx = this.#db.transaction(['runs', 'snapshots', 'models'], 'readwrite');
    const [run, models] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('models').get(id),
    ]);
    if (!run) throw new UnknownRunError(id);
    const fixedBytes = snapshotBytes(snapshot) + modelBytes(models ?? {});
    await Promise.all([
      tx.objectStore('snapshots').put(snapshot, id),
      tx.objectStore('runs').put({ ...run, fixedBytes }),
      tx.done,
    ]);
  }

  /**
   * Lets go of what fills the disk and is not needed to show the curves: the samples of a run, or its weights (the
   * snapshot and its own models), without which it cannot be gone on with.
   * @throws UnknownRunError
   */
  async strip(id: string, what: 'samples' | 'weights'): Promise<void> {
    const tx = this.#db.transaction(['runs', 'samples', 'snapshots', 'models'], 'readwrite');
    const run = await tx.objectStore('runs').get(id);
    if (!run) throw new UnknownRunError(id);
    await Promise.all([
      tx.objectStore('runs').put({ ...run, ...(what === 'samples' ? { bytes: 0 } : { fixedBytes: 0 }) }),
      ...(what === 'samples'
        ? [tx.objectStore('samples').delete(rowsOf(id))]
        : [tx.objectStore('snapshots').delete(id), tx.objectStore('models').put({}, id)]),
      tx.done,
    ]);
  }

  /** Removes a run with everything that belongs to it. */
  async remove(id: string): Promise<void> {
    const tx = this.#db.transaction(allStores, 'readwrite');
    await Promise.all([
      tx.objectStore('runs').delete(id),
      tx.objectStore('iterations').delete(rowsOf(id)),
      tx.objectStore('samples').delete(rowsOf(id)),
      tx.objectStore('evaluations').delete(rowsOf(id)),
      tx.objectStore('snapshots').delete(id),
      tx.objectStore('models').delete(id),
      tx.done,
    ]);
  }

  /** Puts a whole run in: an import, or the undoing of a removal. */
  async insert(run: StoredRun, { iterations, evaluations, snapshot, models }: StoredRows): Promise<void> {
    const tx = this.#db.transaction(allStores, 'readwrite');
    await Promise.all([
      tx.objectStore('runs').put(run),
      ...iterations.flatMap(({ samples, ...row }) => [
        tx.objectStore('iterations').put({ ...row, run: run.id }),
        samples.problem.length > 0
          ? tx.objectStore('samples').put({ run: run.id, iteration: row.iteration, samples })
          : undefined,
      ]),
      ...evaluations.map((row) => tx.objectStore('evaluations').put({ ...row, run: run.id })),
      snapshot ? tx.objectStore('snapshots').put(snapshot, run.id) : undefined,
      tx.objectStore('models').put(models, run.id),
      tx.done,
    ]);
  }

  // ── Experiments ─────────────────────────────────────────────────────────────────────────────────────────

  /** All experiments, the latest first. */
  async experiments(): Promise<StoredExperiment[]> {
    return (await this.#db.getAll('experiments')).sort((a, b) => b.created - a.created);
  }

  async experiment(id: string): Promise<StoredExperiment | null> {
    return (await this.#db.get('experiments', id)) ?? null;
  }

  /** A new one, or one that comes back after its removal, with the models that all its runs use. */
  async putExperiment(experiment: StoredExperiment, models: RunModels): Promise<void> {
    const tx = this.#db.transaction(['experiments', 'models'], 'readwrite');
    await Promise.all([
      tx.objectStore('experiments').put(experiment),
      tx.objectStore('models').put(models, experiment.id),
      tx.done,
    ]);
  }

  /** Models that the runs of an experiment use in place of the shipped ones. */
  async experimentModels(id: string): Promise<RunModels> {
    return (await this.#db.get('models', id)) ?? {};
  }

  /** Does nothing for an experiment that is gone. */
  async describeExperiment(
    id: string,
    change: Partial<Pick<StoredExperiment, 'name' | 'state' | 'seconds'>>,
  ): Promise<void> {
    const tx = this.#db.transaction('experiments', 'readwrite');
    const experiment = await tx.store.get(id);
    if (experiment) await tx.store.put({ ...experiment, ...change });
    await tx.done;
  }

  /** Removes the experiment alone; its runs are removed as runs. */
  async removeExperiment(id: string): Promise<void> {
    const tx = this.#db.transaction(['experiments', 'models'], 'readwrite');
    await Promise.all([
      tx.objectStore('experiments').delete(id),
      tx.objectStore('models').delete(id),
      tx.done,
    ]);
  }
}

const allStores = ['runs', 'iterations', 'samples', 'evaluations', 'snapshots', 'models'] as const;
/** Rows whose samples were let go of have none, and keep their metrics. */
function withSamples(
  rows: readonly RunSchema['iterations']['value'][],
  samples: readonly RunSchema['samples']['value'][],
): IterationRecord[] {
  const columns = new Map(samples.map((each) => [each.iteration, each.samples]));
  return rows.map(({ run: _, ...row }) => ({ ...row, samples: columns.get(row.iteration) ?? noSamples }));
}

const withoutRun = <Row extends { run: string }>({ run: _, ...row }: Row): Omit<Row, 'run'> => row;
const rowsOf = (id: string) => IDBKeyRange.bound([id, -Infinity], [id, Infinity]);

/** Bytes of the columns of a record. */
export function bytesOf(columns: object): number {
  let bytes = 0;
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) bytes += column.byteLength;
  return bytes;
}

/** Bytes of the networks and the reference of a snapshot. */
export const snapshotBytes = ({ networks, reference }: ArmSnapshot): number =>
  Object.values(networks).reduce((sum, network) => sum + bytesOf(network), reference?.byteLength ?? 0);

export const modelBytes = (models: RunModels) =>
  Object.values(models).reduce((sum, checkpoint) => sum + checkpoint.model.byteLength, 0);

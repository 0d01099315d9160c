/**
 * Where runs are kept: IndexedDB, one row per iteration, written as it happens. A run is its description, its rows,
 * and the latest snapshot from which it can be resumed to the same numbers.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ArmSnapshot, CheckpointBytes } from '../protocol.ts';
import type { EvaluationRecord, IterationRecord } from '../record.ts';
import type { ArmSettings } from '../settings.ts';
import type { ModelSlot } from '../shippedModels.ts';

/** What is known of a run without reading its rows. */
export interface StoredRun {
  id: string;
  name: string;
  note: string;
  /** The page, from load to close, that wrote it last. */
  session: string;
  /** Index into the palette's series. */
  color: number;
  settings: ArmSettings;
  seed: number;
  worldSeed: number;
  backend: { name: string; reason: string; device?: string } | null;
  /** Last iteration stored. */
  iteration: number;
  /** Held-out pass rate at the start and at the last look, for lists; null before there is one. */
  firstPass: number | null;
  lastPass: number | null;
  finished: boolean;
  archived: boolean;
  /** Milliseconds since 1970. */
  created: number;
  updated: number;
  /** Bytes of its samples, as columns hold them. */
  bytes: number;
  /** Bytes of its latest snapshot, and of its own models. */
  fixedBytes: number;
}

/** Models that a run used in place of the shipped ones. */
export type RunModels = Partial<Record<ModelSlot, CheckpointBytes>>;

export interface StoredRows {
  iterations: IterationRecord[];
  evaluations: EvaluationRecord[];
  snapshot: ArmSnapshot | null;
  models: RunModels;
}

type RowKey = [run: string, iteration: number];

interface Schema extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { updated: number } };
  iterations: { key: RowKey; value: IterationRecord & { run: string } };
  evaluations: { key: RowKey; value: EvaluationRecord & { run: string } };
  snapshots: { key: string; value: ArmSnapshot };
  models: { key: string; value: RunModels };
}

const databaseName = 'filtrate';
/** Raise with a migration in `upgrade` whenever the schema or a stored record changes. */
const version = 1;

/** The run is gone, or was never stored. */
export class UnknownRunError extends Error {
  override name = 'UnknownRunError';
  constructor(id: string) {
    super(`There is no stored run ${id}.`);
  }
}

export class RunStore {
  readonly #db: IDBPDatabase<Schema>;

  private constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  /**
   * @param onBlocked told when another tab holds an older version open, or asks for a newer one
   * @throws DOMException where the browser allows no storage (private windows of some)
   */
  static async open(onBlocked: (message: string) => void = () => {}): Promise<RunStore> {
    const db = await openDB<Schema>(databaseName, version, {
      upgrade(db, from) {
        if (from < 1) {
          db.createObjectStore('runs', { keyPath: 'id' }).createIndex('updated', 'updated');
          db.createObjectStore('iterations', { keyPath: ['run', 'iteration'] });
          db.createObjectStore('evaluations', { keyPath: ['run', 'iteration'] });
          db.createObjectStore('snapshots');
          db.createObjectStore('models');
        }
      },
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
    const [run, iterations, evaluations, snapshot, models] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('iterations').getAll(rowsOf(id)),
      tx.objectStore('evaluations').getAll(rowsOf(id)),
      tx.objectStore('snapshots').get(id),
      tx.objectStore('models').get(id),
    ]);
    if (!run) throw new UnknownRunError(id);
    return {
      iterations: iterations.map(({ run: _, ...row }) => row),
      evaluations: evaluations.map(({ run: _, ...row }) => row),
      snapshot: snapshot ?? null,
      models: models ?? {},
    };
  }

  async create(run: StoredRun, models: RunModels = {}): Promise<void> {
    const tx = this.#db.transaction(['runs', 'models'], 'readwrite');
    await Promise.all([
      tx.objectStore('runs').add({ ...run, fixedBytes: modelBytes(models) }),
      tx.objectStore('models').put(models, run.id),
      tx.done,
    ]);
  }

  /** Changes the description, which moves the run to no other place in the list. @throws UnknownRunError */
  async describe(
    id: string,
    change: Partial<
      Pick<StoredRun, 'name' | 'note' | 'color' | 'archived' | 'finished' | 'backend' | 'session'>
    >,
  ): Promise<void> {
    const tx = this.#db.transaction('runs', 'readwrite');
    const run = await tx.store.get(id);
    if (!run) throw new UnknownRunError(id);
    await tx.store.put({ ...run, ...change });
    await tx.done;
  }

  /** Stores one iteration and says so in the description, both or neither. @throws UnknownRunError, QuotaExceededError */
  async addIteration(id: string, record: IterationRecord): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations'], 'readwrite');
    const run = await tx.objectStore('runs').get(id);
    if (!run) throw new UnknownRunError(id);
    await Promise.all([
      tx.objectStore('iterations').put({ ...record, run: id }),
      tx.objectStore('runs').put({
        ...run,
        iteration: record.iteration,
        bytes: run.bytes + bytesOf(record.samples),
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
    const fixedBytes = bytesOf(snapshot.policy) + bytesOf(snapshot.critic) + modelBytes(models ?? {});
    await Promise.all([
      tx.objectStore('snapshots').put(snapshot, id),
      tx.objectStore('runs').put({ ...run, fixedBytes }),
      tx.done,
    ]);
  }

  /**
   * Forgets everything after an iteration, so that a resumed run writes its rows once.
   * @throws UnknownRunError
   */
  async rewind(id: string, iteration: number): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations', 'evaluations'], 'readwrite');
    const later = IDBKeyRange.bound([id, iteration], [id, Infinity], true);
    const [run, dropped] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('iterations').getAll(later),
    ]);
    if (!run) throw new UnknownRunError(id);
    const bytes = run.bytes - dropped.reduce((sum, row) => sum + bytesOf(row.samples), 0);
    await Promise.all([
      tx.objectStore('iterations').delete(later),
      tx.objectStore('evaluations').delete(later),
      tx.objectStore('runs').put({ ...run, iteration, bytes, finished: false, updated: Date.now() }),
      tx.done,
    ]);
  }

  /** Removes a run with everything that belongs to it. */
  async remove(id: string): Promise<void> {
    const tx = this.#db.transaction(allStores, 'readwrite');
    await Promise.all([
      tx.objectStore('runs').delete(id),
      tx.objectStore('iterations').delete(rowsOf(id)),
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
      ...iterations.map((row) => tx.objectStore('iterations').put({ ...row, run: run.id })),
      ...evaluations.map((row) => tx.objectStore('evaluations').put({ ...row, run: run.id })),
      snapshot ? tx.objectStore('snapshots').put(snapshot, run.id) : undefined,
      tx.objectStore('models').put(models, run.id),
      tx.done,
    ]);
  }
}

const allStores = ['runs', 'iterations', 'evaluations', 'snapshots', 'models'] as const;
const rowsOf = (id: string) => IDBKeyRange.bound([id, -Infinity], [id, Infinity]);

/** Bytes of the columns of a record. */
export function bytesOf(columns: object): number {
  let bytes = 0;
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) bytes += column.byteLength;
  return bytes;
}

export const modelBytes = (models: RunModels) =>
  Object.values(models).reduce((sum, checkpoint) => sum + checkpoint.model.byteLength, 0);

/**
 * Where runs are kept: IndexedDB, one row per iteration, written as it happens. A run is its description, its rows,
 * and the latest snapshot from which it can be resumed to the same numbers.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ArmSnapshot, CheckpointBytes } from '../protocol.ts';
import type { EvaluationRecord, IterationRecord } from '../record.ts';
import type { ArmSettings } from '../settings.ts';
import type { ModelSlot } from '../store.ts';

/** What is known of a run without reading its rows. */
export interface StoredRun {
  id: string;
  name: string;
  note: string;
  /** Index into the palette's series. */
  color: number;
  settings: ArmSettings;
  seed: number;
  worldSeed: number;
  backend: { name: string; reason: string; device?: string } | null;
  /** Models that the run used in place of the shipped ones. */
  models: Partial<Record<ModelSlot, CheckpointBytes>>;
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
  /** Bytes of its rows and snapshot, as columns hold them. */
  bytes: number;
}

export interface StoredRows {
  iterations: IterationRecord[];
  evaluations: EvaluationRecord[];
  snapshot: ArmSnapshot | null;
}

type RowKey = [run: string, iteration: number];

interface Schema extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { updated: number } };
  iterations: { key: RowKey; value: IterationRecord & { run: string } };
  evaluations: { key: RowKey; value: EvaluationRecord & { run: string } };
  snapshots: { key: string; value: ArmSnapshot };
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
    const tx = this.#db.transaction(['runs', 'iterations', 'evaluations', 'snapshots']);
    const [run, iterations, evaluations, snapshot] = await Promise.all([
      tx.objectStore('runs').get(id),
      tx.objectStore('iterations').getAll(rowsOf(id)),
      tx.objectStore('evaluations').getAll(rowsOf(id)),
      tx.objectStore('snapshots').get(id),
    ]);
    if (!run) throw new UnknownRunError(id);
    return {
      iterations: iterations.map(({ run: _, ...row }) => row),
      evaluations: evaluations.map(({ run: _, ...row }) => row),
      snapshot: snapshot ?? null,
    };
  }

  async create(run: StoredRun): Promise<void> {
    await this.#db.add('runs', run);
  }

  /** Changes the description. @throws UnknownRunError */
  async describe(
    id: string,
    change: Partial<Pick<StoredRun, 'name' | 'note' | 'color' | 'archived' | 'finished' | 'backend'>>,
  ): Promise<void> {
    const tx = this.#db.transaction('runs', 'readwrite');
    const run = await tx.store.get(id);
    if (!run) throw new UnknownRunError(id);
    await tx.store.put({ ...run, ...change, updated: Date.now() });
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

  /** Replaces the snapshot; only the latest is kept. @throws QuotaExceededError */
  async putSnapshot(id: string, snapshot: ArmSnapshot): Promise<void> {
    await this.#db.put('snapshots', snapshot, id);
  }

  /**
   * Forgets everything after an iteration, so that a resumed run writes its rows once.
   * @throws UnknownRunError
   */
  async rewind(id: string, iteration: number): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations', 'evaluations'], 'readwrite');
    const run = await tx.objectStore('runs').get(id);
    if (!run) throw new UnknownRunError(id);
    const later = IDBKeyRange.bound([id, iteration], [id, Infinity], true);
    await Promise.all([
      tx.objectStore('iterations').delete(later),
      tx.objectStore('evaluations').delete(later),
      tx.objectStore('runs').put({ ...run, iteration, finished: false, updated: Date.now() }),
      tx.done,
    ]);
  }

  /** Removes a run with everything that belongs to it. */
  async remove(id: string): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations', 'evaluations', 'snapshots'], 'readwrite');
    await Promise.all([
      tx.objectStore('runs').delete(id),
      tx.objectStore('iterations').delete(rowsOf(id)),
      tx.objectStore('evaluations').delete(rowsOf(id)),
      tx.objectStore('snapshots').delete(id),
      tx.done,
    ]);
  }

  /** Puts a whole run in: an import, or the undoing of a removal. */
  async insert(run: StoredRun, { iterations, evaluations, snapshot }: StoredRows): Promise<void> {
    const tx = this.#db.transaction(['runs', 'iterations', 'evaluations', 'snapshots'], 'readwrite');
    await Promise.all([
      tx.objectStore('runs').put(run),
      ...iterations.map((row) => tx.objectStore('iterations').put({ ...row, run: run.id })),
      ...evaluations.map((row) => tx.objectStore('evaluations').put({ ...row, run: run.id })),
      snapshot ? tx.objectStore('snapshots').put(snapshot, run.id) : undefined,
      tx.done,
    ]);
  }
}

const rowsOf = (id: string) => IDBKeyRange.bound([id, -Infinity], [id, Infinity]);

/** Bytes of the columns of a record. */
function bytesOf(columns: object): number {
  let bytes = 0;
  for (const column of Object.values(columns)) if (ArrayBuffer.isView(column)) bytes += column.byteLength;
  return bytes;
}

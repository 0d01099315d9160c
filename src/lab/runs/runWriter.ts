/**
 * Saves one run while it happens. Writes go one after the other in the order in which things happened. When the disk
 * is full they wait: the page says that the run is unsaved from there, and once there is room all of it is written.
 * When a write fails for another reason, saving stops there. Either way, what the page called saved stays whole.
 */
import type { RunModels, RunStore, StoredRun } from '../storage/runStore.ts';
import type { TrainerEvent } from '../trainer/protocol.ts';

export interface WriterListener {
  /** Everything up to this iteration is on disk. */
  saved(iteration: number): void;
  /** The disk is full. What comes from here waits for `again`. */
  full(): void;
  /** What waited for room is on disk: the run is whole. */
  whole(): void;
  /** Saving stopped for good. The run itself goes on. */
  failed(message: string): void;
}

interface Write {
  /** Only the last of the waiting snapshots is worth writing. */
  snapshot: boolean;
  perform(store: RunStore): Promise<void>;
}

export class RunWriter {
  readonly id: string;
  readonly #store: Promise<RunStore>;
  readonly #listener: WriterListener;
  #waiting: Write[] = [];
  #writing: Promise<void> | null = null;
  /** The disk took no more. */
  #full = false;
  /** Something waited, or waits, for room. */
  #behind = false;
  #stopped = false;

  /** Begins a new stored run, or goes on with one that is there when `run` is its id. */
  constructor(
    store: RunStore | Promise<RunStore>,
    run: { run: StoredRun; models: RunModels } | string,
    listener: WriterListener,
  ) {
    this.#store = Promise.resolve(store);
    this.#listener = listener;
    this.id = typeof run === 'string' ? run : run.run.id;
    if (typeof run !== 'string') this.#queue((store) => store.create(run.run, run.models));
  }

  /** Takes note of what a trainer reports. */
  hear(event: TrainerEvent): void {
    const { id } = this;
    switch (event.type) {
      case 'iteration':
        this.#queue(async (store) => {
          await store.addIteration(id, event.record);
          this.#listener.saved(event.record.iteration);
        });
        break;
      case 'evaluation':
        this.#queue((store) => store.addEvaluation(id, event.record));
        break;
      case 'snapshot':
        this.#waiting = this.#waiting.filter(({ snapshot }) => !snapshot);
        this.#queue((store) => store.putSnapshot(id, event.snapshot), true);
        // Others may have made room meanwhile: trying costs little and needs nobody.
        this.again();
        break;
      case 'rewound':
        // Rows after the snapshot stay until the same ones are written again: a disk that fills up costs none of them.
        this.#queue((store) => store.describe(id, { failure: null }));
        break;
      case 'opened':
        this.#queue((store) => store.describe(id, { backend: event.backend }));
        break;
      case 'error':
        this.#queue((store) =>
          store.describe(id, { failure: { code: event.error.code, message: event.error.message } }),
        );
        break;
      case 'state':
        if (event.state === 'finished') this.#queue((store) => store.describe(id, { finished: true }));
        break;
      default:
        break;
    }
  }

  /** Writes what waits for room, if there is some now. */
  again(): void {
    if (!this.#full) return;
    this.#full = false;
    this.#pump();
  }

  /** Hears and writes nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  /** Resolves when everything heard so far is on disk, or waits for room, or saving has stopped. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #queue(perform: Write['perform'], snapshot = false): void {
    if (this.#stopped) return;
    this.#waiting.push({ perform, snapshot });
    if (!this.#full) this.#pump();
  }

  #pump(): void {
    this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    try {
      const store = await this.#store;
      for (let write = this.#waiting.shift(); write; write = this.#waiting.shift()) {
        try {
          await write.perform(store);
        } catch (thrown) {
          if (this.#stopped || (thrown as Error).name !== 'QuotaExceededError') throw thrown;
          const newer = write.snapshot && this.#waiting.some(({ snapshot }) => snapshot);
          if (!newer) this.#waiting.unshift(write);
          this.#full = true;
          this.#behind = true;
          this.#listener.full();
          break;
        }
      }
    } catch (thrown) {
      if (!this.#stopped) {
        this.stop();
        this.#listener.failed(reason(thrown));
      }
    }
    // Say so before anything else can be queued: the next caller must find that nobody writes.
    this.#writing = null;
    if (this.#behind && !this.#full && !this.#stopped) {
      this.#behind = false;
      this.#listener.whole();
    }
  }
}

function reason(thrown: unknown): string {
  const error = thrown as Error;
  switch (error.name) {
    case 'UnknownRunError':
      return 'The run was deleted, in this tab or another, so it is no longer saved.';
    case 'InvalidStateError':
      return 'The browser closed its storage. Reload the page to go on saving; the run so far is safe.';
    default:
      return `The browser refused to save (${error.message}). What was saved so far is safe.`;
  }
}

/**
 * Saves one run while it happens. Writes go one after the other in the order in which things happened; when one
 * fails, saving stops there, the page is told once, and everything that was said to be saved stays whole.
 */
import type { TrainerEvent } from '../protocol.ts';
import type { RunModels, RunStore, StoredRun } from './runStore.ts';

export interface KeeperListener {
  /** Everything up to this iteration is on disk. */
  saved(iteration: number): void;
  /** Saving stopped. The run itself goes on. */
  failed(message: string): void;
}

export class RunKeeper {
  readonly id: string;
  readonly #store: Promise<RunStore>;
  readonly #listener: KeeperListener;
  #last: Promise<void>;
  #stopped = false;

  /** Begins a new stored run, or goes on with one that is there when `run` is its id. */
  constructor(
    store: RunStore | Promise<RunStore>,
    run: { run: StoredRun; models: RunModels } | string,
    listener: KeeperListener,
  ) {
    this.#store = Promise.resolve(store);
    this.#listener = listener;
    this.id = typeof run === 'string' ? run : run.run.id;
    this.#last = Promise.resolve();
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
        this.#queue((store) => store.putSnapshot(id, event.snapshot));
        break;
      case 'rewound':
        this.#queue((store) => store.rewind(id, event.iteration));
        break;
      case 'opened':
        this.#queue((store) => store.describe(id, { backend: event.backend }));
        break;
      case 'state':
        if (event.state === 'finished') this.#queue((store) => store.describe(id, { finished: true }));
        break;
      default:
        break;
    }
  }

  /** Hears and writes nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** Resolves when everything heard so far is on disk, or saving has stopped. */
  settled(): Promise<void> {
    return this.#last;
  }

  #queue(write: (store: RunStore) => Promise<void>): void {
    this.#last = this.#last.then(() => this.#attempt(write));
  }

  async #attempt(write: (store: RunStore) => Promise<void>): Promise<void> {
    if (this.#stopped) return;
    try {
      await write(await this.#store);
    } catch (thrown) {
      if (this.#stopped) return;
      this.#stopped = true;
      this.#listener.failed(reason(thrown));
    }
  }
}

function reason(thrown: unknown): string {
  const error = thrown as Error;
  switch (error.name) {
    case 'QuotaExceededError':
      return 'The browser has no room left. What was saved so far is safe and can be resumed from there; delete older runs to make room.';
    case 'UnknownRunError':
      return 'The run was deleted, in this tab or another, so it is no longer saved.';
    case 'InvalidStateError':
      return 'The browser closed its storage. Reload the page to go on saving; the run so far is safe.';
    default:
      return `The browser refused to save (${error.message}). What was saved so far is safe.`;
  }
}

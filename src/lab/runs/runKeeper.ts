/**
 * Saves one run while it happens. Writes go one after the other in the order in which things happened; when one
 * fails, saving stops there, the page is told once, and everything that was said to be saved stays whole.
 */
import type { TrainerEvent } from '../protocol.ts';
import type { RunStore, StoredRun } from './runStore.ts';

export interface KeeperListener {
  /** Everything up to this iteration is on disk. */
  saved(iteration: number): void;
  /** Saving stopped. The run itself goes on. */
  failed(message: string): void;
}

export class RunKeeper {
  readonly id: string;
  readonly #store: RunStore;
  readonly #listener: KeeperListener;
  #last: Promise<void>;
  #stopped = false;

  /** Begins a new stored run, or goes on with one that is there when `run` is its id. */
  constructor(store: RunStore, run: StoredRun | string, listener: KeeperListener) {
    this.#store = store;
    this.#listener = listener;
    this.id = typeof run === 'string' ? run : run.id;
    this.#last = typeof run === 'string' ? Promise.resolve() : this.#attempt(() => store.create(run));
  }

  /** Takes note of what a trainer reports. */
  hear(event: TrainerEvent): void {
    const { id } = this;
    switch (event.type) {
      case 'iteration':
        this.#queue(async () => {
          await this.#store.addIteration(id, event.record);
          this.#listener.saved(event.record.iteration);
        });
        break;
      case 'evaluation':
        this.#queue(() => this.#store.addEvaluation(id, event.record));
        break;
      case 'snapshot':
        this.#queue(() => this.#store.putSnapshot(id, event.snapshot));
        break;
      case 'rewound':
        this.#queue(() => this.#store.rewind(id, event.iteration));
        break;
      case 'opened':
        this.#queue(() => this.#store.describe(id, { backend: event.backend }));
        break;
      case 'state':
        if (event.state === 'finished') this.#queue(() => this.#store.describe(id, { finished: true }));
        break;
      default:
        break;
    }
  }

  describe(change: Partial<Pick<StoredRun, 'name' | 'note' | 'color' | 'archived'>>): void {
    this.#queue(() => this.#store.describe(this.id, change));
  }

  /** Resolves when everything heard so far is on disk, or saving has stopped. */
  settled(): Promise<void> {
    return this.#last;
  }

  #queue(write: () => Promise<void>): void {
    this.#last = this.#last.then(() => (this.#stopped ? undefined : this.#attempt(write)));
  }

  async #attempt(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      this.#stopped = true;
      this.#listener.failed(reason(thrown));
    }
  }
}

function reason(thrown: unknown): string {
  const error = thrown as Error;
  switch (error.name) {
    case 'QuotaExceededError':
      return 'The browser has no room left. What was saved so far is safe; delete or archive older runs to go on saving.';
    case 'UnknownRunError':
      return 'The run was deleted, in this tab or another, so it is no longer saved.';
    case 'InvalidStateError':
      return 'The browser closed its storage. Reload the page to go on saving; the run so far is safe.';
    default:
      return `The browser refused to save (${error.message}). What was saved so far is safe.`;
  }
}

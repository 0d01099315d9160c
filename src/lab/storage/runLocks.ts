/**
 * One writer per run: a Web Lock held for as long as a tab may write to it, which the browser frees when the tab goes,
 * however it goes. Where there are no locks (pages without HTTPS), every tab is taken to be alone.
 */

type Manager = Pick<LockManager, 'request' | 'query'>;

const prefix = 'filtrate/run/';

export class RunLocks {
  readonly #manager: Manager | null;
  /** Releases what this tab holds. */
  readonly #held = new Map<string, () => void>();

  constructor(manager: Manager | null) {
    this.#manager = manager;
  }

  /** False when another tab holds the run. */
  take(id: string): Promise<boolean> {
    const manager = this.#manager;
    if (!manager || this.#held.has(id)) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const hold = (lock: Lock | null) => {
        resolve(lock !== null);
        return lock && new Promise<void>((release) => this.#held.set(id, release));
      };
      manager.request(prefix + id, { ifAvailable: true }, hold).catch(reject);
    });
  }

  release(id: string): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }

  /** Runs that other tabs hold. */
  async elsewhere(): Promise<string[]> {
    const { held = [] } = (await this.#manager?.query()) ?? {};
    return held
      .map((lock) => lock.name ?? '')
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((id) => !this.#held.has(id));
  }
}

/**
 * The storage, opened once, and what the page shows of it: the list, who writes what, how full it is. Says once when
 * the browser allows no storage, and warns before it is full.
 */
import type { RunsState } from '../state/runsState.ts';
import type { LabStore } from '../state/store.ts';
import type { RunLocks } from '../storage/runLocks.ts';
import { RunStore } from '../storage/runStore.ts';
import { bytesText, freedBy, planRoom, type Space, spaceLevel } from '../storage/space.ts';
import { labError } from '../trainer/errors.ts';
import type { Notices } from '../view/notices.ts';

/** What the list needs of the browser. */
export interface ListServices {
  /** Tells other tabs that something changed; null where there is no such way. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'> | null;
  /** Null where the browser does not say. */
  space(): Promise<Space | null>;
}

/** Changes come many at a time; the list need not be read for each. */
const soonMs = 400;
/** Rows arrive many times a second while arms run, and all that they change in the list is a number. */
const rowMs = 2500;
const spaceMs = 10_000;

export class RunList {
  #store: LabStore;
  #notices: Notices;
  #services: ListServices | null;
  #locks: RunLocks;
  #opened: Promise<RunStore> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the list is read again, and whether other tabs are told then. */
  #due = Number.POSITIVE_INFINITY;
  #telling = false;
  /** Readings of the list that were begun, and the last of them that is shown. */
  #asked = 0;
  #shown = 0;
  #weighedAt = 0;
  #warned = false;

  constructor(store: LabStore, notices: Notices, locks: RunLocks, services: ListServices | null) {
    this.#store = store;
    this.#notices = notices;
    this.#locks = locks;
    this.#services = services;
    services?.channel?.addEventListener('message', () => this.refresh(false));
  }

  get state(): RunsState {
    return this.#store.getState().runs;
  }

  set(change: Partial<RunsState>): void {
    this.#store.setState(({ runs }) => ({ runs: { ...runs, ...change } }));
  }

  /** @throws DOMException where the browser allows no storage */
  open(): Promise<RunStore> {
    this.#opened ??= RunStore.open((text) => this.#notices.post({ kind: 'warning', text })).catch(
      (thrown: unknown) => {
        this.set({ storage: 'refused' });
        this.#notices.post({
          kind: 'warning',
          text: 'This browser lets the page store nothing (a private window, perhaps), so runs are lost when the page is closed. Everything else works.',
        });
        throw thrown;
      },
    );
    return this.#opened;
  }

  /** Runs work on the storage; what goes wrong becomes a notice. */
  async attempt(what: string, work: (store: RunStore) => Promise<void>): Promise<void> {
    try {
      await work(await this.open());
    } catch (thrown) {
      if (this.state.storage === 'refused') return;
      const full = (thrown as Error).name === 'QuotaExceededError';
      this.#notices.fail(
        full
          ? {
              code: 'internal',
              message: 'The browser has no room left. Make room in the panel of saved runs.',
            }
          : labError(thrown),
        what,
      );
    }
  }

  /** After a change by this tab: reads the list again at once, and lets other tabs do so. */
  async changed(): Promise<void> {
    this.#weighedAt = 0;
    await this.read();
    this.#tell();
  }

  /** Reads the list again soon. @param tell whether other tabs should too */
  refresh(tell = true): void {
    this.#readWithin(soonMs, tell);
  }

  /** A row was saved: reads the list again, in a while. */
  rowSaved(): void {
    this.#readWithin(rowMs, true);
  }

  #readWithin(ms: number, tell: boolean): void {
    this.#telling ||= tell;
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      const telling = this.#telling;
      this.#due = Number.POSITIVE_INFINITY;
      this.#telling = false;
      void this.read();
      if (telling) this.#tell();
    }, ms);
  }

  async read(): Promise<void> {
    const turn = ++this.#asked;
    try {
      const store = await this.open();
      const experiments = await store.experiments();
      const [list, elsewhere] = await Promise.all([store.list(), this.#locks.elsewhere()]);
      // A slow reading must not put an older list in the place of a newer one.
      if (turn < this.#shown) return;
      this.#shown = turn;
      const open = new Set(list.filter((run) => !run.finished).map((run) => run.id));
      const unfinished = this.state.unfinished.filter((id) => open.has(id));
      // Open only now: a list that was not read yet must not be taken for an empty one.
      this.set({ storage: 'open', list, experiments, elsewhere, unfinished });
      await this.#weigh();
    } catch {
      // The storage was closed under the page: their writers have said so.
    }
  }

  async #weigh(): Promise<void> {
    const now = performance.now();
    if (this.#weighedAt !== 0 && now - this.#weighedAt < spaceMs) return;
    this.#weighedAt = now;
    const space = (await this.#services?.space()) ?? null;
    this.set({ space });
    if (!space) return;
    const level = spaceLevel(space);
    if (level === 'fine') this.#warned = false;
    if (level === 'fine' || this.#warned) return;
    this.#warned = true;
    const frees = freedBy(planRoom(this.state.list, Infinity));
    const advice =
      frees > 0
        ? `Samples and weights of finished runs take ${bytesText(frees)} and can go while their curves stay.`
        : 'No finished run has samples to give up: export a run, then delete it.';
    this.#notices.post({
      kind: 'warning',
      text: `${bytesText(space.used)} of the ${bytesText(space.quota)} that the browser grants are used: runs will soon no longer be saved. ${advice}`,
      action: 'make-room',
    });
  }

  #tell(): void {
    this.#services?.channel?.postMessage('changed');
  }
}

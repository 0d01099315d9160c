/**
 * The runs of this browser, as the page uses them: storage opened once, every live arm written as it happens, one
 * writer per run over all tabs, and the list that the panel shows. Whatever storage does, arms go on.
 */
import { labError } from '../errors.ts';
import type { NoticeBoard } from '../notices.ts';
import type { Arm, LabStore } from '../store.ts';
import { newId, newRun, ownModels } from './newRun.ts';
import type { KeepRun, PastRun, RunLine } from './pastRun.ts';
import { type CatalogueServices, RunCatalogue } from './runCatalogue.ts';
import { readRunFile, runFileName, writeRunFile } from './runFile.ts';
import { RunKeeper } from './runKeeper.ts';
import { RunLocks } from './runLocks.ts';
import type { StoredRows, StoredRun } from './runStore.ts';

/** What the shelf needs of the browser; each null where the browser has none. */
export interface RunServices extends CatalogueServices {
  locks: ConstructorParameters<typeof RunLocks>[0];
  /** Remembers which runs were on the page. */
  memory: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** Asks that the browser not clear what is stored. */
  persist(): Promise<void>;
}

const memoryKey = 'filtrate/runs-on-page';
interface Removed {
  run: StoredRun;
  rows: StoredRows;
}

export class RunShelf {
  #notices: NoticeBoard;
  #services: RunServices | null;
  #locks: RunLocks;
  #catalogue: RunCatalogue;
  #keepers = new Map<string, { keeper: RunKeeper; lost: () => void }>();
  #removed: Removed[] = [];
  readonly #session = newId();
  #asked = false;
  #remembered = '';

  /** @param services null where runs are not kept at all */
  constructor(store: LabStore, notices: NoticeBoard, services: RunServices | null) {
    this.#notices = notices;
    this.#services = services;
    this.#locks = new RunLocks(services?.locks ?? null);
    this.#catalogue = new RunCatalogue(store, notices, this.#locks, services);
    store.subscribe(({ arms }) => this.#remember(arms));
  }

  /** Opens the storage, and offers to resume what the last session left unfinished. */
  async begin(): Promise<void> {
    if (!this.#services) return;
    try {
      await this.#catalogue.open();
    } catch {
      return;
    }
    await this.#catalogue.list();
    const { list, elsewhere } = this.#catalogue.state;
    const free = list.filter((run) => !elsewhere.includes(run.id));
    const last = free.filter((run) => run.session === free[0].session && run.session !== '');
    // A crash may come before the browser has written down what was on the page; then it is all of that session.
    const remembered = last.filter((run) => this.#recall()?.split(' ').includes(run.id));
    const unfinished = (remembered.length > 0 ? remembered : last).filter(
      (run) => !run.finished && !run.archived,
    );
    if (unfinished.length === 0) return;
    this.#catalogue.set({ unfinished: unfinished.map((run) => run.id) });
    const each = unfinished.map((run) => `${run.name} (${run.iteration} of ${run.settings.iterations})`);
    this.#notices.post({
      kind: 'info',
      text: `Last time not finished: ${each.join(', ')}. ${each.length === 1 ? 'It is' : 'They are'} saved and can go on from there.`,
      action: 'resume-session',
    });
  }

  // ── Arms ────────────────────────────────────────────────────────────────────────────────────────────────

  readonly keep: KeepRun = (arm, models, lost) => {
    if (!this.#services || this.#catalogue.state.storage === 'refused') return null;
    this.#askToPersist();
    const run = newRun(arm, this.#session);
    void this.#locks.take(run.id);
    return this.#line({ run, models: ownModels(arm, models) }, lost);
  };

  /** A stored run, to be shown as an arm and gone on with. Null, with a notice, when it cannot be read. */
  async take(id: string, lost: () => void): Promise<PastRun | null> {
    try {
      const store = await this.#catalogue.open();
      const known = await store.get(id);
      const mine = known?.finished === true || (await this.#locks.take(id));
      // An arm that left the page but may come back by undo stops writing here.
      await this.#detach(id);
      const [run, rows] = await Promise.all([store.get(id), store.rows(id)]);
      if (!run) return null;
      if (!mine) {
        this.#notices.post({
          kind: 'warning',
          text: `${run.name} is open in another tab, which writes it. Here it is read-only, as it was at iteration ${run.iteration}. Close that tab, then open the run again to resume it here.`,
        });
      }
      // Where the disk is full this cannot be noted; the run can be looked at and gone on with all the same.
      if (mine && !run.finished) await store.describe(id, { session: this.#session }).catch(() => {});
      const unfinished = this.#catalogue.state.unfinished.filter((each) => each !== id);
      this.#catalogue.set({ unfinished });
      return { run, rows, line: run.finished || !mine ? null : this.#line(id, lost) };
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'The run could not be opened');
      return null;
    }
  }

  #line(run: ConstructorParameters<typeof RunKeeper>[1], lost: () => void): RunLine {
    const keeper = new RunKeeper(this.#catalogue.open(), run, {
      saved: () => this.#catalogue.refresh(),
      failed: (message) => {
        this.#keepers.delete(keeper.id);
        lost();
        if (this.#catalogue.state.storage === 'refused') return;
        this.#notices.post({ kind: 'error', text: `Saving stopped. ${message}` });
        this.#catalogue.refresh();
      },
    });
    const { id } = keeper;
    this.#keepers.set(id, { keeper, lost });
    return {
      id,
      hear: (event) => {
        keeper.hear(event);
        if (event.type === 'state' && event.state === 'finished')
          void keeper.settled().then(() => this.#catalogue.refresh());
      },
      release: () => {
        if (this.#keepers.get(id)?.keeper !== keeper) return;
        void keeper.settled().then(() => {
          this.#keepers.delete(id);
          this.#locks.release(id);
          this.#catalogue.refresh();
        });
      },
    };
  }

  /** Whoever writes the run in this tab does so no longer. */
  async #detach(id: string): Promise<void> {
    const held = this.#keepers.get(id);
    if (!held) return;
    held.keeper.stop();
    this.#keepers.delete(id);
    held.lost();
    await held.keeper.settled();
  }

  // ── What a person does to stored runs ───────────────────────────────────────────────────────────────────

  async describe(id: string, change: Partial<Pick<StoredRun, 'name' | 'note' | 'archived'>>): Promise<void> {
    await this.#catalogue.attempt('The change was not saved', async (store) => store.describe(id, change));
    await this.#catalogue.changed();
  }

  /** Deletes runs; the last deletion can be brought back. Runs that another tab writes are left alone. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#catalogue.attempt('The run was not deleted', async (store) => {
      const removed: Removed[] = [];
      const kept: string[] = [];
      for (const id of ids) {
        const run = await store.get(id);
        if (!run) continue;
        if (!(await this.#locks.take(id))) {
          kept.push(run.name);
          continue;
        }
        await this.#detach(id);
        removed.push({ run, rows: await store.rows(id) });
        await store.remove(id);
        this.#locks.release(id);
      }
      if (kept.length > 0) {
        this.#notices.post({
          kind: 'warning',
          text: `${kept.join(', ')} was not deleted: another tab is writing it. Close that tab first.`,
        });
      }
      if (removed.length === 0) return;
      this.#removed = removed;
      const what = removed.length === 1 ? removed[0].run.name : `${removed.length} runs`;
      this.#catalogue.set({ removed: what });
      this.#notices.post({
        kind: 'info',
        text: `The saved ${removed.length === 1 ? 'run ' : ''}${what} ${removed.length === 1 ? 'was' : 'were'} deleted.`,
        action: 'restore-runs',
      });
    });
    await this.#catalogue.changed();
  }

  /** Brings the last deletion back. */
  async restore(): Promise<void> {
    await this.#catalogue.attempt('The run could not be brought back', async (store) => {
      for (const { run, rows } of this.#removed) await store.insert(run, rows);
      this.#removed = [];
      this.#catalogue.set({ removed: null });
    });
    await this.#catalogue.changed();
  }

  /** A run as one file, with all that is needed to resume it elsewhere. */
  async exportFile(id: string): Promise<{ file: Blob; name: string } | null> {
    let made: { file: Blob; name: string } | null = null;
    await this.#catalogue.attempt('The run was not exported', async (store) => {
      const [run, rows] = await Promise.all([store.get(id), store.rows(id)]);
      if (run) made = { file: new Blob([await writeRunFile(run, rows)]), name: runFileName(run) };
    });
    return made;
  }

  /** Takes in a file that `exportFile` made. What does not check out is refused whole, by name. */
  async importFile(file: File): Promise<void> {
    await this.#catalogue.attempt(`${file.name} was not imported`, async (store) => {
      const found = await readRunFile(new Uint8Array(await file.arrayBuffer()));
      const taken = new Set(this.#catalogue.state.list.map((run) => run.color));
      const now = Date.now();
      for (const { run, rows } of found) {
        const color = [...Array(8).keys()].find((each) => !taken.has(each)) ?? 0;
        taken.add(color);
        await store.insert({ ...run, id: newId(), color, updated: now }, rows);
      }
      this.#notices.post({
        kind: 'info',
        text: `${found.map(({ run }) => run.name).join(', ')}: imported from ${file.name}.`,
      });
    });
    await this.#catalogue.changed();
  }

  // ── Inside ──────────────────────────────────────────────────────────────────────────────────────────────

  #askToPersist(): void {
    if (this.#asked) return;
    this.#asked = true;
    void this.#services?.persist();
  }

  /** Which runs are on the page, for the next session; a page that has begun nothing leaves it as it is. */
  #remember(arms: readonly Arm[]): void {
    const ids = arms.flatMap((arm) => (arm.run === null ? [] : [arm.run])).join(' ');
    if (ids === '' || ids === this.#remembered) return;
    this.#remembered = ids;
    try {
      this.#services?.memory?.setItem(memoryKey, ids);
    } catch {
      // A full or forbidden local storage costs the offer to resume, not the runs.
    }
  }

  #recall(): string | null {
    return this.#services?.memory?.getItem(memoryKey) ?? null;
  }
}

/**
 * The runs of this browser, as the page uses them: storage opened once, every live arm written as it happens, one
 * writer per run over all tabs, and the list that the panel shows. Whatever storage does, arms go on.
 */
import { buildWorld } from '../../tasks/world.ts';
import { unipoRun } from '../records/unipoRun.ts';
import type { LabStore } from '../state/store.ts';
import { readRunFile, runFileEnding, runFileName, writeRunFile } from '../storage/runFile.ts';
import { RunLocks } from '../storage/runLocks.ts';
import type { RunModels, RunStore, StoredRun } from '../storage/runStore.ts';
import type { RoomItem } from '../storage/space.ts';
import { labError } from '../trainer/errors.ts';
import type { Notices } from '../view/notices.ts';
import { leftUnfinished, offerInWords, PageMemory } from './lastSession.ts';
import { newId, newRun, ownModels } from './newRun.ts';
import type { KeepRun, PastRun, RunLine } from './pastRun.ts';
import { Removals } from './removals.ts';
import { type ListServices, RunList } from './runList.ts';
import { RunWriter } from './runWriter.ts';

/** What this needs of the browser; each null where the browser has none. */
export interface RunServices extends ListServices {
  locks: ConstructorParameters<typeof RunLocks>[0];
  /** Remembers which runs were on the page. */
  memory: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** Asks that the browser not clear what is stored. */
  persist(): Promise<void>;
}

export class Runs {
  #store: LabStore;
  #notices: Notices;
  #services: RunServices | null;
  readonly #locks: RunLocks;
  readonly #list: RunList;
  #writers = new Map<string, { writer: RunWriter; lost: () => void }>();
  #removals = new Removals();
  readonly #session = newId();
  readonly #memory: PageMemory;
  #asked = false;

  /** @param services null where runs are not kept at all */
  constructor(store: LabStore, notices: Notices, services: RunServices | null) {
    this.#store = store;
    this.#notices = notices;
    this.#services = services;
    this.#locks = new RunLocks(services?.locks ?? null);
    this.#list = new RunList(store, notices, this.#locks, services);
    this.#memory = new PageMemory(services?.memory ?? null);
    store.subscribe(({ arms }) => this.#memory.note(arms));
  }

  /** Opens the storage, and offers to resume what the last session left unfinished. */
  async begin(): Promise<void> {
    if (!this.#services) return;
    try {
      await this.#list.open();
    } catch {
      return;
    }
    await this.#list.read();
    const { list, elsewhere } = this.#list.state;
    // Runs of an experiment go on with the experiment.
    const free = list.filter((run) => run.experiment === null && !elsewhere.includes(run.id));
    const unfinished = leftUnfinished(free, this.#memory.recall());
    if (unfinished.length === 0) return;
    this.#list.set({ unfinished: unfinished.map((run) => run.id) });
    this.#notices.post({ kind: 'info', text: offerInWords(unfinished), action: 'resume-session' });
  }

  /** The storage and its list, for parts that keep more than arms in it. */
  get list(): RunList {
    return this.#list;
  }

  /** One writer per run or experiment over all tabs. */
  get locks(): RunLocks {
    return this.#locks;
  }

  // ── Arms ────────────────────────────────────────────────────────────────────────────────────────────────

  readonly keep: KeepRun = (arm, models, lost) => {
    const run = newRun(arm, this.#session);
    return this.keepRun(run, ownModels(arm, models), lost);
  };

  /** Begins to store a run that computes in this tab; null where runs are not kept. */
  keepRun(run: StoredRun, models: RunModels, lost: () => void): RunLine | null {
    if (!this.#services || this.#list.state.storage === 'refused') return null;
    this.#askToPersist();
    void this.#locks.take(run.id);
    return this.#line({ run, models }, run.name, lost);
  }

  /** A stored run, to be shown as an arm and gone on with. Null, with a notice, when it cannot be read. */
  async take(id: string, lost: () => void): Promise<PastRun | null> {
    try {
      const store = await this.#list.open();
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
      // A full disk cannot take this note; a person can look at the run and go on with it all the same.
      if (mine && !run.finished) await store.describe(id, { session: this.#session }).catch(() => {});
      const unfinished = this.#list.state.unfinished.filter((each) => each !== id);
      this.#list.set({ unfinished });
      return { run, rows, line: run.finished || !mine ? null : this.#line(id, run.name, lost) };
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'The run could not be opened');
      return null;
    }
  }

  #line(run: ConstructorParameters<typeof RunWriter>[1], name: string, lost: () => void): RunLine {
    const writer = new RunWriter(this.#list.open(), run, {
      saved: () => this.#list.rowSaved(),
      full: () => this.#waitsForRoom(writer.id, name),
      whole: () => this.#savedAfterAll(writer.id, name),
      failed: (message) => {
        this.#writers.delete(writer.id);
        this.#forgetWaiting(writer.id);
        lost();
        if (this.#list.state.storage === 'refused') return;
        this.#notices.post({ kind: 'error', text: `Saving stopped. ${message}` });
        this.#list.refresh();
      },
    });
    const { id } = writer;
    this.#writers.set(id, { writer, lost });
    return {
      id,
      hear: (event) => {
        writer.hear(event);
        if (event.type === 'state' && event.state === 'finished')
          void writer.settled().then(() => this.#list.refresh());
      },
      release: () => {
        if (this.#writers.get(id)?.writer !== writer) return;
        writer.again();
        void writer.settled().then(() => {
          writer.stop();
          this.#writers.delete(id);
          this.#forgetWaiting(id);
          this.#locks.release(id);
          this.#list.refresh();
        });
      },
    };
  }

  #waitsForRoom(id: string, name: string): void {
    const { unsaved, list } = this.#list.state;
    if (unsaved.includes(id)) return;
    this.#list.set({ unsaved: [...unsaved, id] });
    const saved = list.find((run) => run.id === id)?.iteration ?? 0;
    this.#notices.post({
      kind: 'error',
      text: `Saving ${name} stopped at iteration ${saved}: the browser has no room left. What was saved is safe, and the rest is saved as soon as there is room, while this page stays open.`,
      action: this.#room(),
    });
    this.#list.refresh();
  }

  /** What helps when there is no room: choosing what may go, or trying again after something else made room. */
  #room(): string {
    return this.#list.state.list.some((run) => run.finished) ? 'make-room' : 'save-again';
  }

  #savedAfterAll(id: string, name: string): void {
    this.#forgetWaiting(id);
    this.#notices.post({ kind: 'info', text: `There is room again: ${name} is saved whole.` });
    this.#list.refresh();
  }

  #forgetWaiting(id: string): void {
    const { unsaved } = this.#list.state;
    if (unsaved.includes(id)) this.#list.set({ unsaved: unsaved.filter((each) => each !== id) });
  }

  /** Writes what waited for room, if there is some now. */
  async saveAgain(): Promise<void> {
    const writers = [...this.#writers.values()].map(({ writer }) => writer);
    for (const writer of writers) writer.again();
    for (const writer of writers) await writer.settled();
  }

  /** Stops the writer of the run in this tab, if it has one. */
  async #detach(id: string): Promise<void> {
    const held = this.#writers.get(id);
    if (!held) return;
    held.writer.stop();
    this.#writers.delete(id);
    this.#forgetWaiting(id);
    held.lost();
    await held.writer.settled();
  }

  // ── What a person does to stored runs ───────────────────────────────────────────────────────────────────

  async describe(id: string, change: Partial<Pick<StoredRun, 'name' | 'note' | 'archived'>>): Promise<void> {
    await this.#list.attempt('The change was not saved', async (store) => store.describe(id, change));
    await this.#list.changed();
  }

  /** Deletes runs; deletions can be brought back. Runs that another tab writes are left alone. */
  remove(ids: readonly string[]): Promise<void> {
    return this.#takeOut('The run was not deleted', ids, async (store, mine) => {
      for (const id of mine) await this.#detach(id);
      return this.#removals.remove(store, mine);
    });
  }

  /** Gives up samples and weights of finished runs, as `planRoom` proposes; their curves stay. */
  makeRoom(items: readonly RoomItem[]): Promise<void> {
    const ids = [...new Set(items.map(({ run }) => run.id))];
    return this.#takeOut('No room was made', ids, (store, mine) => {
      const chosen = items.filter(({ run }) => mine.includes(run.id) && run.finished);
      return this.#removals.strip(store, chosen);
    });
  }

  async #takeOut(
    failing: string,
    ids: readonly string[],
    take: (store: RunStore, mine: readonly string[]) => Promise<{ what: string; held: boolean }>,
  ): Promise<void> {
    await this.#list.attempt(failing, async (store) => {
      const mine: string[] = [];
      const kept: string[] = [];
      for (const id of ids) {
        const run = await store.get(id);
        if (!run) continue;
        if (await this.#locks.take(id)) mine.push(id);
        else kept.push(run.name);
      }
      if (kept.length > 0) {
        this.#notices.post({
          kind: 'warning',
          text: `${kept.join(', ')} was not deleted: another tab is writing it. Close that tab first.`,
        });
      }
      if (mine.length === 0) return;
      const { what, held } = await take(store, mine);
      for (const id of mine) if (!this.#writers.has(id)) this.#locks.release(id);
      this.#list.set({ removed: this.#removals.labels });
      this.#dismissOffers();
      this.#notices.post({
        kind: 'info',
        text: held
          ? `Deleted: ${what}.`
          : `Deleted: ${what}. That is too much to hold in memory, so it cannot be brought back.`,
        ...(held ? { action: 'restore-runs' } : {}),
      });
    });
    await this.#list.changed();
    await this.saveAgain();
  }

  /** An offer to bring something back is about the last deletion: an older one would be taken at its word. */
  #dismissOffers(): void {
    for (const { id, action } of this.#store.getState().notices)
      if (action === 'restore-runs') this.#notices.dismiss(id);
  }

  /** Opens or closes the question what may go. */
  chooseRoom(makingRoom: boolean): void {
    this.#list.set({ makingRoom });
  }

  /** Brings the last deletion back; again, the one before it. */
  async restore(): Promise<void> {
    await this.#list.attempt('It could not be brought back', async (store) => {
      const what = await this.#removals.restore(store);
      const removed = this.#removals.labels;
      this.#list.set({ removed });
      this.#dismissOffers();
      if (what === null) return;
      this.#notices.post({
        kind: 'info',
        text: `Back: ${what}.`,
        ...(removed.length > 0 ? { action: 'restore-runs' } : {}),
      });
    });
    await this.#list.changed();
  }

  /** A run as one file, with all that is needed to resume it elsewhere. */
  async exportFile(id: string): Promise<{ file: Blob; name: string } | null> {
    let made: { file: Blob; name: string } | null = null;
    await this.#list.attempt('The run was not exported', async (store) => {
      const [run, rows] = await Promise.all([store.get(id), store.rows(id)]);
      if (run) made = { file: new Blob([await writeRunFile(run, rows)]), name: runFileName(run) };
    });
    return made;
  }

  /** The steps, prompts, responses and tokens of a run in the schema of UNIPO. */
  async exportUnipo(id: string): Promise<{ file: Blob; name: string } | null> {
    let made: { file: Blob; name: string } | null = null;
    await this.#list.attempt('The run was not exported', async (store) => {
      const [run, rows] = await Promise.all([store.get(id), store.rows(id)]);
      if (!run) return;
      const text = unipoRun({ ...run, iterations: rows.iterations }, buildWorld(run.worldSeed).train);
      const name = runFileName(run).replace(runFileEnding, '.unipo.json');
      made = { file: new Blob([text]), name };
    });
    return made;
  }

  /** Takes in a file that `exportFile` made. What does not check out is refused whole, by name. */
  async importFile(file: File): Promise<void> {
    await this.#list.attempt(`${file.name} was not imported`, async (store) => {
      const found = await readRunFile(new Uint8Array(await file.arrayBuffer()));
      const taken = new Set(this.#list.state.list.map((run) => run.color));
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
    await this.#list.changed();
  }

  // ── Inside ──────────────────────────────────────────────────────────────────────────────────────────────

  #askToPersist(): void {
    if (this.#asked) return;
    this.#asked = true;
    void this.#services?.persist();
  }
}

/**
 * The runs of this browser, as the page uses them: storage opened once, every live arm written as it happens, one
 * writer per run over all tabs, and the list that the panel shows. Whatever storage does, arms go on.
 */
import { labError } from '../errors.ts';
import type { NoticeBoard } from '../notices.ts';
import type { Arm, LabStore } from '../store.ts';
import { shippedWorldSeed } from '../worldTasks.ts';
import type { KeepRun, PastRun, RunLine } from './pastRun.ts';
import { readRunFile, runFileName, writeRunFile } from './runFile.ts';
import { RunKeeper } from './runKeeper.ts';
import { RunLocks } from './runLocks.ts';
import { type RunModels, RunStore, type StoredRows, type StoredRun } from './runStore.ts';
import type { RunsState } from './runsState.ts';
import { adviseSpace, bytesText, type Space } from './space.ts';

/** What the shelf needs of the browser; each null where the browser has none. */
export interface RunServices {
  locks: ConstructorParameters<typeof RunLocks>[0];
  /** Remembers which runs were on the page. */
  memory: Pick<Storage, 'getItem' | 'setItem'> | null;
  /** Tells other tabs that something changed. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'> | null;
  space(): Promise<Space | null>;
  /** Asks that the browser not clear what is stored. */
  persist(): Promise<void>;
}

const memoryKey = 'filtrate/runs-on-page';
/** Rows arrive many times a second; the list need not. */
const refreshMs = 400;
const spaceMs = 10_000;

interface Removed {
  run: StoredRun;
  rows: StoredRows;
}

export class RunShelf {
  #store: LabStore;
  #notices: NoticeBoard;
  #services: RunServices | null;
  #locks: RunLocks;
  #opened: Promise<RunStore> | null = null;
  #keepers = new Map<string, { keeper: RunKeeper; lost: () => void }>();
  #removed: Removed[] = [];
  #refreshing = false;
  #spaceAt = 0;
  #warned = false;
  #asked = false;
  #remembered = '';

  /** @param services null where runs are not kept at all */
  constructor(store: LabStore, notices: NoticeBoard, services: RunServices | null) {
    this.#store = store;
    this.#notices = notices;
    this.#services = services;
    this.#locks = new RunLocks(services?.locks ?? null);
    services?.channel?.addEventListener('message', () => this.#refresh(false));
    store.subscribe(({ arms }) => this.#remember(arms));
  }

  /** Opens the storage, and offers to resume what the last session left unfinished. */
  async begin(): Promise<void> {
    if (!this.#services) return;
    try {
      await this.#open();
    } catch {
      return;
    }
    await this.#list();
    const last = (this.#recall() ?? '').split(' ');
    const { list, elsewhere } = this.#state;
    const unfinished = list.filter(
      (run) => last.includes(run.id) && !run.finished && !run.archived && !elsewhere.includes(run.id),
    );
    if (unfinished.length === 0) return;
    this.#set({ unfinished: unfinished.map((run) => run.id) });
    const each = unfinished.map((run) => `${run.name} (${run.iteration} of ${run.settings.iterations})`);
    this.#notices.post({
      kind: 'info',
      text: `Last time not finished: ${each.join(', ')}. ${each.length === 1 ? 'It is' : 'They are'} saved and can go on from there.`,
      action: 'resume-session',
    });
  }

  // ── Arms ────────────────────────────────────────────────────────────────────────────────────────────────

  readonly keep: KeepRun = (arm, models, lost) => {
    if (!this.#services || this.#state.storage === 'refused') return null;
    this.#askToPersist();
    const run = describeRun(arm);
    void this.#locks.take(run.id);
    return this.#line({ run, models: ownModels(arm, models) }, lost);
  };

  /** A stored run, to be shown as an arm and gone on with. Null, with a notice, when it cannot be read. */
  async take(id: string, lost: () => void): Promise<PastRun | null> {
    try {
      const store = await this.#open();
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
      return { run, rows, line: run.finished || !mine ? null : this.#line(id, lost) };
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'The run could not be opened');
      return null;
    }
  }

  #line(run: ConstructorParameters<typeof RunKeeper>[1], lost: () => void): RunLine {
    const keeper = new RunKeeper(this.#open(), run, {
      saved: () => this.#refresh(),
      failed: (message) => {
        this.#keepers.delete(keeper.id);
        lost();
        if (this.#state.storage === 'refused') return;
        this.#notices.post({ kind: 'error', text: `Saving stopped. ${message}` });
        this.#refresh();
      },
    });
    const { id } = keeper;
    this.#keepers.set(id, { keeper, lost });
    return {
      id,
      hear: (event) => {
        keeper.hear(event);
        if (event.type === 'state' && event.state === 'finished')
          void keeper.settled().then(() => this.#refresh());
      },
      release: () => {
        if (this.#keepers.get(id)?.keeper !== keeper) return;
        void keeper.settled().then(() => {
          this.#keepers.delete(id);
          this.#locks.release(id);
          this.#refresh();
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
    await this.#attempt('The change was not saved', async (store) => store.describe(id, change));
    await this.#list();
    this.#tell();
  }

  /** Deletes runs; the last deletion can be brought back. Runs that another tab writes are left alone. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#attempt('The run was not deleted', async (store) => {
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
      this.#set({ removed: what });
      this.#notices.post({
        kind: 'info',
        text: `The saved ${removed.length === 1 ? 'run ' : ''}${what} ${removed.length === 1 ? 'was' : 'were'} deleted.`,
        action: 'restore-runs',
      });
    });
    this.#spaceAt = 0;
    await this.#list();
    this.#tell();
  }

  /** Brings the last deletion back. */
  async restore(): Promise<void> {
    await this.#attempt('The run could not be brought back', async (store) => {
      for (const { run, rows } of this.#removed) await store.insert(run, rows);
      this.#removed = [];
      this.#set({ removed: null });
    });
    await this.#list();
    this.#tell();
  }

  /** A run as one file, with all that is needed to resume it elsewhere. */
  async exportFile(id: string): Promise<{ file: Blob; name: string } | null> {
    let made: { file: Blob; name: string } | null = null;
    await this.#attempt('The run was not exported', async (store) => {
      const [run, rows] = await Promise.all([store.get(id), store.rows(id)]);
      if (run) made = { file: new Blob([await writeRunFile(run, rows)]), name: runFileName(run) };
    });
    return made;
  }

  /** Takes in a file that `exportFile` made. What does not check out is refused whole, by name. */
  async importFile(file: File): Promise<void> {
    await this.#attempt(`${file.name} was not imported`, async (store) => {
      const found = await readRunFile(new Uint8Array(await file.arrayBuffer()));
      const taken = new Set(this.#state.list.map((run) => run.color));
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
    await this.#list();
    this.#tell();
  }

  // ── Inside ──────────────────────────────────────────────────────────────────────────────────────────────

  get #state(): RunsState {
    return this.#store.getState().runs;
  }

  #set(change: Partial<RunsState>): void {
    this.#store.setState(({ runs }) => ({ runs: { ...runs, ...change } }));
  }

  #open(): Promise<RunStore> {
    this.#opened ??= RunStore.open((text) => this.#notices.post({ kind: 'warning', text })).then(
      (store) => {
        this.#set({ storage: 'open' });
        return store;
      },
      (thrown: unknown) => {
        this.#set({ storage: 'refused' });
        this.#notices.post({
          kind: 'warning',
          text: 'This browser lets the page store nothing (a private window, perhaps), so runs are lost when the page is closed. Everything else works.',
        });
        throw thrown;
      },
    );
    return this.#opened;
  }

  async #attempt(what: string, work: (store: RunStore) => Promise<void>): Promise<void> {
    try {
      await work(await this.#open());
    } catch (thrown) {
      if (this.#state.storage === 'refused') return;
      const full = (thrown as Error).name === 'QuotaExceededError';
      this.#notices.fail(
        full
          ? {
              code: 'internal',
              message: 'The browser has no room left. Delete runs that you no longer need.',
            }
          : labError(thrown),
        what,
      );
    }
  }

  /** Reads the list again soon. @param tell whether other tabs should too */
  #refresh(tell = true): void {
    if (this.#refreshing) return;
    this.#refreshing = true;
    setTimeout(() => {
      this.#refreshing = false;
      void this.#list();
      if (tell) this.#tell();
    }, refreshMs);
  }

  async #list(): Promise<void> {
    try {
      const store = await this.#open();
      const [list, elsewhere] = await Promise.all([store.list(), this.#locks.elsewhere()]);
      const open = new Set(list.filter((run) => !run.finished).map((run) => run.id));
      const unfinished = this.#state.unfinished.filter((id) => open.has(id) && !this.#keepers.has(id));
      this.#set({ list, elsewhere, unfinished });
      await this.#weigh();
    } catch {
      // The storage was closed under the page: keepers have said so.
    }
  }

  async #weigh(): Promise<void> {
    const now = performance.now();
    if (this.#spaceAt !== 0 && now - this.#spaceAt < spaceMs) return;
    this.#spaceAt = now;
    const space = (await this.#services?.space()) ?? null;
    this.#set({ space });
    if (!space) return;
    const { level, droppable, frees } = adviseSpace(space, this.#state.list);
    if (level === 'fine') this.#warned = false;
    if (level === 'fine' || this.#warned) return;
    this.#warned = true;
    const advice =
      droppable.length > 0
        ? `Deleting the ${droppable.length} archived and finished runs would free ${bytesText(frees)}; export first what you want to keep.`
        : 'Finish or delete a run to make room.';
    this.#notices.post({
      kind: 'warning',
      text: `${bytesText(space.used)} of the ${bytesText(space.quota)} that the browser grants are used: runs will soon no longer be saved. ${advice}`,
    });
  }

  #askToPersist(): void {
    if (this.#asked) return;
    this.#asked = true;
    void this.#services?.persist();
  }

  #tell(): void {
    this.#services?.channel?.postMessage('changed');
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

/** Distinct enough without a secure context, which `crypto.randomUUID` would need. */
const newId = () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

function describeRun(arm: Arm): StoredRun {
  const now = Date.now();
  return {
    id: newId(),
    name: arm.name,
    note: '',
    color: arm.color,
    settings: arm.settings,
    seed: arm.seed,
    worldSeed: shippedWorldSeed,
    backend: arm.backend,
    iteration: 0,
    firstPass: null,
    lastPass: null,
    finished: false,
    archived: false,
    created: now,
    updated: now,
    bytes: 0,
    fixedBytes: 0,
  };
}

/** Of the models brought along, those that the arm uses. */
function ownModels({ settings }: Arm, models: Parameters<KeepRun>[1]): RunModels {
  const used =
    settings.rewardSource === 'model' ? (['policy', settings.rewardModel] as const) : (['policy'] as const);
  return Object.fromEntries(
    used.flatMap((slot) => {
      const model = models.get(slot);
      return model ? [[slot, model]] : [];
    }),
  );
}

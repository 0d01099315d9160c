/**
 * Experiments of the page: one computes at a time, every run of it is stored as it happens, and any stored one can be
 * looked at and gone on with. What the panel shows are the rows that are stored; where the browser stores nothing,
 * those of this page's life.
 */
import type { TrainerParts } from '../armSource.ts';
import type { NoticeBoard } from '../notices.ts';
import type { BackendChoice, BackendInfo } from '../protocol.ts';
import { newId } from '../runs/newRun.ts';
import type { RunShelf } from '../runs/runShelf.ts';
import type { RunModels, StoredExperiment } from '../runs/runStore.ts';
import type { LabStore } from '../store.ts';
import { ExperimentArchive, modelMap } from './experimentArchive.ts';
import type { ExperimentEvent, ExperimentRun } from './experimentEvents.ts';
import { endInWords, nameOf } from './experimentInWords.ts';
import { ExperimentQueue } from './experimentQueue.ts';
import { parseSpec } from './experimentSpec.ts';
import type { Computing, ExperimentsState, ExperimentView } from './experimentsState.ts';
import { beforeOf, canGoOn, hasGrown, heard, isBack, viewOf, withoutDeleted } from './experimentView.ts';
import { type KeptRun, placesOf, type RunLeft } from './queueParts.ts';

/** What experiments need of the laboratory. */
export interface ExperimentHost {
  store: LabStore;
  notices: NoticeBoard;
  runs: RunShelf;
  trainerParts(): TrainerParts;
  /** Least time between two changes of what is shown, in milliseconds. */
  beatMs: number;
}

/** What computes, with the view that its events make. */
interface Live {
  queue: ExperimentQueue;
  view: ExperimentView;
  models: RunModels;
  stored: boolean;
  backend: BackendInfo | null;
}

/** One per core, less one for the page. */
const coresForRuns = () => Math.max(1, Math.min(16, globalThis.navigator?.hardwareConcurrency ?? 1) - 1);

export class ExperimentRoom {
  readonly #host: ExperimentHost;
  #live: Live | null = null;
  readonly #archive: ExperimentArchive;
  #beat: ReturnType<typeof setTimeout> | null = null;
  /** Counts what was asked to be shown: a slow reading must not replace a later one. */
  #asked = 0;

  constructor(host: ExperimentHost) {
    this.#host = host;
    this.#archive = new ExperimentArchive(host.runs);
    host.store.subscribe((state, before) => {
      if (state.runs.list !== before.runs.list || state.runs.experiments !== before.runs.experiments) {
        void this.#followStorage();
      }
      if (state.runs.unsaved !== before.runs.unsaved) this.#holdWhenFull(state.runs.unsaved);
    });
  }

  /** Once the stored runs are listed: offers to go on with what was cut off. */
  begin(): void {
    const { experiments, elsewhere, storage } = this.#host.store.getState().runs;
    if (storage !== 'open') return;
    const open = experiments.find(({ id, state }) => state === 'open' && !elsewhere.includes(id));
    if (!open) return;
    this.#set({ interrupted: open.id });
    this.#host.notices.post({
      kind: 'info',
      text: `The experiment ${open.name} was not finished when the page closed. Its runs are saved and can go on from there.`,
      action: 'resume-experiment',
    });
  }

  // ── What a person does ──────────────────────────────────────────────────────────────────────────────────

  /**
   * Begins an experiment and shows it. False, with a message, while another one computes.
   * @throws SpecError naming every field at fault
   */
  async start(input: unknown, name = ''): Promise<boolean> {
    const spec = parseSpec(input);
    if (this.#busy()) return false;
    const experiment: StoredExperiment = {
      id: newId(),
      name: name.trim() || nameOf(spec),
      spec,
      created: Date.now(),
      state: 'open',
      seconds: 0,
      runs: placesOf(spec).map(() => ({ id: newId(), begun: false })),
    };
    const parts = this.#host.trainerParts();
    const models = Object.fromEntries(parts.models) as RunModels;
    const stored = await this.#archive.create(experiment, models);
    this.#run(viewOf(experiment, new Map(), new Map()), models, stored, spec.backend);
    return true;
  }

  /** Goes on with a stored experiment: runs that were cut off from their snapshots, then those that never began. */
  async goOn(id: string): Promise<boolean> {
    if (this.#busy()) return false;
    if (!(await this.#host.runs.locks.take(id))) {
      this.#host.notices.post({
        kind: 'warning',
        text: 'Another tab computes this experiment. Close that tab first, or let it finish there.',
      });
      return false;
    }
    const read = await this.#archive.read(id);
    if (!read) return false;
    const { view, models, engine } = read;
    if (!canGoOn(view)) return false;
    await this.#archive.describe(id, { state: 'open' });
    this.#run(view, models, true, (engine as BackendChoice | null) ?? view.spec.backend);
    return true;
  }

  /** Goes on with the experiment that the last session was cut off in. */
  async resumeInterrupted(): Promise<void> {
    const { interrupted } = this.#state;
    if (interrupted === null) return;
    await this.show(interrupted);
    await this.goOn(interrupted);
  }

  pause(): void {
    this.#live?.queue.pause();
    this.#saveSeconds();
    this.#publish();
  }

  resume(): void {
    this.#live?.queue.start();
    this.#publish();
  }

  /** Ends it at once; what was computed stays, and it can be gone on with. */
  stop(): void {
    this.#live?.queue.stop();
  }

  /** Shows an experiment, or none: then the form for a new one stands alone. */
  async show(id: string | null): Promise<void> {
    const turn = ++this.#asked;
    if (id === null) return this.#set({ shown: null });
    if (id === this.#live?.view.id) return this.#set({ shown: this.#live.view });
    const read = await this.#archive.read(id);
    if (!read || this.#asked !== turn) return;
    this.#set({ shown: read.view });
    // What was deleted while it was read.
    this.#dropDeleted();
  }

  async rename(id: string, name: string): Promise<void> {
    const trimmed = name.trim().slice(0, 80);
    if (trimmed === '') return;
    await this.#archive.describe(id, { name: trimmed });
    if (this.#live?.view.id === id) this.#live.view = { ...this.#live.view, name: trimmed };
    const { shown } = this.#state;
    if (shown?.id === id) this.#set({ shown: { ...shown, name: trimmed } });
    this.#publish();
  }

  /** Deletes an experiment with all its runs; bringing the runs back brings it back. */
  async remove(id: string): Promise<void> {
    if (this.#live?.view.id === id) {
      const { queue } = this.#live;
      queue.stop();
      await queue.done;
      await this.#host.runs.saveAgain();
    }
    await this.#archive.remove(id);
    if (this.#state.shown?.id === id) this.#set({ shown: null });
  }

  // ── Computing ───────────────────────────────────────────────────────────────────────────────────────────

  #busy(): boolean {
    if (!this.#live) return false;
    this.#host.notices.post({
      kind: 'warning',
      text: `${this.#live.view.name} still computes. Stop it first; what it has computed is kept.`,
    });
    return true;
  }

  #run(view: ExperimentView, models: RunModels, stored: boolean, engine: BackendChoice): void {
    const { spec } = view;
    const parts = {
      ...this.#host.trainerParts(),
      models: modelMap(models),
    };
    const queue = new ExperimentQueue(spec, parts, {
      cores: coresForRuns(),
      keepSamples: false,
      policies: false,
      now: () => performance.now(),
      before: { runs: beforeOf(view), seconds: view.seconds, engine },
      keep: (run, backend, leave) => this.#keep(run, backend, leave),
    });
    const live: Live = { queue, view, models, stored, backend: null };
    this.#live = live;
    this.#asked++;
    this.#set({ shown: view, interrupted: null });
    queue.listen((event) => this.#hear(live, event));
    queue.start();
    this.#publishNow();
    void queue.done.then(() => this.#ended(live));
  }

  #hear(live: Live, event: ExperimentEvent): void {
    live.view = heard(live.view, event);
    if (event.type === 'backend') {
      live.backend = event.backend;
      this.#warnOfEngine(live, event.backend);
    }
    if (event.type === 'run' && event.run.state !== 'running') this.#saveSeconds();
    this.#publish();
  }

  #warnOfEngine({ view }: Live, backend: BackendInfo): void {
    const old = this.#host.store
      .getState()
      .runs.list.find((run) => run.experiment === view.id && run.backend !== null)?.backend?.name;
    if (old === undefined || old === backend.name) return;
    this.#host.notices.post({
      kind: 'warning',
      text: `${view.name} was computed with ${old}, which cannot be opened here, and goes on with ${backend.name}: its numbers will differ from there in the last digits.`,
    });
  }

  async #ended(live: Live): Promise<void> {
    const { id } = live.view;
    // Said to be done once the last rows are on disk.
    await this.#host.runs.saveAgain();
    live.view = { ...live.view, seconds: live.queue.seconds };
    const left = canGoOn(live.view);
    this.#live = null;
    if (this.#state.shown?.id === id) this.#set({ shown: live.view });
    this.#publishNow();
    if (live.stored) {
      await this.#archive.describe(id, { state: left ? 'stopped' : 'finished', seconds: live.view.seconds });
    }
    this.#host.runs.locks.release(id);
    this.#host.notices.post(endInWords(live.view));
    // A run that was brought back meanwhile.
    void this.#followStorage();
  }

  async #keep(run: ExperimentRun, backend: BackendInfo, leave: (left: RunLeft) => void): Promise<KeptRun> {
    const live = this.#live!;
    if (!live.stored) return { line: null, past: null };
    return this.#archive.keep(live, live.view.runs[run.index], backend, (left) => {
      // Storage that is gone takes the next run too.
      if (left) leave(left);
      else this.stop();
    });
  }

  /** Rows that wait for room wait in memory: many runs would fill that too. */
  #holdWhenFull(unsaved: readonly string[]): void {
    const live = this.#live;
    if (live?.queue.state !== 'running') return;
    if (!live.view.runs.some((run) => run.id !== null && unsaved.includes(run.id))) return;
    this.pause();
    this.#host.notices.post({
      kind: 'warning',
      text: `${live.view.name} is paused, because the browser has no room left to save it. Make room, then let it go on.`,
      action: 'make-room',
    });
  }

  // ── Storage ─────────────────────────────────────────────────────────────────────────────────────────────

  #saveSeconds(): void {
    const live = this.#live;
    if (live?.stored) void this.#archive.describe(live.view.id, { seconds: live.queue.seconds });
  }

  /** Takes deleted runs out of what is shown, and brings back what is stored again. */
  async #followStorage(): Promise<void> {
    await this.#archive.restore(this.#host.store.getState().runs.list);
    const { list, experiments, storage } = this.#host.store.getState().runs;
    if (storage !== 'open') return;
    const stored = new Set(list.map((run) => run.id));
    const live = this.#live;
    const ofLive = live && experiments.find(({ id }) => id === live.view.id);
    if (live && ofLive) {
      live.view = withoutDeleted(live.view, ofLive, stored);
      this.#publish();
    }
    const { shown } = this.#state;
    if (!shown || this.#live?.view.id === shown.id) return;
    if (isBack(shown, stored) || hasGrown(shown, list)) await this.show(shown.id);
    else this.#dropDeleted();
  }

  #dropDeleted(): void {
    const { shown } = this.#state;
    const { list, experiments } = this.#host.store.getState().runs;
    const experiment = experiments.find(({ id }) => id === shown?.id);
    if (!shown || !experiment) return;
    const next = withoutDeleted(shown, experiment, new Set(list.map((run) => run.id)));
    if (next !== shown) this.#set({ shown: next });
  }

  // ── Showing ─────────────────────────────────────────────────────────────────────────────────────────────

  get #state(): ExperimentsState {
    return this.#host.store.getState().experiments;
  }

  #set(change: Partial<ExperimentsState>): void {
    this.#host.store.setState(({ experiments }) => ({ experiments: { ...experiments, ...change } }));
  }

  /** Shows what computes, soon: events come many times a second. */
  #publish(): void {
    if (this.#beat !== null) return;
    this.#beat = setTimeout(() => {
      this.#beat = null;
      this.#publishNow();
    }, this.#host.beatMs);
  }

  #publishNow(): void {
    const live = this.#live;
    const { shown } = this.#state;
    const isShown = live && shown?.id === live.view.id;
    this.#set({
      computing: live && computingOf(live),
      ...(isShown ? { shown: { ...live.view, seconds: live.queue.seconds } } : {}),
    });
  }
}

function computingOf({ queue, view, backend }: Live): Computing {
  const state = queue.state === 'paused' ? 'paused' : backend === null ? 'opening' : 'running';
  return { id: view.id, name: view.name, state, backend, ...queue.progress };
}

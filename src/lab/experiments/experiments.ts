/**
 * Experiments of the page: one computes at a time, every run of it is stored as it happens, and any stored one can be
 * looked at and gone on with. What the panel shows are the rows that are stored; where the browser stores nothing,
 * those of this page's life.
 */
import { newId } from '../runs/newRun.ts';
import type { Runs } from '../runs/runs.ts';
import type { BackendChoice, BackendInfo } from '../settings/engines.ts';
import { parseSpec } from '../settings/experimentSpec.ts';
import type { ExperimentEvent } from '../state/experimentEvents.ts';
import type { LabStore } from '../state/store.ts';
import type { RunModels, StoredExperiment } from '../storage/runStore.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import type { Notices } from '../view/notices.ts';
import { ExperimentArchive } from './experimentArchive.ts';
import { ExperimentScreen } from './experimentScreen.ts';
import { canGoOn, viewOf } from './experimentView.ts';
import { LiveExperiment, type LiveOptions } from './liveExperiment.ts';
import { endInWords, nameOf } from './outcome/experimentInWords.ts';
import { placesOf } from './queue/queueParts.ts';

/** What experiments need of the laboratory. */
export interface ExperimentHost {
  store: LabStore;
  notices: Notices;
  runs: Runs;
  trainerParts(): TrainerParts;
  /** Least time between two changes of what is shown, in milliseconds. */
  beatMs: number;
}

export class Experiments {
  readonly #host: ExperimentHost;
  readonly #archive: ExperimentArchive;
  readonly #screen: ExperimentScreen;
  #live: LiveExperiment | null = null;

  constructor(host: ExperimentHost) {
    this.#host = host;
    this.#archive = new ExperimentArchive(host.runs);
    this.#screen = new ExperimentScreen({
      store: host.store,
      archive: this.#archive,
      live: () => this.#live,
      beatMs: host.beatMs,
    });
    host.store.subscribe((state, before) => {
      if (state.runs.list !== before.runs.list || state.runs.experiments !== before.runs.experiments) {
        void this.#screen.followStorage();
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
    this.#screen.set({ interrupted: open.id });
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
    const models = Object.fromEntries(this.#host.trainerParts().models) as RunModels;
    const stored = await this.#archive.create(experiment, models);
    const view = viewOf(experiment, new Map(), new Map());
    this.#run({ view, models, stored, engine: spec.backend });
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
    const computedWith = (engine as BackendChoice | null) ?? view.spec.backend;
    this.#run({ view, models, stored: true, engine: computedWith });
    return true;
  }

  /** Goes on with the experiment that the last session was cut off in. */
  async resumeInterrupted(): Promise<void> {
    const { interrupted } = this.#screen.state;
    if (interrupted === null) return;
    await this.show(interrupted);
    await this.goOn(interrupted);
  }

  pause(): void {
    this.#live?.queue.pause();
    this.#saveSeconds();
    this.#screen.publish();
  }

  resume(): void {
    this.#live?.queue.start();
    this.#screen.publish();
  }

  /** Ends it at once; what was computed stays, and it can be gone on with. */
  stop(): void {
    this.#live?.queue.stop();
  }

  /** Shows an experiment, or none: then the form for a new one stands alone. */
  show(id: string | null): Promise<void> {
    return this.#screen.show(id);
  }

  async rename(id: string, name: string): Promise<void> {
    const trimmed = name.trim().slice(0, 80);
    if (trimmed === '') return;
    await this.#archive.describe(id, { name: trimmed });
    if (this.#live?.view.id === id) this.#live.view = { ...this.#live.view, name: trimmed };
    this.#screen.update(id, { name: trimmed });
    this.#screen.publish();
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
    this.#screen.close(id);
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

  #run(options: LiveOptions): void {
    const live = new LiveExperiment(options, this.#host.trainerParts(), this.#archive);
    this.#live = live;
    live.queue.listen((event) => this.#hear(live, event));
    this.#screen.showLive(live);
    live.queue.start();
    this.#screen.publishNow();
    void live.queue.done.then(() => this.#ended(live));
  }

  #hear(live: LiveExperiment, event: ExperimentEvent): void {
    live.hear(event);
    if (event.type === 'backend') this.#warnOfEngine(live, event.backend);
    if (event.type === 'run' && event.run.state !== 'running') this.#saveSeconds();
    this.#screen.publish();
  }

  #warnOfEngine({ view }: LiveExperiment, backend: BackendInfo): void {
    const old = this.#host.store
      .getState()
      .runs.list.find((run) => run.experiment === view.id && run.backend !== null)?.backend?.name;
    if (old === undefined || old === backend.name) return;
    this.#host.notices.post({
      kind: 'warning',
      text: `${view.name} was computed with ${old}, which cannot be opened here, and goes on with ${backend.name}: its numbers will differ from there in the last digits.`,
    });
  }

  async #ended(live: LiveExperiment): Promise<void> {
    const { id } = live.view;
    // Said to be done once the last rows are on disk.
    await this.#host.runs.saveAgain();
    live.view = live.shown;
    const left = canGoOn(live.view);
    this.#live = null;
    this.#screen.update(id, live.view);
    this.#screen.publishNow();
    if (live.stored) {
      await this.#archive.describe(id, { state: left ? 'stopped' : 'finished', seconds: live.view.seconds });
    }
    this.#host.runs.locks.release(id);
    this.#host.notices.post(endInWords(live.view));
    // A run that was brought back meanwhile.
    void this.#screen.followStorage();
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

  #saveSeconds(): void {
    const live = this.#live;
    if (live?.stored) void this.#archive.describe(live.view.id, { seconds: live.queue.seconds });
  }
}

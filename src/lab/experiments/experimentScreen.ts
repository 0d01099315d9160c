/**
 * The experiment that is looked at: read from the storage or taken from what computes, and kept true to both. What
 * computes shows beat by beat; runs that are deleted leave, runs that come back or grow elsewhere are read again.
 */
import type { ExperimentsState, ExperimentView } from '../state/experimentsState.ts';
import type { LabStore } from '../state/store.ts';
import type { ExperimentArchive } from './experimentArchive.ts';
import { hasGrown, isBack, withoutDeleted } from './experimentView.ts';
import type { LiveExperiment } from './liveExperiment.ts';

/** What is needed to show experiments. */
export interface ScreenHost {
  store: LabStore;
  archive: ExperimentArchive;
  /** What computes. */
  live(): LiveExperiment | null;
  /** Least time between two changes of what is shown, in milliseconds. */
  beatMs: number;
}

export class ExperimentScreen {
  readonly #host: ScreenHost;
  #beat: ReturnType<typeof setTimeout> | null = null;
  /** Counts what was asked to be shown: a slow reading must not replace a later one. */
  #asked = 0;

  constructor(host: ScreenHost) {
    this.#host = host;
  }

  get state(): ExperimentsState {
    return this.#host.store.getState().experiments;
  }

  set(change: Partial<ExperimentsState>): void {
    this.#host.store.setState(({ experiments }) => ({ experiments: { ...experiments, ...change } }));
  }

  /** Shows an experiment, or none: then the form for a new one stands alone. */
  async show(id: string | null): Promise<void> {
    const turn = ++this.#asked;
    if (id === null) return this.set({ shown: null });
    const live = this.#host.live();
    if (id === live?.view.id) return this.set({ shown: live.view });
    const read = await this.#host.archive.read(id);
    if (!read || this.#asked !== turn) return;
    this.set({ shown: read.view });
    // What was deleted while it was read.
    this.#dropDeleted();
  }

  /** Shows what begins to compute, whatever was asked for before. */
  showLive({ view }: LiveExperiment): void {
    this.#asked++;
    this.set({ shown: view, interrupted: null });
  }

  /** Changes what is shown of an experiment, if it is shown. */
  update(id: string, change: Partial<ExperimentView>): void {
    const { shown } = this.state;
    if (shown?.id === id) this.set({ shown: { ...shown, ...change } });
  }

  /** Stops showing an experiment, if it is shown. */
  close(id: string): void {
    if (this.state.shown?.id === id) this.set({ shown: null });
  }

  /** Takes deleted runs out of what is shown, and brings back what is stored again. */
  async followStorage(): Promise<void> {
    await this.#host.archive.restore(this.#host.store.getState().runs.list);
    const { list, experiments, storage } = this.#host.store.getState().runs;
    if (storage !== 'open') return;
    const stored = new Set(list.map((run) => run.id));
    const live = this.#host.live();
    const ofLive = live && experiments.find(({ id }) => id === live.view.id);
    if (live && ofLive) {
      live.view = withoutDeleted(live.view, ofLive, stored);
      this.publish();
    }
    const { shown } = this.state;
    if (!shown || live?.view.id === shown.id) return;
    if (isBack(shown, stored) || hasGrown(shown, list)) await this.show(shown.id);
    else this.#dropDeleted();
  }

  #dropDeleted(): void {
    const { shown } = this.state;
    const { list, experiments } = this.#host.store.getState().runs;
    const experiment = experiments.find(({ id }) => id === shown?.id);
    if (!shown || !experiment) return;
    const next = withoutDeleted(shown, experiment, new Set(list.map((run) => run.id)));
    if (next !== shown) this.set({ shown: next });
  }

  /** Shows what computes, soon: events come many times a second. */
  publish(): void {
    if (this.#beat !== null) return;
    this.#beat = setTimeout(() => {
      this.#beat = null;
      this.publishNow();
    }, this.#host.beatMs);
  }

  publishNow(): void {
    const live = this.#host.live();
    const isShown = live && this.state.shown?.id === live.view.id;
    this.set({ computing: live?.computing ?? null, ...(isShown ? { shown: live.shown } : {}) });
  }
}

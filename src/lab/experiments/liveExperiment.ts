/** The experiment that computes in this tab: its queue, and the view that its events make. */
import type { BackendChoice, BackendInfo } from '../settings/engines.ts';
import type { ExperimentEvent, ExperimentRun } from '../state/experimentEvents.ts';
import type { Computing, ExperimentView } from '../state/experimentsState.ts';
import type { RunModels } from '../storage/runStore.ts';
import type { TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import { type ExperimentArchive, modelMap } from './experimentArchive.ts';
import { beforeOf, heard } from './experimentView.ts';
import { ExperimentQueue } from './queue/experimentQueue.ts';
import type { RunLeft, RunStorage } from './queue/queueParts.ts';

/** What computes and with what. */
export interface LiveOptions {
  view: ExperimentView;
  /** Models that its runs use in place of the shipped ones. */
  models: RunModels;
  /** Whether its runs can be stored. */
  stored: boolean;
  engine: BackendChoice;
}

/** One per core, less one for the page. */
const coresForRuns = () => Math.max(1, Math.min(16, globalThis.navigator?.hardwareConcurrency ?? 1) - 1);

export class LiveExperiment {
  readonly queue: ExperimentQueue;
  readonly models: RunModels;
  readonly stored: boolean;
  /** What its events have made of it so far; its seconds are those from before it began here. */
  view: ExperimentView;
  #backend: BackendInfo | null = null;
  readonly #archive: ExperimentArchive;

  constructor(
    { view, models, stored, engine }: LiveOptions,
    parts: TrainerParts,
    archive: ExperimentArchive,
  ) {
    this.view = view;
    this.models = models;
    this.stored = stored;
    this.#archive = archive;
    this.queue = new ExperimentQueue(
      view.spec,
      { ...parts, models: modelMap(models) },
      {
        cores: coresForRuns(),
        keepSamples: 'none',
        policies: false,
        now: () => performance.now(),
        before: { runs: beforeOf(view), seconds: view.seconds, engine },
        keep: (run, backend, leave) => this.#keep(run, backend, leave),
      },
    );
  }

  /** The view with the seconds computed by now. */
  get shown(): ExperimentView {
    return { ...this.view, seconds: this.queue.seconds };
  }

  /** How it stands, in short. */
  get computing(): Computing {
    const { queue } = this;
    const state = queue.state === 'paused' ? 'paused' : this.#backend === null ? 'opening' : 'running';
    return { id: this.view.id, name: this.view.name, state, backend: this.#backend, ...queue.progress };
  }

  /** Takes in what the queue tells. */
  hear(event: ExperimentEvent): void {
    this.view = heard(this.view, event);
    if (event.type === 'backend') this.#backend = event.backend;
  }

  async #keep(run: ExperimentRun, backend: BackendInfo, leave: (left: RunLeft) => void): Promise<RunStorage> {
    if (!this.stored) return { line: null, past: null };
    return this.#archive.keep(this, this.view.runs[run.index], backend, (left) => {
      // Storage that is gone takes the next run too.
      if (left) leave(left);
      else this.queue.stop();
    });
  }
}

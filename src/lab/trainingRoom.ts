/**
 * Models made or given in the page: training jobs in a worker of their own, import and export of checkpoints as
 * Hugging Face folders. The arms take the models of each slot when they start.
 */
import { zipSync } from 'fflate';
import { openTrainer, type TrainerParts } from './armSource.ts';
import { labError } from './errors.ts';
import { folderFiles, readFolder } from './modelFolder.ts';
import type { NoticeBoard } from './notices.ts';
import type {
  CheckpointBytes,
  RewardModelSettings,
  SftSettings,
  TrainerCommand,
  TrainerEvent,
} from './protocol.ts';
import type { LabStore, ModelOrigin, ModelSlot, TrainingJob } from './store.ts';
import type { TrainerHandle } from './trainer.ts';

/** More points than a progress curve can show; above it every other one is dropped. */
const mostReports = 600;

export const slotText: Record<ModelSlot, string> = {
  policy: 'starting policy',
  strong: 'strong reward model',
  weak: 'weak reward model',
};

export class TrainingRoom {
  /** Models that replace the shipped ones. */
  readonly models = new Map<ModelSlot, CheckpointBytes>();
  #store: LabStore;
  #notices: NoticeBoard;
  #parts: () => TrainerParts;
  #trainer: TrainerHandle | null = null;

  constructor(store: LabStore, notices: NoticeBoard, parts: () => TrainerParts) {
    this.#store = store;
    this.#notices = notices;
    this.#parts = parts;
  }

  trainPolicy(settings: SftSettings, seed: number): Promise<void> {
    return this.#train('policy', { type: 'train-policy', settings, seed });
  }

  trainReward(settings: RewardModelSettings, seed: number, slot: 'strong' | 'weak'): Promise<void> {
    return this.#train(slot, { type: 'train-reward', settings, seed, slot });
  }

  /** Ends the job early; what was learned is kept. */
  stop(): void {
    if (this.#store.getState().training?.state !== 'running') return;
    this.#change({ state: 'stopping' });
    this.#trainer?.send({ type: 'stop-training' });
  }

  /**
   * Uses the model in these files (a Hugging Face folder or a zip of one) instead of the present one of a slot.
   * A file that does not fit leaves everything as it was.
   */
  async importModel(slot: ModelSlot, files: readonly File[]): Promise<void> {
    let trainer: TrainerHandle | null = null;
    try {
      const checkpoint = await readFolder(files);
      ({ trainer } = await openTrainer(this.#parts()));
      const used = trainer.next('used');
      trainer.send({ type: 'use', slot, checkpoint });
      await used;
      this.#adopt(slot, checkpoint, 'imported');
    } catch (thrown) {
      this.#notices.fail(labError(thrown), `The ${slotText[slot]} was not replaced`);
    } finally {
      trainer?.dispose();
    }
  }

  /** Goes back to the shipped model of a slot. */
  forget(slot: ModelSlot): void {
    this.models.delete(slot);
    this.#store.setState(({ models }) => ({ models: { ...models, [slot]: 'shipped' } }));
  }

  /** A model of the page as one zip in Hugging Face layout. */
  zip(checkpoint: CheckpointBytes): Blob {
    return new Blob([zipSync(folderFiles(checkpoint), { level: 6 })], { type: 'application/zip' });
  }

  async #train(
    slot: ModelSlot,
    command: Extract<TrainerCommand, { type: 'train-policy' | 'train-reward' }>,
  ): Promise<void> {
    const state = this.#store.getState().training?.state;
    if (state === 'running' || state === 'stopping') return;
    const job = command.type === 'train-policy' ? 'policy' : 'reward';
    this.#store.setState({
      training: { job, slot, state: 'running', history: [], result: null, error: null },
    });
    try {
      const { trainer } = await openTrainer(this.#parts());
      this.#trainer = trainer;
      const ended = trainer.next('trained');
      trainer.on('training', (event) => this.#report(event));
      trainer.send(command);
      // A stop that was asked for while the worker opened.
      if (this.#store.getState().training?.state === 'stopping') trainer.send({ type: 'stop-training' });
      const trained = await ended;
      this.#change({ state: 'done', result: trained.metrics });
      this.#adopt(slot, trained.checkpoint, 'trained');
    } catch (thrown) {
      const error = labError(thrown);
      this.#change({ state: 'failed', error });
      this.#notices.fail(error, 'Training stopped');
    } finally {
      this.#trainer?.dispose();
      this.#trainer = null;
    }
  }

  #report({ progress }: Extract<TrainerEvent, { type: 'training' }>): void {
    this.#store.setState(({ training }) => {
      if (!training) return {};
      const kept =
        training.history.length < mostReports
          ? training.history
          : training.history.filter((_, i) => i % 2 === 0);
      return { training: { ...training, history: [...kept, progress] } };
    });
  }

  #change(change: Partial<TrainingJob>): void {
    this.#store.setState(({ training }) => ({ training: training && { ...training, ...change } }));
  }

  #adopt(slot: ModelSlot, checkpoint: CheckpointBytes, origin: ModelOrigin): void {
    this.models.set(slot, checkpoint);
    this.#store.setState(({ models }) => ({ models: { ...models, [slot]: origin } }));
    this.#notices.post({
      kind: 'info',
      text: `The ${slotText[slot]} was ${origin} in this tab. Arms take it when they start; those that have started keep the one they have until they are reset.`,
      action: 'reset',
    });
  }
}

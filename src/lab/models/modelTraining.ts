/**
 * Models made in the page: training jobs, one at a time, in a worker of their own. What comes out takes the place of
 * the present model of its slot.
 */
import { networkOf } from '../../rlhf/sample/decode/guided.ts';
import type { LabStore, TrainingJob } from '../state/store.ts';
import { labError } from '../trainer/errors.ts';
import type { ModelSlot, RewardSlot } from '../trainer/models/modelSlots.ts';
import { openTrainer } from '../trainer/pageSide/openTrainer.ts';
import type { ArmCommand, EventOf, TrainerHandle } from '../trainer/pageSide/trainerHandle.ts';
import type {
  GenrmSettings,
  RewardModelSettings,
  SftSettings,
  StudentBytes,
  StudentSettings,
  Teacher,
  TrainerCommand,
  TrainerEvent,
  ValueSettings,
} from '../trainer/protocol.ts';
import type { Notices } from '../view/notices.ts';
import type { Models } from './models.ts';

/** More points than a progress curve can show; above it every other one is dropped. */
const mostReports = 600;

export class ModelTraining {
  #store: LabStore;
  #notices: Notices;
  #models: Models;
  #trainer: TrainerHandle | null = null;

  constructor(store: LabStore, notices: Notices, models: Models) {
    this.#store = store;
    this.#notices = notices;
    this.#models = models;
  }

  trainPolicy(settings: SftSettings, seed: number): Promise<void> {
    return this.#train('policy', { type: 'train-policy', settings, seed });
  }

  trainReward(settings: RewardModelSettings, seed: number, slot: RewardSlot): Promise<void> {
    return this.#train(slot, { type: 'train-reward', settings, seed, slot });
  }

  trainGenrm(settings: GenrmSettings, seed: number): Promise<void> {
    return this.#train('genrm', { type: 'train-genrm', settings, seed });
  }

  trainValue(settings: ValueSettings, seed: number): Promise<void> {
    return this.#train(networkOf(settings.learns), { type: 'train-value', settings, seed });
  }

  /** Ends the job early; what was learned is kept. */
  stop(): void {
    if (this.#store.getState().training?.state !== 'running') return;
    this.#change({ state: 'stopping' });
    this.#trainer?.send({ type: 'stop-training' });
  }

  /** A student of a teacher, or of a store that is there. Resolves to null where nothing came out. */
  async trainStudent(
    settings: StudentSettings,
    seed: number,
    teacher: Teacher,
    knowledge?: string,
  ): Promise<StudentBytes | null> {
    const command = {
      type: 'train-student',
      settings,
      seed,
      teacher,
      ...(knowledge !== undefined && { knowledge }),
    } as const;
    const trained = await this.#run('student', command, 'trained-student');
    return trained?.student ?? null;
  }

  /** @throws LabFailure naming the file of a student that is damaged or foreign */
  async checkStudent(student: StudentBytes): Promise<void> {
    const { trainer } = await openTrainer(this.#models.trainerParts());
    try {
      const checked = trainer.next('checked');
      trainer.send({ type: 'check-student', student });
      await checked;
    } finally {
      trainer.dispose();
    }
  }

  async #train(
    slot: ModelSlot,
    command: Extract<
      TrainerCommand,
      { type: 'train-policy' | 'train-reward' | 'train-genrm' | 'train-value' }
    >,
  ): Promise<void> {
    const trained = await this.#run(slot, command, 'trained');
    if (trained) this.#models.adopt(slot, trained.checkpoint, 'trained');
  }

  /** One job in a worker of its own; what it posts at its end, or null where it ended in an error or another runs. */
  async #run<End extends 'trained' | 'trained-student'>(
    slot: TrainingJob['slot'],
    command: ArmCommand,
    end: End,
  ): Promise<EventOf<End> | null> {
    const state = this.#store.getState().training?.state;
    if (state === 'running' || state === 'stopping') return null;
    this.#store.setState({
      training: { slot, state: 'running', history: [], result: null, error: null },
    });
    try {
      const { trainer } = await openTrainer(this.#models.trainerParts());
      this.#trainer = trainer;
      const ended = trainer.next(end);
      trainer.on('training', (event) => this.#report(event));
      trainer.send(command);
      // A stop that was asked for while the worker opened.
      if (this.#store.getState().training?.state === 'stopping') trainer.send({ type: 'stop-training' });
      const trained = await ended;
      const { metrics: result, reliability } = trained as Partial<EventOf<'trained'>>;
      this.#change({ state: 'done', result: result ?? null, reliability });
      return trained;
    } catch (thrown) {
      const error = labError(thrown);
      this.#change({ state: 'failed', error });
      this.#notices.fail(error, 'Training stopped');
      return null;
    } finally {
      this.#trainer?.dispose();
      this.#trainer = null;
    }
  }

  #report({ progress: { masks, ...progress } }: Extract<TrainerEvent, { type: 'training' }>): void {
    this.#store.setState(({ training }) => {
      if (!training) return {};
      const kept =
        training.history.length < mostReports
          ? training.history
          : training.history.filter((_, i) => i % 2 === 0);
      // Of the masks only the newest are looked at.
      return { training: { ...training, history: [...kept, progress], ...(masks && { masks }) } };
    });
  }

  #change(change: Partial<TrainingJob>): void {
    this.#store.setState(({ training }) => ({ training: training && { ...training, ...change } }));
  }
}

/**
 * The models that arms and training jobs start with: those that ship with the page, or what was trained or imported in
 * their place. They come in and go out as Hugging Face folders.
 */
import { zipSync } from 'fflate';
import { modelsOf } from '../../rlhf/catalogue/catalogue.ts';
import type { ArmList } from '../arms/armList.ts';
import { LiveArm } from '../arms/liveArm.ts';
import type { Arm } from '../state/arm.ts';
import type { LabStore, ModelOrigin } from '../state/store.ts';
import { LabFailure, labError } from '../trainer/errors.ts';
import { type ModelName, type ModelSlot, slotText } from '../trainer/models/modelSlots.ts';
import { fetchShipped } from '../trainer/models/shippedModels.ts';
import { openTrainer, type TrainerParts } from '../trainer/pageSide/openTrainer.ts';
import { PreparedTrainers } from '../trainer/pageSide/preparedTrainers.ts';
import type { CheckpointBytes } from '../trainer/protocol.ts';
import type { Notices } from '../view/notices.ts';
import { folderFiles, readFolder } from './modelFolder.ts';

/** The present model of an arm, or the one that a slot would start from. */
export type ModelSource = { arm: string; part: 'policy' | 'critic' } | { slot: ModelSlot };

/** What the page gives to every trainer. */
type Surroundings = Pick<TrainerParts, 'spawn' | 'judgePort' | 'assets'>;

export class Models {
  /** Models that replace the shipped ones. */
  readonly #replaced = new Map<ModelSlot, CheckpointBytes>();
  /** Trainers for the arms on the page that have not started. */
  readonly #prepared = new PreparedTrainers();
  readonly #surroundings: Surroundings;
  readonly #store: LabStore;
  readonly #notices: Notices;
  readonly #list: ArmList;

  constructor(surroundings: Surroundings, store: LabStore, notices: Notices, list: ArmList) {
    this.#surroundings = surroundings;
    this.#store = store;
    this.#notices = notices;
    this.#list = list;
  }

  /** How a trainer is opened with the present choice of engine and models. */
  trainerParts(): TrainerParts {
    return {
      ...this.#surroundings,
      backend: this.#store.getState().backendChoice,
      models: this.#replaced,
      prepared: (backend) => this.#prepared.take(backend),
    };
  }

  /** Opens trainers for arms that may be started soon. */
  prepare(arms: readonly Arm[]): void {
    const used = arms.flatMap(({ settings }) => ['policy', ...modelsOf(settings)] as ModelName[]);
    const shipped = [...new Set(used)].filter((name) => !this.#replaced.has(name as ModelSlot));
    this.#prepared.prepare(this.trainerParts(), arms.length, shipped);
  }

  /**
   * Uses the model in these files (a Hugging Face folder or a zip of one) instead of the present one of a slot.
   * A file that does not fit leaves everything as it was.
   */
  async importFiles(slot: ModelSlot, files: readonly File[]): Promise<void> {
    try {
      this.adopt(slot, await this.read(slot, files), 'imported');
    } catch (thrown) {
      this.#notices.fail(labError(thrown), `The ${slotText[slot]} was not replaced`);
    }
  }

  /**
   * The model in these files, once a trainer has read it.
   * @throws LabFailure naming what is wrong with the files, or why the model does not fit the slot
   */
  async read(slot: ModelSlot, files: readonly File[]): Promise<CheckpointBytes> {
    const checkpoint = await readFolder(files);
    const { trainer } = await openTrainer(this.trainerParts());
    try {
      const used = trainer.next('used');
      trainer.send({ type: 'use', slot, checkpoint });
      await used;
      return checkpoint;
    } finally {
      trainer.dispose();
    }
  }

  /** The files of a model in Hugging Face layout, as one zip; null, with a notice, when that fails. */
  async exportZip(from: ModelSource): Promise<Blob | null> {
    try {
      const files = folderFiles(await this.checkpoint(from));
      return new Blob([zipSync(files, { level: 6 })], { type: 'application/zip' });
    } catch (thrown) {
      this.#notices.fail(labError(thrown), 'Export');
      return null;
    }
  }

  /** Puts a model in the place of the present one of a slot, and says who takes it from now on. */
  adopt(slot: ModelSlot, checkpoint: CheckpointBytes, origin: ModelOrigin): void {
    this.#replaced.set(slot, checkpoint);
    this.#store.setState(({ models }) => ({ models: { ...models, [slot]: origin } }));
    this.#notices.post({
      kind: 'info',
      text: `The ${slotText[slot]} was ${origin} in this tab. Arms take it when they start; those that have started keep the one they have until they are reset.`,
      action: 'reset',
    });
  }

  /** Goes back to the shipped model of a slot. */
  forget(slot: ModelSlot): void {
    this.#replaced.delete(slot);
    this.#store.setState(({ models }) => ({ models: { ...models, [slot]: 'shipped' } }));
  }

  /** The files of a model as they are. */
  async checkpoint(from: ModelSource): Promise<CheckpointBytes> {
    if ('slot' in from)
      return this.#replaced.get(from.slot) ?? fetchShipped(this.#surroundings.assets, from.slot);
    const source = this.#list.find(from.arm);
    const trainer = source instanceof LiveArm ? source.trainer : null;
    if (trainer) return trainer.exportModel(from.part);
    if (source instanceof LiveArm && source.arm.iterations.length > 0) {
      throw new LabFailure({
        code: 'bad-checkpoint',
        message: `${source.arm.name} shows what was stored of a run; its models are opened when it goes on. Press play or step first, or run it again.`,
      });
    }
    return this.checkpoint({ slot: 'policy' });
  }
}

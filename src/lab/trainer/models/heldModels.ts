/**
 * The models of a trainer, by slot: those that ship with the page until others are given in their place. What was given
 * outlives the device: after a lost GPU an arm goes on with the models that it began with.
 */
import type { Transformer } from '../../../nn/model/transformer.ts';
import { modelsOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { ModelSlot } from './modelSlots.ts';
import { readModel } from './readModel.ts';

interface Held {
  model: Transformer;
  /** Tells two models apart that have weights of the same sizes. */
  print: string;
}

export class HeldModels {
  readonly #fetch: (slot: ModelSlot) => Promise<CheckpointBytes>;
  readonly #given = new Map<ModelSlot, CheckpointBytes>();
  readonly #held = new Map<ModelSlot, Held>();

  /** @param fetch gives the model that ships with the page */
  constructor(fetch: (slot: ModelSlot) => Promise<CheckpointBytes>) {
    this.#fetch = fetch;
  }

  /**
   * Takes these files from now on; a file that does not fit leaves everything as it was.
   * @throws LabFailure when the files are no model for this slot; CheckpointError when they are damaged
   */
  give(slot: ModelSlot, checkpoint: CheckpointBytes): void {
    this.#hold(slot, checkpoint);
    this.#given.set(slot, checkpoint);
  }

  async model(slot: ModelSlot): Promise<Transformer> {
    return (await this.#find(slot)).model;
  }

  /** The model of a slot, if it was asked for already. */
  known(slot: ModelSlot): Transformer | undefined {
    return this.#held.get(slot)?.model;
  }

  /** The trained models that the methods of these settings read, by slot. */
  async modelsOf(settings: ArmSettings): Promise<Record<string, Transformer>> {
    const models: Record<string, Transformer> = {};
    for (const slot of modelsOf(settings)) models[slot] = await this.model(slot as ModelSlot);
    return models;
  }

  /** Fingerprints of everything that an arm with these settings begins with, by slot. */
  async printsOf(settings: ArmSettings): Promise<Record<string, string>> {
    const prints: Record<string, string> = {};
    for (const slot of ['policy', ...modelsOf(settings)] as ModelSlot[]) {
      prints[slot] = (await this.#find(slot)).print;
    }
    return prints;
  }

  /** The device is gone, and every tensor with it: all are read again when they are asked for. */
  forget(): void {
    this.#held.clear();
  }

  async #find(slot: ModelSlot): Promise<Held> {
    return this.#held.get(slot) ?? this.#hold(slot, this.#given.get(slot) ?? (await this.#fetch(slot)));
  }

  #hold(slot: ModelSlot, checkpoint: CheckpointBytes): Held {
    const held = { model: readModel(slot, checkpoint), print: fingerprint(checkpoint) };
    this.#held.get(slot)?.model.dispose();
    this.#held.set(slot, held);
    return held;
  }
}

/** 16 hexadecimal digits over the weights and over what says how they are put together: FNV-1a, from two starts. */
export function fingerprint({ model, config }: CheckpointBytes): string {
  let one = 0x811c9dc5;
  let two = 0x9e3779b9;
  const take = (byte: number) => {
    one = Math.imul(one ^ byte, 0x01000193);
    two = Math.imul(two ^ byte, 0x01000193);
  };
  for (const byte of model) take(byte);
  for (const byte of new TextEncoder().encode(config)) take(byte);
  return [one, two].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/**
 * The models of a trainer, by name: those that ship with the page until others are given in their place. What was given
 * outlives the device: after a lost GPU an arm goes on with the models that it began with.
 */
import type { Transformer } from '../../../nn/model/transformer.ts';
import { modelsOf } from '../../../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { CheckpointBytes } from '../protocol.ts';
import type { ModelName } from './modelSlots.ts';
import { readModel } from './readModel.ts';

interface Held {
  model: Transformer;
  /** Tells two models apart that have weights of the same sizes. */
  print: string;
}

export class HeldModels {
  readonly #fetch: (name: ModelName) => Promise<CheckpointBytes>;
  readonly #given = new Map<ModelName, CheckpointBytes>();
  readonly #held = new Map<ModelName, Held>();

  /** @param fetch gives the model that ships with the page */
  constructor(fetch: (name: ModelName) => Promise<CheckpointBytes>) {
    this.#fetch = fetch;
  }

  /**
   * Takes these files from now on; a file that does not fit leaves everything as it was.
   * @throws LabFailure when the files are no model for this place; CheckpointError when they are damaged
   */
  give(name: ModelName, checkpoint: CheckpointBytes): void {
    this.#hold(name, checkpoint);
    this.#given.set(name, checkpoint);
  }

  async model(name: ModelName): Promise<Transformer> {
    return (await this.#find(name)).model;
  }

  /** The model of a name, if it was asked for already. */
  known(name: ModelName): Transformer | undefined {
    return this.#held.get(name)?.model;
  }

  /** The trained models that the methods of these settings read, by name. */
  async modelsOf(settings: ArmSettings): Promise<Record<string, Transformer>> {
    const models: Record<string, Transformer> = {};
    for (const name of modelsOf(settings)) models[name] = await this.model(name as ModelName);
    return models;
  }

  /** Fingerprints of everything that an arm with these settings begins with, by name. */
  async printsOf(settings: ArmSettings): Promise<Record<string, string>> {
    const prints: Record<string, string> = {};
    for (const name of ['policy', ...modelsOf(settings)] as ModelName[]) {
      prints[name] = (await this.#find(name)).print;
    }
    return prints;
  }

  /** The device is gone, and every tensor with it: all are read again when they are asked for. */
  forget(): void {
    this.#held.clear();
  }

  async #find(name: ModelName): Promise<Held> {
    return this.#held.get(name) ?? this.#hold(name, this.#given.get(name) ?? (await this.#fetch(name)));
  }

  #hold(name: ModelName, checkpoint: CheckpointBytes): Held {
    const held = { model: readModel(name, checkpoint), print: fingerprint(checkpoint) };
    this.#held.get(name)?.model.dispose();
    this.#held.set(name, held);
    return held;
  }
}

/** 16 hexadecimal digits over the weights and over what says how they are put together: FNV-1a, from two starts. */
function fingerprint({ model, config }: CheckpointBytes): string {
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

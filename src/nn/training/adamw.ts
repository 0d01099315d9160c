/** The optimiser: AdamW with global-norm clipping over all parameters of a model. */
import { createUpdater } from '../kernels/adamw/adamw.ts';
import type { AdamWSettings, AdamWUpdater, Moments } from '../kernels/adamw/updater.ts';
import type { Transformer } from '../model/transformer.ts';
import type { tf } from '../tensors/tf.ts';

/** Everything needed to continue as if nothing had happened. */
export interface AdamWState extends Moments {
  /** Steps taken. */
  time: number;
}

const adamwDefaults: AdamWSettings = {
  beta1: 0.9,
  beta2: 0.95,
  eps: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

export class AdamW {
  readonly #names: string[];
  readonly #updater: AdamWUpdater;
  #time = 0;

  /** @param model what has the parameters: a model, or the part of one that is trained */
  constructor(model: Pick<Transformer, 'params'>, settings: Partial<AdamWSettings> = {}) {
    this.#names = Object.keys(model.params);
    this.#updater = createUpdater(Object.values(model.params), { ...adamwDefaults, ...settings });
  }

  /**
   * Updates the weights in place. The gradients are left to the caller, who disposes them.
   * @param grads by parameter name; a parameter without one is left alone
   * @returns global gradient norm before clipping, as a tensor that the caller disposes: reading it is up to the
   *   caller, because a readback is dear on a GPU. When it is not finite the weights have not changed.
   */
  step(grads: tf.NamedTensorMap, learningRate: number): tf.Scalar {
    this.#time++;
    return this.#updater.update(
      this.#names.map((name) => grads[name] ?? null),
      learningRate,
      this.#time,
    );
  }

  async state(): Promise<AdamWState> {
    const time = this.#time;
    return { time, ...(await this.#updater.read()) };
  }

  restore(state: AdamWState): void {
    this.#time = state.time;
    this.#updater.write(state);
  }

  /** Frees the moments. The model is not touched. */
  dispose(): void {
    this.#updater.dispose();
  }
}

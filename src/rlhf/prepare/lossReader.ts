/** Losses read a little late, so that a GPU always has the next step before it hands over the loss of the last one. */
import { readAndDispose } from '../../nn/tensors/readback.ts';
import type { tf } from '../../nn/tensors/tf.ts';

/** Steps whose loss may still be on its way. */
const ahead = 2;

export class LossReader {
  readonly #what: string;
  #reading: Promise<Float32Array>[] = [];
  #steps = 0;
  #newest = Number.NaN;

  /** @param what whose loss it is, for the error message */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Takes the loss of the next step and gives the newest that has been read: of this step when it is the first or the
   * last, otherwise of two steps before.
   * @throws Error when a loss is not finite
   */
  async next(loss: tf.Tensor, last: boolean): Promise<number> {
    const reading = readAndDispose(loss);
    reading.catch(() => {}); // Reported where it is awaited.
    this.#reading.push(reading);
    if (Number.isNaN(this.#newest) || this.#reading.length > ahead) await this.#read();
    while (last && this.#reading.length > 0) await this.#read();
    return this.#newest;
  }

  async #read(): Promise<void> {
    const [value] = await this.#reading.shift()!;
    this.#steps++;
    if (!Number.isFinite(value)) throw new Error(`${this.#what} became ${value} at step ${this.#steps}.`);
    this.#newest = value;
  }
}

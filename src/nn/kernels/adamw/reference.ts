/** AdamW in plain tfjs ops. */
import { tf } from '../../tensors/tf.ts';
import type { AdamWSettings, AdamWUpdater, Moments } from './updater.ts';

export class AdamWReference implements AdamWUpdater {
  readonly #params: tf.Variable[];
  readonly #settings: AdamWSettings;
  readonly #m: tf.Variable[];
  readonly #v: tf.Variable[];

  constructor(params: tf.Variable[], settings: AdamWSettings) {
    this.#params = params;
    this.#settings = settings;
    const zeros = () => tf.tidy(() => params.map(({ shape }) => tf.variable(tf.zeros(shape))));
    this.#m = zeros();
    this.#v = zeros();
  }

  update(grads: (tf.Tensor | null)[], learningRate: number, time: number): tf.Scalar {
    const { beta1, beta2, eps, weightDecay, clipNorm } = this.#settings;
    return tf.tidy(() => {
      const squares = grads.flatMap((grad) => (grad ? [tf.sum(tf.square(grad))] : []));
      const norm = tf.sqrt(tf.addN(squares)) as tf.Scalar;
      const finite = tf.isFinite(norm);
      const scale = tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-6)));
      grads.forEach((grad, i) => {
        if (!grad) return;
        const g = tf.mul(grad, scale);
        const m = tf.add(tf.mul(this.#m[i], beta1), tf.mul(g, 1 - beta1));
        const v = tf.add(tf.mul(this.#v[i], beta2), tf.mul(tf.square(g), 1 - beta2));
        const rate = tf.add(tf.sqrt(tf.div(v, 1 - beta2 ** time)), eps);
        const step = tf.div(tf.mul(m, learningRate / (1 - beta1 ** time)), rate);
        const next = tf.sub(tf.mul(this.#params[i], 1 - learningRate * weightDecay), step);
        this.#m[i].assign(tf.where(finite, m, this.#m[i]));
        this.#v[i].assign(tf.where(finite, v, this.#v[i]));
        this.#params[i].assign(tf.where(finite, next, this.#params[i]));
      });
      return norm;
    });
  }

  async read(): Promise<Moments> {
    const all = (variables: tf.Variable[]) => Promise.all(variables.map((v) => v.data<'float32'>()));
    return { m: await all(this.#m), v: await all(this.#v) };
  }

  write({ m, v }: Moments): void {
    tf.tidy(() => {
      this.#params.forEach(({ shape }, i) => {
        this.#m[i].assign(tf.tensor(m[i].slice(), shape));
        this.#v[i].assign(tf.tensor(v[i].slice(), shape));
      });
    });
  }

  dispose(): void {
    for (const variable of [...this.#m, ...this.#v]) variable.dispose();
  }
}

/** AdamW on the CPU, in place: see simd/assembly/adamw.ts. Moments live in WebAssembly memory. */
import type { SimdBackend } from '../../simd/backend.ts';
import { tf } from '../../tensors/tf.ts';
import { registerAdamW } from './adamw.ts';
import type { AdamWSettings, AdamWUpdater, Moments } from './updater.ts';

export function registerAdamWOnSimd(): void {
  registerAdamW('simd', (params, settings) => new SimdAdamW(params, settings, tf.backend() as SimdBackend));
}

class SimdAdamW implements AdamWUpdater {
  readonly #params: tf.Variable[];
  readonly #settings: AdamWSettings;
  readonly #backend: SimdBackend;
  /** Address of m of each parameter; v follows it. */
  readonly #moments: number[];

  constructor(params: tf.Variable[], settings: AdamWSettings, backend: SimdBackend) {
    this.#params = params;
    this.#settings = settings;
    this.#backend = backend;
    this.#moments = params.map(({ size }) => backend.heap.allocate(8 * size));
    params.forEach((_, i) => {
      this.#moment(i, 0).fill(0);
      this.#moment(i, 1).fill(0);
    });
  }

  update(grads: (tf.Tensor | null)[], learningRate: number, time: number): tf.Scalar {
    const backend = this.#backend;
    const moments = this.#moments;
    const { kernels } = backend;
    const { beta1, beta2, eps, weightDecay, clipNorm } = this.#settings;
    let squares = 0;
    for (const grad of grads) if (grad) squares += kernels.sumOfSquares(grad.size, backend.pointer(grad));
    const norm = Math.sqrt(squares);
    if (Number.isFinite(norm)) {
      const scale = Math.min(1, clipNorm / (norm + 1e-6));
      const decay = 1 - learningRate * weightDecay;
      const rate = learningRate / (1 - beta1 ** time);
      const correction = 1 / Math.sqrt(1 - beta2 ** time);
      grads.forEach((grad, i) => {
        if (!grad) return;
        const { size } = grad;
        const w = backend.pointer(this.#params[i]);
        const m = moments[i];
        const pointers = [w, backend.pointer(grad), m, m + 4 * size] as const;
        kernels.adamwStep(size, ...pointers, scale, beta1, beta2, decay, rate, correction, eps);
      });
    }
    return tf.scalar(norm);
  }

  async read(): Promise<Moments> {
    const all = (which: 0 | 1) => this.#params.map((_, i) => this.#moment(i, which).slice());
    return { m: all(0), v: all(1) };
  }

  write({ m, v }: Moments): void {
    this.#params.forEach((_, i) => {
      this.#moment(i, 0).set(m[i]);
      this.#moment(i, 1).set(v[i]);
    });
  }

  dispose(): void {
    for (const pointer of this.#moments) this.#backend.heap.release(pointer);
  }

  #moment(i: number, which: 0 | 1): Float32Array {
    const { size } = this.#params[i];
    return new Float32Array(this.#backend.kernels.memory.buffer, this.#moments[i] + which * 4 * size, size);
  }
}

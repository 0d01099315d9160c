/** Compares with golden numbers from PyTorch, and remembers how far each quantity is off. */
import { tf } from '../tensors/tf.ts';

/** A gradient or weight tensor, pinned by its norm and a few entries at flat positions. */
export interface Pinned {
  norm: number;
  at: number[];
  value: number[];
}

/** One quantity: the largest deviation found in it, and the deviation allowed. */
export interface Comparison {
  /** What of a golden file it belongs to: `forward`, `sft`, …, or a method. */
  block: string;
  quantity: string;
  /** Absolute for values and losses; relative to the tensor's norm for gradients; number of wrong tokens for greedy. */
  deviation: number;
  allowed: number;
  ok: boolean;
}

/** Allowed deviations: of the golden numbers' own description. */
const valueTolerance = 2e-4;
const gradientTolerance = 1e-3;

/** One line per comparison that failed, or the worst one of each block, for people to read. */
export function describeParity(comparisons: readonly Comparison[]): string {
  const blocks = [...new Set(comparisons.map(({ block }) => block))];
  return blocks
    .flatMap((block) => {
      const own = comparisons.filter((comparison) => comparison.block === block);
      const failed = own.filter(({ ok }) => !ok);
      const shown = failed.length
        ? failed
        : [own.reduce((a, b) => (a.deviation / a.allowed > b.deviation / b.allowed ? a : b))];
      return shown.map(
        ({ quantity, deviation, allowed, ok }) =>
          `${ok ? 'ok  ' : 'FAIL'} ${block.padEnd(16)} ${quantity.padEnd(36)} ` +
          `${deviation.toExponential(2)} of ${allowed.toExponential(0)}${ok ? `, worst of ${own.length}` : ''}`,
      );
    })
    .join('\n');
}

/** Reads a tensor and disposes it. */
export async function readAll(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}

export class Comparer {
  readonly comparisons: Comparison[] = [];

  add(block: string, quantity: string, deviation: number, allowed: number): void {
    // Written so that NaN fails.
    this.comparisons.push({ block, quantity, deviation, allowed, ok: deviation <= allowed });
  }

  arrays(block: string, quantity: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
    let worst = actual.length === expected.length ? 0 : Number.NaN;
    for (let i = 0; i < expected.length; i++) {
      const deviation = Math.abs(actual[i] - expected[i]);
      if (!(deviation <= worst)) worst = deviation;
    }
    this.add(block, quantity, worst, valueTolerance);
  }

  /** Reads and disposes the tensor. */
  async values(
    block: string,
    quantity: string,
    tensor: tf.Tensor,
    expected: ArrayLike<number>,
  ): Promise<void> {
    this.arrays(block, quantity, await readAll(tensor), expected);
  }

  /** Reads and disposes the tensors; one that is pinned and not given counts as a failure. */
  async pinned(
    block: string,
    prefix: string,
    tensors: tf.NamedTensorMap,
    expected: Record<string, Pinned>,
  ): Promise<void> {
    for (const [name, { norm, at, value }] of Object.entries(expected)) {
      const quantity = prefix + name;
      if (!tensors[name]) {
        this.add(block, `${quantity}: missing`, Number.NaN, 0);
        continue;
      }
      const actual = await readAll(tensors[name]);
      let worst = Math.abs(Math.sqrt(actual.reduce((sum, x) => sum + x * x, 0)) - norm);
      at.forEach((position, i) => {
        const deviation = Math.abs(actual[position] - value[i]);
        if (!(deviation <= worst)) worst = deviation;
      });
      // Some gradients are exactly zero in theory (the key bias): hold those to the absolute tolerance.
      const scale = Math.max(norm, valueTolerance / gradientTolerance);
      this.add(block, quantity, worst / scale, gradientTolerance);
    }
    tf.dispose(tensors);
  }
}

/**
 * How a public op finds its fused kernel. A kernel is registered with tfjs under one name for each backend
 * that has it; where the current backend has none, the op falls back to its reference made of tfjs ops.
 */
import { tf } from '../tensors/tf.ts';

/** Whether the current backend has the kernel. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** Runs a kernel of the current backend; gradients are recorded. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, number> = {},
): T {
  return tf.engine().runKernel(name, inputs, attrs) as T;
}

/**
 * Computes once, on first use: for kernels that give the gradients of several inputs together. tfjs asks for each
 * input's gradient inside a tidy of its own, which would dispose of what was computed for the other inputs;
 * so the results are handed to the scope around it, where the whole backward pass lives.
 */
export function once<T extends tf.Tensor | tf.Tensor[]>(compute: () => T): () => T {
  let result: T | undefined;
  return () => {
    if (result) return result;
    result = compute();
    const [outer, inner] = tf.engine().state.scopeStack.slice(-2);
    for (const tensor of [result].flat() as tf.Tensor[]) {
      if (inner && tensor.scopeId === inner.id) {
        inner.track.splice(inner.track.indexOf(tensor), 1);
        outer.track.push(tensor);
        tensor.scopeId = outer.id;
      }
    }
    return result;
  };
}

/** Throws a `TypeError` that names the op and the tensor when a shape is not as expected. */
export function checkShape(op: string, name: string, tensor: tf.Tensor, expected: readonly number[]): void {
  const same =
    tensor.shape.length === expected.length && tensor.shape.every((size, i) => size === expected[i]);
  if (!same)
    throw new TypeError(`${op}: "${name}" has shape [${tensor.shape}], but [${expected}] was expected.`);
}

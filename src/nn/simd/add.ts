/**
 * tfjs's Add for large tensors of equal shape, in place of the JavaScript loop: tfjs joins gradients with it wherever a
 * tensor is read twice, as in every residual connection.
 */
import { tf } from '../tensors/tf.ts';
import { registerSimdKernel } from './register.ts';

/** Below this many elements the copy into WebAssembly memory costs more than it saves. */
const worthwhileSize = 1024;

export function registerAddOnSimd(): void {
  const plain = tf.getKernel('Add', 'cpu').kernelFunc;
  registerSimdKernel('Add', (backend, inputs, attrs) => {
    const { a, b } = inputs;
    const n = tf.util.sizeFromShape(a.shape);
    const fits = a.dtype === 'float32' && b.dtype === 'float32' && tf.util.arraysEqual(a.shape, b.shape);
    if (!fits || n < worthwhileSize) return plain({ inputs, attrs, backend });
    const pa = backend.pointer(a);
    const pb = backend.pointer(b);
    const { info, pointer } = backend.output(a.shape);
    backend.kernels.add(n, pa, pb, pointer);
    return info;
  });
}

/** Causal attention on the CPU: see simd/assembly/attention.ts. */
import type { SimdBackend } from '../../simd/backend.ts';
import { registerSimdKernel } from '../../simd/register.ts';
import type { tf } from '../../tensors/tf.ts';

export function registerAttentionOnSimd(): void {
  registerSimdKernel('FAttention', (backend, { qkv, starts }, { heads }) => {
    const [T, columns] = qkv.shape;
    const D = columns / 3;
    const y = backend.output([T, D]);
    const workspace = attentionWorkspace(backend, starts, D / heads);
    const inputs = [qkv, starts].map((tensor) => backend.pointer(tensor));
    backend.kernels.attention(starts.shape[0] - 1, D, heads, ...inputs, y.pointer, workspace);
    return y.info;
  });
  registerSimdKernel('FAttentionGrad', (backend, { dy, qkv, starts }, { heads }) => {
    const [T, columns] = qkv.shape;
    const D = columns / 3;
    const dqkv = backend.output([T, columns]);
    const workspace = attentionWorkspace(backend, starts, D / heads);
    const inputs = [dy, qkv, starts].map((tensor) => backend.pointer(tensor));
    backend.kernels.attentionGrad(starts.shape[0] - 1, D, heads, ...inputs, dqkv.pointer, workspace);
    return dqkv.info;
  });
}

function attentionWorkspace(backend: SimdBackend, starts: tf.TensorInfo, headSize: number): number {
  const bounds = backend.data.get(starts.dataId).values as Int32Array;
  let longest = 0;
  for (let b = 0; b + 1 < bounds.length; b++) longest = Math.max(longest, bounds[b + 1] - bounds[b]);
  return backend.workspace(backend.kernels.attentionWorkspace(longest, headSize));
}

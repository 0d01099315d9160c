/** `take` on the CPU: see simd/assembly/embedding.ts. */
import { registerSimdKernel } from '../../simd/register.ts';

export function registerTakeOnSimd(): void {
  registerSimdKernel('FTake', (backend, { x, index }) => {
    const N = x.shape[0];
    const M = index.shape[0];
    const y = backend.output([M]);
    backend.kernels.take(M, N, backend.pointer(x), backend.pointer(index), y.pointer);
    return y.info;
  });
}

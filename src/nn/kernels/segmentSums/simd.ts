/** Sums over segments on the CPU: see simd/assembly/segmentSums.ts. */
import { registerSimdKernel } from '../../simd/register.ts';

export function registerSegmentSumsOnSimd(): void {
  registerSimdKernel('FSegmentSums', (backend, { x, bounds }, { mean }) => {
    const B = bounds.shape[0] / 2;
    const y = backend.output([B]);
    backend.kernels.segmentSums(B, mean, backend.pointer(x), backend.pointer(bounds), y.pointer);
    return y.info;
  });
  registerSimdKernel('FSegmentSpread', (backend, { y, bounds }, { N, mean }) => {
    const x = backend.output([N]);
    const inputs = [y, bounds].map((tensor) => backend.pointer(tensor));
    backend.kernels.segmentSpread(bounds.shape[0] / 2, N, mean, ...inputs, x.pointer);
    return x.info;
  });
}

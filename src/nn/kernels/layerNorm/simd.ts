/** Layer norm on the CPU: see simd/assembly/layerNorm.ts. */
import { registerSimdKernel } from '../../simd/register.ts';

export function registerLayerNormOnSimd(): void {
  registerSimdKernel('FLayerNorm', (backend, { x, gain, bias }, { eps }) => {
    const [T, D] = x.shape;
    const y = backend.output([T, D]);
    const [px, pGain, pBias] = [x, gain, bias].map((tensor) => backend.pointer(tensor));
    backend.kernels.layerNorm(T, D, px, pGain, pBias, eps, y.pointer);
    return y.info;
  });
  registerSimdKernel('FLayerNormGrad', (backend, { dy, x, gain }, { eps }) => {
    const [T, D] = x.shape;
    const dx = backend.output([T, D]);
    const dgain = backend.output([D]);
    const dbias = backend.output([D]);
    const [pdy, px, pGain] = [dy, x, gain].map((tensor) => backend.pointer(tensor));
    backend.kernels.layerNormGrad(T, D, pdy, px, pGain, eps, dx.pointer, dgain.pointer, dbias.pointer);
    return [dx.info, dgain.info, dbias.info];
  });
}

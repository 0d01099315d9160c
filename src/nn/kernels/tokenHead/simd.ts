/** The token head on the CPU: see simd/assembly/tokenHead.ts. */
import { registerSimdKernel } from '../../simd/register.ts';

export function registerTokenHeadOnSimd(): void {
  registerSimdKernel('FTokenHead', (backend, { hidden, wte, rows, targets }) => {
    const A = rows.shape[0];
    const [V, D] = wte.shape;
    const { kernels } = backend;
    const outputs = [backend.output([A]), backend.output([A]), backend.output([A])];
    const inputs = [hidden, wte, rows, targets].map((tensor) => backend.pointer(tensor));
    const workspace = backend.workspace(kernels.tokenHeadWorkspace(D, V));
    kernels.tokenHead(A, D, V, ...inputs, ...outputs.map(({ pointer }) => pointer), workspace);
    return outputs.map(({ info }) => info);
  });
  registerSimdKernel(
    'FTokenHeadGrad',
    (backend, { dLogProb, dEntropy, hidden, wte, rows, targets, lse, entropy }) => {
      const A = rows.shape[0];
      const T = hidden.shape[0];
      const [V, D] = wte.shape;
      const { kernels } = backend;
      const dhidden = backend.output([T, D]);
      const dwte = backend.output([V, D]);
      const inputs = [dLogProb, dEntropy, hidden, wte, rows, targets, lse, entropy].map((tensor) =>
        backend.pointer(tensor),
      );
      const workspace = backend.workspace(kernels.tokenHeadWorkspace(D, V));
      kernels.tokenHeadGrad(A, T, D, V, ...inputs, dhidden.pointer, dwte.pointer, workspace);
      return [dhidden.info, dwte.info];
    },
  );
}

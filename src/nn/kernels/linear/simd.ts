/** Linear layers on the CPU: see simd/assembly/linear.ts and gemm.ts. */
import { registerSimdKernel } from '../../simd/register.ts';
import { tf } from '../../tensors/tf.ts';

export function registerLinearOnSimd(): void {
  registerSimdKernel('FLinear', (backend, { x, w, bias, residual }) => {
    const [T, I] = x.shape;
    const O = w.shape[1];
    const { kernels } = backend;
    const y = backend.output([T, O]);
    const added = residual ? backend.pointer(residual) : 0;
    const inputs = [x, w, bias].map((tensor) => backend.pointer(tensor));
    kernels.linear(T, I, O, ...inputs, added, y.pointer, backend.workspace(kernels.linearWorkspace(I, O)));
    return y.info;
  });
  registerSimdKernel('FLinearGelu', (backend, { x, w, bias }) => {
    const [T, I] = x.shape;
    const O = w.shape[1];
    const { kernels } = backend;
    const pre = backend.output([T, O]);
    const y = backend.output([T, O]);
    const inputs = [x, w, bias].map((tensor) => backend.pointer(tensor));
    const workspace = backend.workspace(kernels.linearWorkspace(I, O));
    kernels.linearGelu(T, I, O, ...inputs, pre.pointer, y.pointer, workspace);
    return [pre.info, y.info];
  });
  registerSimdKernel('FGeluGrad', (backend, { dy, pre }) => {
    const dpre = backend.output(pre.shape);
    const n = tf.util.sizeFromShape(pre.shape);
    backend.kernels.geluGrad(n, backend.pointer(dy), backend.pointer(pre), dpre.pointer);
    return dpre.info;
  });
  registerSimdKernel('FLinearGradX', (backend, { dy, w }) => {
    const [T, O] = dy.shape;
    const I = w.shape[0];
    const { kernels } = backend;
    const dx = backend.output([T, I]);
    const inputs = [dy, w].map((tensor) => backend.pointer(tensor));
    kernels.linearGradX(T, I, O, ...inputs, dx.pointer, backend.workspace(kernels.linearWorkspace(I, O)));
    return dx.info;
  });
  registerSimdKernel('FLinearGradParams', (backend, { x, dy }) => {
    const [T, I] = x.shape;
    const O = dy.shape[1];
    const { kernels } = backend;
    const dw = backend.output([I, O]);
    const dbias = backend.output([O]);
    const inputs = [x, dy].map((tensor) => backend.pointer(tensor));
    const workspace = backend.workspace(kernels.linearWorkspace(I, O));
    kernels.linearGradParams(T, I, O, ...inputs, dw.pointer, dbias.pointer, workspace);
    return [dw.info, dbias.info];
  });
}

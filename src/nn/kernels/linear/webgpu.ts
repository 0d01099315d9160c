/** Linear layers on WebGPU: one matrix product per kernel, its epilogue fused (see webgpu/matmul.ts). */
import type { GpuBackend } from '../../webgpu/backend.ts';
import { matmul } from '../../webgpu/matmul.ts';
import { geluModule } from '../../webgpu/matmulKey.ts';
import { defineProgram } from '../../webgpu/program.ts';
import { flatIndex, groupsFor, registerGpuKernel } from '../../webgpu/register.ts';

export function registerLinear(): void {
  registerGpuKernel('FLinear', (gpu, { x, w, bias, residual }) => {
    const [M, K] = x.shape;
    return matmul(gpu, { mode: 'nn', M, N: w.shape[1], K, a: x, b: w, bias, residual })[0];
  });
  registerGpuKernel('FLinearGelu', (gpu, { x, w, bias }) => {
    const [M, K] = x.shape;
    return matmul(gpu, { mode: 'nn', M, N: w.shape[1], K, a: x, b: w, bias, gelu: true, keepPre: true });
  });
  registerGpuKernel('FLinearGradX', (gpu, { dy, w }) => {
    const [M, K] = dy.shape;
    return matmul(gpu, { mode: 'nt', M, N: w.shape[0], K, a: dy, b: w })[0];
  });
  registerGpuKernel('FLinearGradParams', (gpu, { x, dy }) => {
    const [K, M] = x.shape;
    return matmul(gpu, { mode: 'tn', M, N: dy.shape[1], K, a: x, b: dy, columnSums: true });
  });
  registerGpuKernel('FGeluGrad', (gpu, { dy, pre }) => geluGrad(gpu, dy, pre));
}

const workgroupSize = 64;

/** Buffers are padded to whole vec4, so the last element may run over; the excess is never read. */
function geluGrad(gpu: GpuBackend, ...[dy, pre]: Parameters<GpuBackend['dispatch']>[1]) {
  const program = defineProgram({
    label: 'gelu gradient',
    bindings: ['dy: vec4f', 'pre: vec4f', 'dpre: vec4f out'],
    params: ['n'],
    workgroup: [workgroupSize],
    module: geluModule('vec4f'),
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i < p.n) { dpre[i] = dy[i] * geluSlope(pre[i]); }`,
  });
  const dpre = gpu.output(pre.shape);
  const n = Math.ceil((pre.shape[0] * pre.shape[1]) / 4);
  gpu.dispatch(program, [dy, pre, dpre], [n], groupsFor(n, workgroupSize));
  return dpre;
}

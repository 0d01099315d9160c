/** Picking entries by index on WebGPU: one invocation per entry. */
import { defineProgram } from '../../webgpu/program.ts';
import { flatIndex, groupsFor, registerGpuKernel } from '../../webgpu/register.ts';

const workgroupSize = 64;

export function registerTake(): void {
  registerGpuKernel('FTake', (gpu, { x, index }) => {
    const M = index.shape[0];
    const y = gpu.output([M]);
    gpu.dispatch(program(), [x, index, y], [x.shape[0], M], groupsFor(M, workgroupSize));
    return y;
  });
}

function program() {
  return defineProgram({
    label: 'take',
    bindings: ['x: f32', 'index: i32', 'y: f32 out'],
    params: ['N', 'M'],
    workgroup: [workgroupSize],
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i >= p.M) { return; }
  let at = index[i];
  if (at >= 0 && at < i32(p.N)) { y[i] = x[at]; } else { y[i] = 0.0; }`,
  });
}

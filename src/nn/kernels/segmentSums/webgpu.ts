/**
 * Sums over segments on WebGPU: one invocation per segment, which adds its entries in order; a response is short. The
 * gradient is a gather: each entry looks for the segment that it lies in, so nothing is scattered and every entry written.
 */
import { defineProgram } from '../../webgpu/program.ts';
import { flatIndex, groupsFor, registerGpuKernel } from '../../webgpu/register.ts';

const workgroupSize = 64;

export function registerSegmentSums(): void {
  registerGpuKernel('FSegmentSums', (gpu, { x, bounds }, { mean }) => {
    const B = bounds.shape[0] / 2;
    const y = gpu.output([B]);
    gpu.dispatch(sums(), [x, bounds, y], [B, mean], groupsFor(B, workgroupSize));
    return y;
  });
  registerGpuKernel('FSegmentSpread', (gpu, { y, bounds }, { N, mean }) => {
    const x = gpu.output([N]);
    gpu.dispatch(spread(), [y, bounds, x], [bounds.shape[0] / 2, N, mean], groupsFor(N, workgroupSize));
    return x;
  });
}

function sums() {
  return defineProgram({
    label: 'segment sums',
    bindings: ['x: f32', 'bounds: i32', 'y: f32 out'],
    params: ['B', 'mean'],
    workgroup: [workgroupSize],
    main: `
  let b = ${flatIndex(workgroupSize)};
  if (b >= p.B) { return; }
  let first = bounds[2u * b];
  let end = bounds[2u * b + 1u];
  var sum = 0.0;
  for (var i = first; i < end; i++) { sum += x[i]; }
  y[b] = select(sum, sum / f32(max(1, end - first)), p.mean == 1u);`,
  });
}

function spread() {
  return defineProgram({
    label: 'segment sums gradient',
    bindings: ['y: f32', 'bounds: i32', 'x: f32 out'],
    params: ['B', 'N', 'mean'],
    workgroup: [workgroupSize],
    // The first segment that ends after the entry is the only one that can hold it, because segments ascend.
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i >= p.N) { return; }
  var low = 0u;
  var high = p.B;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (bounds[2u * middle + 1u] > i32(i)) { high = middle; } else { low = middle + 1u; }
  }
  var part = 0.0;
  if (low < p.B) {
    let first = bounds[2u * low];
    if (first <= i32(i)) {
      part = y[low];
      if (p.mean == 1u) { part /= f32(bounds[2u * low + 1u] - first); }
    }
  }
  x[i] = part;`,
  });
}

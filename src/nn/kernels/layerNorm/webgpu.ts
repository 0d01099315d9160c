/**
 * Layer norm on WebGPU. Forward: one invocation per row, two passes for mean and variance (the one-pass formula
 * loses digits). Backward in one dispatch whose workgroups do one of two jobs: rows (dx, with the gradient of the
 * residual stream added), or four columns of dgain and dbias, 64 slices of rows each, added up in workgroup memory in
 * a fixed order.
 */
import type { tf } from '../../tensors/tf.ts';
import type { GpuBackend } from '../../webgpu/backend.ts';
import { defineProgram, f32Bits } from '../../webgpu/program.ts';
import { elementModule, lanes, registerGpuKernel, rowElement } from '../../webgpu/register.ts';

const rowsPerGroup = 64;
const columnsPerGroup = 4;
const sliceCount = 64;
/** Invocations of a workgroup of the backward pass. */
const backwardSize = columnsPerGroup * sliceCount;

type Element = 'vec4f' | 'f32';

export function registerLayerNorm(): void {
  registerGpuKernel('FLayerNormFork', (gpu, { x, gain, bias }, { eps, pass }) => {
    const y = gpu.output(x.shape);
    const stats = gpu.output([x.shape[0], 2]);
    layerNormOnWebGPU(gpu, { x, gain, bias, eps, out: y, stats });
    if (pass === 0) return [y, stats];
    gpu.incRef(x.dataId);
    return [y, stats, { dataId: x.dataId, shape: x.shape, dtype: x.dtype }];
  });
  registerGpuKernel('FLayerNormForkGrad', (gpu, { dy, x, gain, stats, dpass }) => {
    const [T, D] = x.shape;
    const element = rowElement(D);
    const n = D / lanes(element);
    const rowGroups = Math.ceil(T / backwardSize);
    const outputs = [gpu.output([T, D]), gpu.output([D]), gpu.output([D])];
    gpu.dispatch(
      backward(element, dpass !== undefined),
      [dy, x, gain, stats, ...(dpass ? [dpass] : []), ...outputs],
      [T, n, rowGroups],
      [rowGroups + Math.ceil(n / columnsPerGroup)],
    );
    return outputs;
  });
}

/** One dispatch into `out`, and `stats` [T,2] if wanted. With `limit`, rows from `limit[0]` on are left alone. */
export function layerNormOnWebGPU(
  gpu: GpuBackend,
  task: {
    x: tf.TensorInfo;
    gain: tf.TensorInfo;
    bias: tf.TensorInfo;
    eps: number;
    out: tf.TensorInfo;
    stats?: tf.TensorInfo;
    limit?: tf.TensorInfo;
  },
): tf.TensorInfo {
  const { x, gain, bias, eps, out, stats, limit } = task;
  const [T, D] = x.shape;
  const element = rowElement(D);
  gpu.dispatch(
    forward(element, stats !== undefined, limit !== undefined),
    [x, gain, bias, ...(limit ? [limit] : []), out, ...(stats ? [stats] : [])],
    [T, D / lanes(element), f32Bits(eps)],
    [Math.ceil(T / rowsPerGroup)],
  );
  return out;
}

function forward(element: Element, saved: boolean, limited: boolean) {
  return defineProgram({
    label: `layer norm ${element}`,
    bindings: [
      `x: ${element}`,
      `gain: ${element}`,
      `bias: ${element}`,
      ...(limited ? ['limit: u32'] : []),
      `y: ${element} out`,
      ...(saved ? ['stats: f32 out'] : []),
    ],
    params: ['T', 'n', 'eps'],
    workgroup: [rowsPerGroup],
    module: elementModule(element),
    main: `
  if (gid.x >= p.T${limited ? ' || gid.x >= limit[0]' : ''}) { return; }
  let at = gid.x * p.n;
  var sum = ${element}();
  for (var i = 0u; i < p.n; i++) { sum += x[at + i]; }
  let width = f32(p.n * ${lanes(element)}u);
  let mean = total(sum) / width;
  var squares = ${element}();
  for (var i = 0u; i < p.n; i++) { let c = x[at + i] - mean; squares += c * c; }
  let scale = inverseSqrt(total(squares) / width + bitcast<f32>(p.eps));
  for (var i = 0u; i < p.n; i++) { y[at + i] = (x[at + i] - mean) * scale * gain[i] + bias[i]; }
  ${saved ? 'stats[gid.x * 2u] = mean; stats[gid.x * 2u + 1u] = scale;' : ''}`,
  });
}

function backward(element: Element, passed: boolean) {
  return defineProgram({
    label: `layer norm gradient ${element}`,
    bindings: [
      `dy: ${element}`,
      `x: ${element}`,
      `gain: ${element}`,
      'stats: f32',
      ...(passed ? [`dpass: ${element}`] : []),
      `dx: ${element} out`,
      `dgain: ${element} out`,
      `dbias: ${element} out`,
    ],
    params: ['T', 'n', 'rowGroups'],
    workgroup: [backwardSize],
    module: `
${elementModule(element)}
var<workgroup> gains: array<${element}, ${backwardSize}>;
var<workgroup> biases: array<${element}, ${backwardSize}>;
fn rowGradient(t: u32) {
  let at = t * p.n;
  let mean = stats[t * 2u];
  let scale = stats[t * 2u + 1u];
  var sumG = ${element}();
  var sumGX = ${element}();
  for (var i = 0u; i < p.n; i++) {
    let g = dy[at + i] * gain[i];
    sumG += g;
    sumGX += g * ((x[at + i] - mean) * scale);
  }
  let width = f32(p.n * ${lanes(element)}u);
  let meanG = total(sumG) / width;
  let meanGX = total(sumGX) / width;
  for (var i = 0u; i < p.n; i++) {
    let own = scale * (dy[at + i] * gain[i] - meanG - (x[at + i] - mean) * scale * meanGX);
    dx[at + i] = own${passed ? ' + dpass[at + i]' : ''};
  }
}`,
    main: `
  if (wid.x < p.rowGroups) {
    if (gid.x < p.T) { rowGradient(gid.x); }
    return;
  }
  let lane = li % ${columnsPerGroup}u;
  let column = (wid.x - p.rowGroups) * ${columnsPerGroup}u + lane;
  var g = ${element}();
  var b = ${element}();
  if (column < p.n) {
    for (var t = li / ${columnsPerGroup}u; t < p.T; t += ${sliceCount}u) {
      let d = dy[t * p.n + column];
      g += d * ((x[t * p.n + column] - stats[t * 2u]) * stats[t * 2u + 1u]);
      b += d;
    }
  }
  gains[li] = g;
  biases[li] = b;
  workgroupBarrier();
  if (li >= ${columnsPerGroup}u || column >= p.n) { return; }
  for (var s = 1u; s < ${sliceCount}u; s++) {
    g += gains[s * ${columnsPerGroup}u + lane];
    b += biases[s * ${columnsPerGroup}u + lane];
  }
  dgain[column] = g;
  dbias[column] = b;`,
  });
}

/**
 * Layer norm on WebGPU. Forward: one invocation per row, two passes for mean and variance (the one-pass formula
 * loses digits). Backward: the row pass writes dx and each row's mean and 1/σ; the column pass sums dgain and
 * dbias over all rows, 64 slices per column, added up in workgroup memory in a fixed order.
 */
import type { tf } from '../../tf.ts';
import type { GpuBackend } from '../../webgpu/backend.ts';
import { defineProgram, f32Bits } from '../../webgpu/program.ts';
import { elementModule, lanes, registerGpuKernel, rowElement } from '../../webgpu/register.ts';

const ROWS = 64;
const COLUMNS = 4;
const SLICES = 64;

type Element = 'vec4f' | 'f32';

export function registerLayerNorm(): void {
  registerGpuKernel('FLayerNorm', (gpu, { x, gain, bias }, { eps }) =>
    layerNormOnWebGPU(gpu, { x, gain, bias, eps, out: gpu.output(x.shape) }),
  );
  registerGpuKernel('FLayerNormGrad', (gpu, { dy, x, gain }, { eps }) => {
    const [T, D] = x.shape;
    const element = rowElement(D);
    const n = D / lanes(element);
    const dx = gpu.output([T, D]);
    const dgain = gpu.output([D]);
    const dbias = gpu.output([D]);
    const stats = gpu.output([T, 2]);
    gpu.dispatch(rowPass(element), [dy, x, gain, dx, stats], [T, n, f32Bits(eps)], [Math.ceil(T / ROWS)]);
    gpu.dispatch(columnPass(element), [dy, x, stats, dgain, dbias], [T, n], [Math.ceil(n / COLUMNS)]);
    gpu.disposeData(stats.dataId);
    return [dx, dgain, dbias];
  });
}

/** One dispatch into `out`. With `limit`, rows from `limit[0]` on are left alone. */
export function layerNormOnWebGPU(
  gpu: GpuBackend,
  task: {
    x: tf.TensorInfo;
    gain: tf.TensorInfo;
    bias: tf.TensorInfo;
    eps: number;
    out: tf.TensorInfo;
    limit?: tf.TensorInfo;
  },
): tf.TensorInfo {
  const { x, gain, bias, eps, out, limit } = task;
  const [T, D] = x.shape;
  const element = rowElement(D);
  gpu.dispatch(
    forward(element, limit !== undefined),
    [x, gain, bias, ...(limit ? [limit] : []), out],
    [T, D / lanes(element), f32Bits(eps)],
    [Math.ceil(T / ROWS)],
  );
  return out;
}

/** Mean and 1/σ of row `at .. at + n`; `width` counts entries, not elements. */
function rowStatistics(element: Element): string {
  return `
  var sum = ${element}();
  for (var i = 0u; i < p.n; i++) { sum += x[at + i]; }
  let width = f32(p.n * ${lanes(element)}u);
  let mean = total(sum) / width;
  var squares = ${element}();
  for (var i = 0u; i < p.n; i++) { let c = x[at + i] - mean; squares += c * c; }
  let scale = inverseSqrt(total(squares) / width + bitcast<f32>(p.eps));`;
}

function forward(element: Element, limited: boolean) {
  return defineProgram({
    label: `layer norm ${element}`,
    bindings: [
      `x: ${element}`,
      `gain: ${element}`,
      `bias: ${element}`,
      ...(limited ? ['limit: u32'] : []),
      `y: ${element} out`,
    ],
    params: ['T', 'n', 'eps'],
    workgroup: [ROWS],
    module: elementModule(element),
    main: `
  if (gid.x >= p.T${limited ? ' || gid.x >= limit[0]' : ''}) { return; }
  let at = gid.x * p.n;
  ${rowStatistics(element)}
  for (var i = 0u; i < p.n; i++) { y[at + i] = (x[at + i] - mean) * scale * gain[i] + bias[i]; }`,
  });
}

function rowPass(element: Element) {
  return defineProgram({
    label: `layer norm gradient, rows ${element}`,
    bindings: [`dy: ${element}`, `x: ${element}`, `gain: ${element}`, `dx: ${element} out`, 'stats: f32 out'],
    params: ['T', 'n', 'eps'],
    workgroup: [ROWS],
    module: elementModule(element),
    main: `
  if (gid.x >= p.T) { return; }
  let at = gid.x * p.n;
  ${rowStatistics(element)}
  var sumG = ${element}();
  var sumGX = ${element}();
  for (var i = 0u; i < p.n; i++) {
    let g = dy[at + i] * gain[i];
    sumG += g;
    sumGX += g * ((x[at + i] - mean) * scale);
  }
  let meanG = total(sumG) / width;
  let meanGX = total(sumGX) / width;
  for (var i = 0u; i < p.n; i++) {
    dx[at + i] = scale * (dy[at + i] * gain[i] - meanG - (x[at + i] - mean) * scale * meanGX);
  }
  stats[gid.x * 2u] = mean;
  stats[gid.x * 2u + 1u] = scale;`,
  });
}

function columnPass(element: Element) {
  return defineProgram({
    label: `layer norm gradient, columns ${element}`,
    bindings: [
      `dy: ${element}`,
      `x: ${element}`,
      'stats: f32',
      `dgain: ${element} out`,
      `dbias: ${element} out`,
    ],
    params: ['T', 'n'],
    workgroup: [COLUMNS, SLICES],
    module: `
var<workgroup> gains: array<${element}, ${COLUMNS * SLICES}>;
var<workgroup> biases: array<${element}, ${COLUMNS * SLICES}>;`,
    main: `
  let column = gid.x;
  var g = ${element}();
  var b = ${element}();
  if (column < p.n) {
    for (var t = lid.y; t < p.T; t += ${SLICES}u) {
      let d = dy[t * p.n + column];
      g += d * ((x[t * p.n + column] - stats[t * 2u]) * stats[t * 2u + 1u]);
      b += d;
    }
  }
  gains[li] = g;
  biases[li] = b;
  workgroupBarrier();
  if (lid.y != 0u || column >= p.n) { return; }
  for (var s = 1u; s < ${SLICES}u; s++) {
    g += gains[s * ${COLUMNS}u + lid.x];
    b += biases[s * ${COLUMNS}u + lid.x];
  }
  dgain[column] = g;
  dbias[column] = b;`,
  });
}

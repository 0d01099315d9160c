/**
 * The token head on WebGPU: logits by the tiled matrix product, with the rows of `hidden` gathered as they are
 * read, then one pass that turns each row into numbers (forward) or into its own gradient, in place (backward).
 * The backward pass also inverts the row list, so that dhidden is a gather too and every row of it is written.
 */
import type { tf } from '../../tensors/tf.ts';
import type { GpuBackend } from '../../webgpu/backend.ts';
import { matmul } from '../../webgpu/matmul.ts';
import { defineProgram } from '../../webgpu/program.ts';
import {
  elementModule,
  flatIndex,
  groupsFor,
  lanes,
  registerGpuKernel,
  rowElement,
  searchModule,
} from '../../webgpu/register.ts';

const workgroupSize = 64;

type Element = 'vec4f' | 'f32';

export function registerTokenHead(): void {
  registerGpuKernel('FTokenHead', (gpu, { hidden, wte, rows, targets }) => {
    const A = rows.shape[0];
    const V = wte.shape[0];
    const element = rowElement(V);
    const logits = logitsOf(gpu, hidden, wte, rows);
    const outputs = [gpu.output([A]), gpu.output([A]), gpu.output([A])];
    gpu.dispatch(
      readRows(element),
      [logits, targets, ...outputs],
      [A, V / lanes(element)],
      [Math.ceil(A / workgroupSize)],
    );
    gpu.disposeData(logits.dataId);
    return outputs;
  });
  registerGpuKernel(
    'FTokenHeadGrad',
    (gpu, { dLogProb, dEntropy, hidden, wte, rows, targets, lse, entropy }) => {
      const A = rows.shape[0];
      const [T, D] = hidden.shape;
      const V = wte.shape[0];
      const element = rowElement(V);
      const n = V / lanes(element);
      const dlogits = logitsOf(gpu, hidden, wte, rows);
      const inverse = gpu.output([T], 'int32');
      gpu.dispatch(
        rowGradients(element),
        [dLogProb, dEntropy, lse, entropy, targets, rows, dlogits, inverse],
        [A, n, T],
        groupsFor(Math.max(A * n, T), workgroupSize),
      );
      const [dhidden] = matmul(gpu, { mode: 'nn', M: T, N: D, K: V, a: dlogits, b: wte, gather: inverse });
      const [dwte] = matmul(gpu, { mode: 'tn', M: V, N: D, K: A, a: dlogits, b: hidden, gatherInner: rows });
      gpu.disposeData(dlogits.dataId);
      gpu.disposeData(inverse.dataId);
      return [dhidden, dwte];
    },
  );
}

/** [A,V] */
function logitsOf(
  gpu: GpuBackend,
  hidden: tf.TensorInfo,
  wte: tf.TensorInfo,
  rows: tf.TensorInfo,
): tf.TensorInfo {
  const [V, D] = wte.shape;
  return matmul(gpu, { mode: 'nt', M: rows.shape[0], N: V, K: D, a: hidden, b: wte, gather: rows })[0];
}

function readRows(element: Element) {
  return defineProgram({
    label: `token head ${element}`,
    bindings: [`logits: ${element}`, 'targets: i32', 'logProb: f32 out', 'entropy: f32 out', 'lse: f32 out'],
    params: ['A', 'n'],
    workgroup: [workgroupSize],
    module: elementModule(element),
    main: `
  let a = gid.x;
  if (a >= p.A) { return; }
  let at = a * p.n;
  var peak = logits[at];
  for (var i = 1u; i < p.n; i++) { peak = max(peak, logits[at + i]); }
  let m = highest(peak);
  var mass = ${element}();
  var moment = ${element}();
  for (var i = 0u; i < p.n; i++) {
    let z = logits[at + i] - m;
    let e = exp(z);
    mass += e;
    moment += e * z;
  }
  let sum = total(mass);
  let log_sum = log(sum);
  let target_id = u32(targets[a]);
  let chosen = logits[at + target_id / ${lanes(element)}u]${element === 'vec4f' ? '[target_id % 4u]' : ''};
  logProb[a] = chosen - m - log_sum;
  entropy[a] = log_sum - total(moment) / sum;
  lse[a] = m + log_sum;`,
  });
}

function rowGradients(element: Element) {
  const offsets = element === 'vec4f' ? 'vec4i(0, 1, 2, 3)' : '0';
  const splat = (text: string) => (element === 'vec4f' ? `vec4i(${text})` : text);
  return defineProgram({
    label: `token head gradient ${element}`,
    bindings: [
      'dLogProb: f32',
      'dEntropy: f32',
      'lse: f32',
      'entropy: f32',
      'targets: i32',
      'rows: i32',
      `logits: ${element} out`,
      'inverse: i32 out',
    ],
    params: ['A', 'n', 'T'],
    workgroup: [workgroupSize],
    module: searchModule('rows'),
    main: `
  let i = ${flatIndex(workgroupSize)};
  if (i < p.T) {
    var action = -1;
    if (p.A > 0u) {
      let found = find(i32(i), p.A);
      if (rows[found] == i32(i)) { action = i32(found); }
    }
    inverse[i] = action;
  }
  if (i >= p.A * p.n) { return; }
  let a = i / p.n;
  let first = i32(i % p.n) * ${lanes(element)};
  let log_p = logits[i] - lse[a];
  let prob = exp(log_p);
  let hit = select(${element}(), ${element}(1.0), ${splat('first')} + ${offsets} == ${splat('targets[a]')});
  logits[i] = dLogProb[a] * (hit - prob) - dEntropy[a] * prob * (log_p + entropy[a]);`,
  });
}

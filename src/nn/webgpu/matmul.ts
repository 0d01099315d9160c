/**
 * Matrix products for the linear layers and the token head: one entry, two ways of computing.
 *
 * - `direct` (matmulDirect.ts): each invocation keeps an 8×8 block of the result in registers and reads its
 *   operands straight from memory. No barriers, which software adapters execute very slowly.
 * - `shared` (matmulShared.ts): workgroups stage tiles in workgroup memory, which real GPUs want.
 *
 * The probe (probe.ts) measures which is faster here. Sums run in a fixed order in both, so results repeat.
 */
import type { tf } from '../tf.ts';
import type { GpuBackend } from './backend.ts';
import { directProgram, directTiles } from './matmulDirect.ts';
import { sharedProgram, sharedTiles } from './matmulShared.ts';

/**
 * Which operand is read transposed:
 * `nn` y[m,n] = Σ a[m,k]·b[k,n], `nt` y[m,n] = Σ a[m,k]·b[n,k], `tn` y[m,n] = Σ a[k,m]·b[k,n].
 */
export type MatmulMode = 'nn' | 'nt' | 'tn';

/** What is baked into a matmul program. */
export interface MatmulKey {
  mode: MatmulMode;
  /** All inner dimensions are multiples of 4, so that rows can be read as vec4. */
  aligned: boolean;
  bias: boolean;
  residual: boolean;
  gelu: boolean;
  /** A further output in front: the sum before GELU, which its gradient needs. */
  keepPre: boolean;
  /** Rows of `y` from `limit[0]` on are not computed. Not with `tn`. */
  limit: boolean;
  /** Row m of `a` is row `index[m]` of the tensor; a row below zero is all zeros. Not with `tn`. */
  gather: boolean;
  /** Row k of `b` is row `index[k]` of the tensor. Only with `tn`. */
  gatherInner: boolean;
  /** A further output [n]: the column sums of `b`. Only with `tn`. */
  columnSums: boolean;
}

export interface Matmul {
  mode: MatmulMode;
  M: number;
  N: number;
  K: number;
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  bias?: tf.TensorInfo;
  residual?: tf.TensorInfo;
  gelu?: boolean;
  keepPre?: boolean;
  /** uint32 in an int32 tensor. */
  limit?: tf.TensorInfo;
  gather?: tf.TensorInfo;
  gatherInner?: tf.TensorInfo;
  columnSums?: boolean;
  /** Where to write y, instead of a new tensor. */
  out?: tf.TensorInfo;
}

/** One dispatch. Outputs in order: [y], [pre, y] with `keepPre`, [y, sums] with `columnSums`. */
export function matmul(gpu: GpuBackend, task: Matmul): tf.TensorInfo[] {
  const { mode, M, N, K } = task;
  const key: MatmulKey = {
    mode,
    aligned: N % 4 === 0 && (mode === 'tn' ? M % 4 === 0 : K % 4 === 0),
    bias: task.bias !== undefined,
    residual: task.residual !== undefined,
    gelu: task.gelu === true,
    keepPre: task.keepPre === true,
    limit: task.limit !== undefined,
    gather: task.gather !== undefined,
    gatherInner: task.gatherInner !== undefined,
    columnSums: task.columnSums === true,
  };
  const inputs = [
    task.a,
    task.b,
    task.bias,
    task.residual,
    task.gather ?? task.gatherInner,
    task.limit,
  ].filter((t) => t !== undefined);
  const y = task.out ?? gpu.output([M, N]);
  const outputs = key.keepPre ? [gpu.output([M, N]), y] : key.columnSums ? [y, gpu.output([N])] : [y];
  const tensors = [...inputs, ...outputs];
  if (gpu.variant === 'direct') {
    gpu.dispatch(directProgram(key), tensors, [M, N, K], directTiles(key, M, N));
  } else {
    const side = sharedSide(M, N);
    gpu.dispatch(sharedProgram(key, side), tensors, [M, N, K], sharedTiles(side, M, N));
  }
  return outputs;
}

/** Large tiles reuse more, small ones give more workgroups: large ones only when they still fill a GPU. */
function sharedSide(M: number, N: number): 8 | 16 {
  return Math.ceil(M / 64) * Math.ceil(N / 64) >= 128 ? 16 : 8;
}

/** Names of storage bindings, in the order that `matmul` passes tensors. */
export function matmulBindings(key: MatmulKey, element: 'f32' | 'vec4f'): string[] {
  return [
    `a: ${element}`,
    `b: ${element}`,
    ...(key.bias ? [`bias: ${element}`] : []),
    ...(key.residual ? [`residual: ${element}`] : []),
    ...(key.gather || key.gatherInner ? ['index: i32'] : []),
    ...(key.limit ? ['limit: u32'] : []),
    ...(key.keepPre ? [`pre: ${element} out`] : []),
    `y: ${element} out`,
    ...(key.columnSums ? [`sums: ${element} out`] : []),
  ];
}

export function matmulLabel(key: MatmulKey, kind: string): string {
  const flags = (
    [
      'bias',
      'residual',
      'gelu',
      'keepPre',
      'limit',
      'gather',
      'gatherInner',
      'columnSums',
      'aligned',
    ] as const
  ).filter((flag) => key[flag]);
  return ['matmul', kind, key.mode, ...flags].join(' ');
}

/**
 * GELU, tanh form, and its derivative, for `T` = f32 or vec4f. tanh goes through one exponential, which is half
 * the price of the built-in on a software adapter; the clamp keeps it from overflowing.
 */
export function geluModule(T: 'f32' | 'vec4f'): string {
  return `
fn geluTanh(x: ${T}) -> ${T} {
  let u = clamp(1.5957691216 * (x + 0.044715 * x * x * x), ${T}(-20.0), ${T}(20.0));
  return 1.0 - 2.0 / (1.0 + exp(u));
}
fn gelu(x: ${T}) -> ${T} { return 0.5 * x * (1.0 + geluTanh(x)); }
fn geluSlope(x: ${T}) -> ${T} {
  let t = geluTanh(x);
  return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * 0.7978845608 * (1.0 + 0.134145 * x * x);
}`;
}

/**
 * Matrix products for the linear layers and the token head: one entry, two ways of computing.
 *
 * - `direct` (matmulDirect.ts): each invocation keeps an 8×8 block of the result in registers and reads its
 *   operands straight from memory. No barriers, which software adapters execute very slowly.
 * - `shared` (matmulShared.ts): workgroups stage tiles in workgroup memory, which real GPUs want.
 *
 * The probe (probe.ts) measures which is faster here. Sums run in a fixed order in both, so results repeat.
 */
import type { tf } from '../tensors/tf.ts';
import type { GpuBackend } from './backend.ts';
import { directProgram, directTiles } from './matmulDirect.ts';
import type { MatmulKey, MatmulMode } from './matmulKey.ts';
import { sharedProgram, sharedTiles } from './matmulShared.ts';

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

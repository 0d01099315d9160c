/**
 * Log-probability of chosen tokens and entropy of the choice, for blocks of rows: the logits of a block stay in the
 * cache and are never a tensor. Backward computes them again.
 */
import { multiplyRows, multiplyTransposed, packColumns, packedBytes, packRows } from './gemm';
import { exp4, fma, log1, maxLanes, sumLanes } from './lanes';

const BLOCK: i32 = 48;

/** Scratch bytes, for either direction. */
export function tokenHeadWorkspace(D: i32, V: i32): i32 {
  const padded = (V + 7) & ~7;
  return packedBytes(D, V) + packedBytes(V, D) + packedBytes(BLOCK, D) + 4 * BLOCK * (padded + 2 * D);
}

/** Copies the rows of a block side by side. */
function gather(from: i32, count: i32, rows: usize, hidden: usize, bytes: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    memory.copy(out + i * bytes, hidden + load<i32>(rows + ((from + i) << 2)) * bytes, bytes);
  }
}

/** Fills what lies behind the vocabulary with logits of no weight. */
// @ts-ignore: decorator
@inline
function mask(z: usize, V: i32, padded: i32): void {
  for (let v = V; v < padded; v++) store<f32>(z + (v << 2), -1e30);
}

/** Largest logit of a masked row. */
// @ts-ignore: decorator
@inline
export function largestOf(z: usize, end: usize): f32 {
  let largest = v128.load(z);
  for (let p = z + 16; p < end; p += 16) largest = f32x4.pmax(largest, v128.load(p));
  return maxLanes(largest);
}

export function tokenHead(
  A: i32, D: i32, V: i32, hidden: usize, wte: usize, rows: usize, targets: usize,
  logProb: usize, entropy: usize, lse: usize, workspace: usize,
): void {
  const bytes = D << 2;
  const padded = (V + 7) & ~7;
  const stride = padded << 2;
  const packed = workspace;
  const block = packed + packedBytes(D, V);
  const logits = block + BLOCK * bytes;
  packColumns(wte, bytes, D, V, packed);
  for (let a0 = 0; a0 < A; a0 += BLOCK) {
    const count = min(BLOCK, A - a0);
    gather(a0, count, rows, hidden, bytes, block);
    multiplyRows(count, padded, D, block, bytes, packed, 0, logits, stride, 0, 0);
    for (let i = 0; i < count; i++) {
      const z = logits + i * stride;
      const end = z + stride;
      mask(z, V, padded);
      const largest = largestOf(z, end);
      const shift = f32x4.splat(largest);
      let total = f32x4.splat(0);
      let weighted = f32x4.splat(0);
      for (let p = z; p < end; p += 16) {
        const d = f32x4.sub(v128.load(p), shift);
        const e = exp4(d);
        total = f32x4.add(total, e);
        weighted = fma(e, d, weighted);
      }
      const sum = sumLanes(total);
      const log = log1(sum);
      const at = (a0 + i) << 2;
      store<f32>(lse + at, largest + log);
      store<f32>(entropy + at, log - sumLanes(weighted) / sum);
      store<f32>(logProb + at, load<f32>(z + (load<i32>(targets + at) << 2)) - largest - log);
    }
  }
}

export function tokenHeadGrad(
  A: i32, T: i32, D: i32, V: i32, dLogProb: usize, dEntropy: usize, hidden: usize, wte: usize, rows: usize,
  targets: usize, lse: usize, entropy: usize, dhidden: usize, dwte: usize, workspace: usize,
): void {
  const bytes = D << 2;
  const padded = (V + 7) & ~7;
  const stride = padded << 2;
  const packed = workspace;
  const packedBack = packed + packedBytes(D, V);
  const scratch = packedBack + packedBytes(V, D);
  const block = scratch + packedBytes(BLOCK, D);
  const dblock = block + BLOCK * bytes;
  const logits = dblock + BLOCK * bytes;
  packColumns(wte, bytes, D, V, packed);
  packRows(wte, bytes, V, D, packedBack);
  memory.fill(dhidden, 0, T * bytes);
  memory.fill(dwte, 0, V * bytes);
  for (let a0 = 0; a0 < A; a0 += BLOCK) {
    const count = min(BLOCK, A - a0);
    gather(a0, count, rows, hidden, bytes, block);
    multiplyRows(count, padded, D, block, bytes, packed, 0, logits, stride, 0, 0);
    for (let i = 0; i < count; i++) {
      const at = (a0 + i) << 2;
      const z = logits + i * stride;
      mask(z, V, padded);
      const dL = load<f32>(dLogProb + at);
      const dE = load<f32>(dEntropy + at);
      const offset = load<f32>(lse + at);
      // dz = −p·(dL + dE·(log p + H)), and dL more at the target.
      const shift = f32x4.splat(-offset);
      const constant = f32x4.splat(-dL - dE * load<f32>(entropy + at));
      const slope = f32x4.splat(-dE);
      for (let p = z; p < z + stride; p += 16) {
        const logP = f32x4.add(v128.load(p), shift);
        v128.store(p, f32x4.mul(exp4(logP), fma(logP, slope, constant)));
      }
      const target = z + (load<i32>(targets + at) << 2);
      store<f32>(target, load<f32>(target) + dL);
    }
    multiplyRows(count, D, V, logits, stride, packedBack, 0, dblock, bytes, 0, 0);
    for (let i = 0; i < count; i++) {
      const to = dhidden + load<i32>(rows + ((a0 + i) << 2)) * bytes;
      const from = dblock + i * bytes;
      for (let d = 0; d < bytes; d += 4) store<f32>(to + d, load<f32>(to + d) + load<f32>(from + d));
    }
    multiplyTransposed(V, D, count, logits, stride, block, bytes, dwte, bytes, true, scratch);
  }
}

/**
 * Matrix products, register-tiled 6×8: twelve accumulators, two vectors of B, one broadcast of A, which is what
 * sixteen vector registers hold. B is packed into panels of eight columns, so that the inner loop reads it in
 * order; A is read in place, by rows (x·w, dy·wᵀ) or by columns (xᵀ·dy).
 *
 * Bytes, not elements: pointers and strides named `…Bytes` are in bytes.
 */
import { fma } from './lanes';

const TILE_ROWS: i32 = 6;
const PANEL: i32 = 8;
/** Longest inner dimension of a packed block, so that a panel stays in the first-level cache. */
const BLOCK_K: i32 = 256;
/** Bytes of A that are worked on at a time. */
const BLOCK_A_BYTES: i32 = 16384;

/** A partly filled tile is computed here, 6 rows of 8, and copied. */
const tile: usize = memory.data(192, 16);
/** Bias of a partly filled panel, and eight zeros for products without bias. */
const biasTail: usize = memory.data(32, 16);
const noBias: usize = memory.data(32, 16);

/** Bytes that a packed matrix takes. */
export function packedBytes(K: i32, N: i32): i32 {
  return ((N + PANEL - 1) / PANEL) * PANEL * K * 4;
}

/** Packs B [K,N] of row stride `strideBytes` into panels of eight columns, filled up with zeros. */
export function packRows(B: usize, strideBytes: i32, K: i32, N: i32, out: usize): void {
  let n = 0;
  for (; n + PANEL <= N; n += PANEL) {
    let from = B + (n << 2);
    for (let k = 0; k < K; k++) {
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
      from += strideBytes;
      out += 32;
    }
  }
  if (n < N) {
    let from = B + (n << 2);
    for (let k = 0; k < K; k++) {
      for (let j = 0; j < PANEL; j++) {
        store<f32>(out + (j << 2), n + j < N ? load<f32>(from + (j << 2)) : 0);
      }
      from += strideBytes;
      out += 32;
    }
  }
}

/** Packs Bᵀ, given B [N,K] of row stride `strideBytes`: four rows at a time are transposed in registers. */
export function packColumns(B: usize, strideBytes: i32, K: i32, N: i32, out: usize): void {
  let n = 0;
  for (; n + 4 <= N; n += 4) {
    const panel = out + (n & ~7) * K * 4 + ((n & 4) << 2);
    const r0 = B + n * strideBytes;
    const r1 = r0 + strideBytes;
    const r2 = r1 + strideBytes;
    const r3 = r2 + strideBytes;
    let k = 0;
    for (; k + 4 <= K; k += 4) {
      const a = v128.load(r0 + (k << 2));
      const b = v128.load(r1 + (k << 2));
      const c = v128.load(r2 + (k << 2));
      const d = v128.load(r3 + (k << 2));
      const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      const to = panel + (k << 5);
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
      v128.store(to, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
      v128.store(to, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
    }
    for (; k < K; k++) {
      const to = panel + (k << 5);
      store<f32>(to, load<f32>(r0 + (k << 2)));
      store<f32>(to, load<f32>(r1 + (k << 2)), 4);
      store<f32>(to, load<f32>(r2 + (k << 2)), 8);
      store<f32>(to, load<f32>(r3 + (k << 2)), 12);
    }
  }
  const padded = (N + PANEL - 1) & ~7;
  for (; n < padded; n++) {
    const panel = out + (n & ~7) * K * 4 + ((n & 7) << 2);
    const row = B + n * strideBytes;
    for (let k = 0; k < K; k++) store<f32>(panel + (k << 5), n < N ? load<f32>(row + (k << 2)) : 0);
  }
}

/**
 * One tile with A by rows: C[0..6, 0..8] = bias + A·panel (+ add).
 * @param r0 … r5 the rows of A; a row that is not there repeats another, and is not stored
 * @param add 0, or what is added, of row stride `addStride`
 */
// @ts-ignore: decorator
@inline
function tileByRows(
  r0: usize, r1: usize, r2: usize, r3: usize, r4: usize, r5: usize,
  panel: usize, K: i32, bias: usize, C: usize, cStride: i32, add: usize, addStride: i32,
): void {
  const s0 = v128.load(bias);
  const s1 = v128.load(bias, 16);
  let c00 = s0, c01 = s1, c10 = s0, c11 = s1, c20 = s0, c21 = s1;
  let c30 = s0, c31 = s1, c40 = s0, c41 = s1, c50 = s0, c51 = s1;
  const end = panel + (K << 5);
  const even = panel + ((K & ~1) << 5);
  while (panel < even) {
    let b0 = v128.load(panel);
    let b1 = v128.load(panel, 16);
    let a = v128.load32_splat(r0); c00 = fma(a, b0, c00); c01 = fma(a, b1, c01);
    a = v128.load32_splat(r1); c10 = fma(a, b0, c10); c11 = fma(a, b1, c11);
    a = v128.load32_splat(r2); c20 = fma(a, b0, c20); c21 = fma(a, b1, c21);
    a = v128.load32_splat(r3); c30 = fma(a, b0, c30); c31 = fma(a, b1, c31);
    a = v128.load32_splat(r4); c40 = fma(a, b0, c40); c41 = fma(a, b1, c41);
    a = v128.load32_splat(r5); c50 = fma(a, b0, c50); c51 = fma(a, b1, c51);
    b0 = v128.load(panel, 32);
    b1 = v128.load(panel, 48);
    a = v128.load32_splat(r0, 4); c00 = fma(a, b0, c00); c01 = fma(a, b1, c01);
    a = v128.load32_splat(r1, 4); c10 = fma(a, b0, c10); c11 = fma(a, b1, c11);
    a = v128.load32_splat(r2, 4); c20 = fma(a, b0, c20); c21 = fma(a, b1, c21);
    a = v128.load32_splat(r3, 4); c30 = fma(a, b0, c30); c31 = fma(a, b1, c31);
    a = v128.load32_splat(r4, 4); c40 = fma(a, b0, c40); c41 = fma(a, b1, c41);
    a = v128.load32_splat(r5, 4); c50 = fma(a, b0, c50); c51 = fma(a, b1, c51);
    panel += 64;
    r0 += 8; r1 += 8; r2 += 8; r3 += 8; r4 += 8; r5 += 8;
  }
  if (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load32_splat(r0); c00 = fma(a, b0, c00); c01 = fma(a, b1, c01);
    a = v128.load32_splat(r1); c10 = fma(a, b0, c10); c11 = fma(a, b1, c11);
    a = v128.load32_splat(r2); c20 = fma(a, b0, c20); c21 = fma(a, b1, c21);
    a = v128.load32_splat(r3); c30 = fma(a, b0, c30); c31 = fma(a, b1, c31);
    a = v128.load32_splat(r4); c40 = fma(a, b0, c40); c41 = fma(a, b1, c41);
    a = v128.load32_splat(r5); c50 = fma(a, b0, c50); c51 = fma(a, b1, c51);
  }
  storeTile(C, cStride, add, addStride, c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51);
}

/** One tile with A by columns: row k of A's storage holds the six values at `a` + k·aStride. */
// @ts-ignore: decorator
@inline
function tileByColumns(
  A: usize, aStride: i32,
  panel: usize, K: i32, bias: usize, C: usize, cStride: i32, add: usize, addStride: i32,
): void {
  const s0 = v128.load(bias);
  const s1 = v128.load(bias, 16);
  let c00 = s0, c01 = s1, c10 = s0, c11 = s1, c20 = s0, c21 = s1;
  let c30 = s0, c31 = s1, c40 = s0, c41 = s1, c50 = s0, c51 = s1;
  const end = panel + (K << 5);
  while (panel < end) {
    const b0 = v128.load(panel);
    const b1 = v128.load(panel, 16);
    let a = v128.load32_splat(A); c00 = fma(a, b0, c00); c01 = fma(a, b1, c01);
    a = v128.load32_splat(A, 4); c10 = fma(a, b0, c10); c11 = fma(a, b1, c11);
    a = v128.load32_splat(A, 8); c20 = fma(a, b0, c20); c21 = fma(a, b1, c21);
    a = v128.load32_splat(A, 12); c30 = fma(a, b0, c30); c31 = fma(a, b1, c31);
    a = v128.load32_splat(A, 16); c40 = fma(a, b0, c40); c41 = fma(a, b1, c41);
    a = v128.load32_splat(A, 20); c50 = fma(a, b0, c50); c51 = fma(a, b1, c51);
    panel += 32;
    A += aStride;
  }
  storeTile(C, cStride, add, addStride, c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51);
}

// @ts-ignore: decorator
@inline
function storeTile(
  C: usize, cStride: i32, add: usize, addStride: i32,
  c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128,
  c30: v128, c31: v128, c40: v128, c41: v128, c50: v128, c51: v128,
): void {
  if (add != 0) {
    c00 = f32x4.add(c00, v128.load(add)); c01 = f32x4.add(c01, v128.load(add, 16)); add += addStride;
    c10 = f32x4.add(c10, v128.load(add)); c11 = f32x4.add(c11, v128.load(add, 16)); add += addStride;
    c20 = f32x4.add(c20, v128.load(add)); c21 = f32x4.add(c21, v128.load(add, 16)); add += addStride;
    c30 = f32x4.add(c30, v128.load(add)); c31 = f32x4.add(c31, v128.load(add, 16)); add += addStride;
    c40 = f32x4.add(c40, v128.load(add)); c41 = f32x4.add(c41, v128.load(add, 16)); add += addStride;
    c50 = f32x4.add(c50, v128.load(add)); c51 = f32x4.add(c51, v128.load(add, 16));
  }
  v128.store(C, c00); v128.store(C, c01, 16); C += cStride;
  v128.store(C, c10); v128.store(C, c11, 16); C += cStride;
  v128.store(C, c20); v128.store(C, c21, 16); C += cStride;
  v128.store(C, c30); v128.store(C, c31, 16); C += cStride;
  v128.store(C, c40); v128.store(C, c41, 16); C += cStride;
  v128.store(C, c50); v128.store(C, c51, 16);
}

/** Copies the filled part of the scratch tile, adding `add` when there is one. */
function copyTile(C: usize, cStride: i32, add: usize, addStride: i32, rows: i32, columns: i32): void {
  let from = tile;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let value = load<f32>(from + (j << 2));
      if (add != 0) value += load<f32>(add + (j << 2));
      store<f32>(C + (j << 2), value);
    }
    from += 32;
    C += cStride;
    if (add != 0) add += addStride;
  }
}

function fullRowTile(
  A: usize, aStride: i32, panel: usize, K: i32, bias: usize, C: usize, cStride: i32, add: usize, addStride: i32,
): void {
  const r1 = A + aStride;
  const r2 = r1 + aStride;
  const r3 = r2 + aStride;
  const r4 = r3 + aStride;
  tileByRows(A, r1, r2, r3, r4, r4 + aStride, panel, K, bias, C, cStride, add, addStride);
}

function fullColumnTile(
  A: usize, aStride: i32, panel: usize, K: i32, bias: usize, C: usize, cStride: i32, add: usize, addStride: i32,
): void {
  tileByColumns(A, aStride, panel, K, bias, C, cStride, add, addStride);
}

function edgeRowTile(A: usize, aStride: i32, panel: usize, K: i32, bias: usize, rows: i32): void {
  const last = rows - 1;
  tileByRows(
    A, A + min(1, last) * aStride, A + min(2, last) * aStride,
    A + min(3, last) * aStride, A + min(4, last) * aStride, A + min(5, last) * aStride,
    panel, K, bias, tile, 32, 0, 0,
  );
}

/** The bias of the eight columns from n, filled up with zeros. */
// @ts-ignore: decorator
@inline
function panelBias(bias: usize, n: i32, N: i32): usize {
  if (bias == 0) return noBias;
  if (n + PANEL <= N) return bias + (n << 2);
  for (let j = 0; j < PANEL; j++) store<f32>(biasTail + (j << 2), n + j < N ? load<f32>(bias + ((n + j) << 2)) : 0);
  return biasTail;
}

/**
 * C [M,N] = A [M,K] · packed B + bias (+ add), rows of A, C and add at given strides.
 * @param bias 0 or [N]
 * @param add 0 or [M,N]; may be C itself
 */
export function multiplyRows(
  M: i32, N: i32, K: i32, A: usize, aStride: i32, packed: usize, bias: usize,
  C: usize, cStride: i32, add: usize, addStride: i32,
): void {
  const block = max(TILE_ROWS, (BLOCK_A_BYTES / (K << 2) / TILE_ROWS) * TILE_ROWS);
  for (let m0 = 0; m0 < M; m0 += block) {
    const m1 = min(M, m0 + block);
    for (let n = 0; n < N; n += PANEL) {
      const panel = packed + (n * K << 2);
      const columns = min(PANEL, N - n);
      const b = panelBias(bias, n, N);
      for (let m = m0; m < m1; m += TILE_ROWS) {
        const rows = min(TILE_ROWS, m1 - m);
        const a = A + m * aStride;
        const c = C + m * cStride + (n << 2);
        const d: usize = add == 0 ? 0 : add + m * addStride + (n << 2);
        if (rows == TILE_ROWS && columns == PANEL) {
          fullRowTile(a, aStride, panel, K, b, c, cStride, d, addStride);
        } else {
          edgeRowTile(a, aStride, panel, K, b, rows);
          copyTile(c, cStride, d, addStride, rows, columns);
        }
      }
    }
  }
}

/**
 * C [M,N] = Aᵀ · B (+ C when `accumulate`), with A [K,M] and B [K,N] stored by rows: the gradient of a weight matrix.
 * The long dimension is cut into blocks that are packed one after the other.
 * @param workspace packedBytes(min(K, 256), N) bytes
 */
export function multiplyTransposed(
  M: i32, N: i32, K: i32, A: usize, aStride: i32, B: usize, bStride: i32,
  C: usize, cStride: i32, accumulate: bool, workspace: usize,
): void {
  for (let k0 = 0; k0 < K; k0 += BLOCK_K) {
    const kn = min(BLOCK_K, K - k0);
    packRows(B + k0 * bStride, bStride, kn, N, workspace);
    const add = accumulate || k0 > 0;
    const a0 = A + k0 * aStride;
    for (let m = 0; m < M; m += TILE_ROWS) {
      const rows = min(TILE_ROWS, M - m);
      for (let n = 0; n < N; n += PANEL) {
        const panel = workspace + (n * kn << 2);
        const columns = min(PANEL, N - n);
        const c = C + m * cStride + (n << 2);
        if (rows == TILE_ROWS && columns == PANEL) {
          fullColumnTile(a0 + (m << 2), aStride, panel, kn, noBias, c, cStride, add ? c : <usize>0, cStride);
        } else {
          fullColumnTile(a0 + (m << 2), aStride, panel, kn, noBias, tile, 32, 0, 0);
          copyTile(c, cStride, add ? c : <usize>0, cStride, rows, columns);
        }
      }
    }
  }
}

/**
 * Causal attention of packed sequences, one sequence and head at a time. Scores are computed for four queries at a
 * time against transposed keys, so that lanes run over keys whatever the head's size; only the part of the matrix
 * that lies under the diagonal is visited.
 */
import { exp4, fma, maxLanes, sumLanes } from './lanes';

/** Scratch bytes for sequences of up to `longest` tokens. */
export function attentionWorkspace(longest: i32, headSize: i32): i32 {
  const padded = (longest + 7) & ~7;
  return 4 * (2 * padded * headSize + 2 * padded * padded);
}

/**
 * out[r, c] = Σ_k a_r[k]·B[k, c] for four rows r and `columns` columns.
 * @param aStep bytes from one k to the next in a_r
 * @param rows how many of the four are stored
 */
function productOfFour(
  a0: usize, a1: usize, a2: usize, a3: usize, aStep: i32,
  B: usize, bStride: i32, K: i32, out: usize, outStride: i32, columns: i32, rows: i32,
): void {
  const zero = f32x4.splat(0);
  let c = 0;
  for (; c + 8 <= columns; c += 8) {
    let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
    let at = 0;
    let b = B + (c << 2);
    for (let k = 0; k < K; k++) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let a = v128.load32_splat(a0 + at); s00 = fma(a, b0, s00); s01 = fma(a, b1, s01);
      a = v128.load32_splat(a1 + at); s10 = fma(a, b0, s10); s11 = fma(a, b1, s11);
      a = v128.load32_splat(a2 + at); s20 = fma(a, b0, s20); s21 = fma(a, b1, s21);
      a = v128.load32_splat(a3 + at); s30 = fma(a, b0, s30); s31 = fma(a, b1, s31);
      at += aStep;
      b += bStride;
    }
    let to = out + (c << 2);
    v128.store(to, s00); v128.store(to, s01, 16);
    if (rows > 1) { to += outStride; v128.store(to, s10); v128.store(to, s11, 16); }
    if (rows > 2) { to += outStride; v128.store(to, s20); v128.store(to, s21, 16); }
    if (rows > 3) { to += outStride; v128.store(to, s30); v128.store(to, s31, 16); }
  }
  for (; c + 4 <= columns; c += 4) {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    let at = 0;
    let b = B + (c << 2);
    for (let k = 0; k < K; k++) {
      const b0 = v128.load(b);
      s0 = fma(v128.load32_splat(a0 + at), b0, s0);
      s1 = fma(v128.load32_splat(a1 + at), b0, s1);
      s2 = fma(v128.load32_splat(a2 + at), b0, s2);
      s3 = fma(v128.load32_splat(a3 + at), b0, s3);
      at += aStep;
      b += bStride;
    }
    let to = out + (c << 2);
    v128.store(to, s0);
    if (rows > 1) { to += outStride; v128.store(to, s1); }
    if (rows > 2) { to += outStride; v128.store(to, s2); }
    if (rows > 3) { to += outStride; v128.store(to, s3); }
  }
  for (; c < columns; c++) {
    let s0: f32 = 0, s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
    let at = 0;
    let b = B + (c << 2);
    for (let k = 0; k < K; k++) {
      const value = load<f32>(b);
      s0 += load<f32>(a0 + at) * value;
      s1 += load<f32>(a1 + at) * value;
      s2 += load<f32>(a2 + at) * value;
      s3 += load<f32>(a3 + at) * value;
      at += aStep;
      b += bStride;
    }
    let to = out + (c << 2);
    store<f32>(to, s0);
    if (rows > 1) { to += outStride; store<f32>(to, s1); }
    if (rows > 2) { to += outStride; store<f32>(to, s2); }
    if (rows > 3) { to += outStride; store<f32>(to, s3); }
  }
}

/** out [size, padded] = rows [length, size]ᵀ; what lies behind `length` is zero. */
function transpose(rows: usize, stride: i32, length: i32, size: i32, padded: i32, out: usize): void {
  for (let j = 0; j < padded; j++) {
    const row = rows + j * stride;
    let to = out + (j << 2);
    for (let d = 0; d < size; d++) {
      store<f32>(to, j < length ? load<f32>(row + (d << 2)) : 0);
      to += padded << 2;
    }
  }
}

/** Turns a row of raw scores into probabilities: the first `visible` of `padded` entries, zeros behind. */
export function softmax(row: usize, visible: i32, padded: i32, scale: f32): void {
  for (let j = visible; j < padded; j++) store<f32>(row + (j << 2), -1e30);
  const end = row + (padded << 2);
  let largest = f32x4.splat(-1e30);
  for (let p = row; p < end; p += 16) largest = f32x4.pmax(largest, v128.load(p));
  const scale4 = f32x4.splat(scale);
  const shift = f32x4.splat(-maxLanes(largest) * scale);
  let total = f32x4.splat(0);
  for (let p = row; p < end; p += 16) {
    const e = exp4(fma(v128.load(p), scale4, shift));
    total = f32x4.add(total, e);
    v128.store(p, e);
  }
  const inverse = f32x4.splat(<f32>1 / sumLanes(total));
  for (let p = row; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), inverse));
}

/** Probabilities of the four queries from i0: rows of `P`, `padded` entries visited. Returns that count. */
function probabilities(
  q: usize, stride: i32, keys: usize, keyStride: i32, i0: i32, length: i32, size: i32, scale: f32,
  P: usize, pStride: i32,
): i32 {
  const last = length - 1;
  const rows = min(4, length - i0);
  const padded = min((i0 + 4 + 7) & ~7, keyStride >> 2);
  productOfFour(
    q + i0 * stride, q + min(i0 + 1, last) * stride, q + min(i0 + 2, last) * stride, q + min(i0 + 3, last) * stride,
    4, keys, keyStride, size, P, pStride, padded, 4,
  );
  for (let r = 0; r < rows; r++) softmax(P + r * pStride, i0 + r + 1, padded, scale);
  return padded;
}

/** y [T,D] of qkv [T,3D]; sequence b is the rows from starts[b] to starts[b+1]. */
export function attention(B: i32, D: i32, heads: i32, qkv: usize, starts: usize, y: usize, workspace: usize): void {
  const size = D / heads;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const stride = 3 * D << 2;
  const yStride = D << 2;
  for (let b = 0; b < B; b++) {
    const start = load<i32>(starts + (b << 2));
    const length = load<i32>(starts + (b << 2), 4) - start;
    const padded = (length + 7) & ~7;
    const keyStride = padded << 2;
    const keys = workspace;
    const P = keys + size * keyStride;
    for (let h = 0; h < heads; h++) {
      const q = qkv + start * stride + (h * size << 2);
      const v = q + (2 * D << 2);
      transpose(q + (D << 2), stride, length, size, padded, keys);
      for (let i0 = 0; i0 < length; i0 += 4) {
        const rows = min(4, length - i0);
        probabilities(q, stride, keys, keyStride, i0, length, size, scale, P, keyStride);
        productOfFour(
          P, P + keyStride, P + 2 * keyStride, P + 3 * keyStride, 4,
          v, stride, min(i0 + 4, length), y + (start + i0) * yStride + (h * size << 2), yStride, size, rows,
        );
      }
    }
  }
}

/**
 * Backward: probabilities P are computed again, then with dP = dO·Vᵀ and dS = P·(dP − Σ P·dP)/√size:
 * dQ = dS·K, dK = dSᵀ·Q, dV = Pᵀ·dO.
 */
export function attentionGrad(
  B: i32, D: i32, heads: i32, dy: usize, qkv: usize, starts: usize, dqkv: usize, workspace: usize,
): void {
  const size = D / heads;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const stride = 3 * D << 2;
  const yStride = D << 2;
  for (let b = 0; b < B; b++) {
    const start = load<i32>(starts + (b << 2));
    const length = load<i32>(starts + (b << 2), 4) - start;
    const last = length - 1;
    const padded = (length + 7) & ~7;
    const keyStride = padded << 2;
    const keys = workspace;
    const values = keys + size * keyStride;
    const P = values + size * keyStride;
    const dS = P + padded * keyStride;
    for (let h = 0; h < heads; h++) {
      const column = h * size << 2;
      const q = qkv + start * stride + column;
      const k = q + (D << 2);
      const v = k + (D << 2);
      const dO = dy + start * yStride + column;
      const dq = dqkv + start * stride + column;
      const dk = dq + (D << 2);
      const dv = dk + (D << 2);
      transpose(k, stride, length, size, padded, keys);
      transpose(v, stride, length, size, padded, values);
      for (let i0 = 0; i0 < length; i0 += 4) {
        const rows = min(4, length - i0);
        const p = P + i0 * keyStride;
        const s = dS + i0 * keyStride;
        const visited = probabilities(q, stride, keys, keyStride, i0, length, size, scale, p, keyStride);
        productOfFour(
          dO + i0 * yStride, dO + min(i0 + 1, last) * yStride,
          dO + min(i0 + 2, last) * yStride, dO + min(i0 + 3, last) * yStride,
          4, values, keyStride, size, s, keyStride, visited, 4,
        );
        for (let r = 0; r < rows; r++) scoreGradient(p + r * keyStride, s + r * keyStride, visited, scale);
        productOfFour(
          s, s + keyStride, s + 2 * keyStride, s + 3 * keyStride, 4,
          k, stride, min(i0 + 4, length), dq + i0 * stride, stride, size, rows,
        );
      }
      for (let j0 = 0; j0 < length; j0 += 4) {
        const rows = min(4, length - j0);
        const p = P + j0 * keyStride + (j0 << 2);
        const s = dS + j0 * keyStride + (j0 << 2);
        productOfFour(
          s, s + 4, s + 8, s + 12, keyStride,
          q + j0 * stride, stride, length - j0, dk + j0 * stride, stride, size, rows,
        );
        productOfFour(
          p, p + 4, p + 8, p + 12, keyStride,
          dO + j0 * yStride, yStride, length - j0, dv + j0 * stride, stride, size, rows,
        );
      }
    }
  }
}

/** In place: from dP to dS. Entries behind the diagonal become zero because P is zero there. */
function scoreGradient(p: usize, d: usize, n: i32, scale: f32): void {
  const bytes = n << 2;
  let dot = f32x4.splat(0);
  for (let i = 0; i < bytes; i += 16) dot = fma(v128.load(p + i), v128.load(d + i), dot);
  const delta = f32x4.splat(sumLanes(dot));
  const scale4 = f32x4.splat(scale);
  for (let i = 0; i < bytes; i += 16) {
    const s = f32x4.mul(v128.load(p + i), f32x4.sub(v128.load(d + i), delta));
    v128.store(d + i, f32x4.mul(s, scale4));
  }
}

/** Linear layers with their epilogues. The shapes are those of kernels/linear/linear.ts; all arrays are dense. */
import { multiplyRows, multiplyTransposed, packColumns, packedBytes, packRows } from './gemm';
import { fma, sigmoid4 } from './lanes';

/** Rows whose pre-activations are still in the cache when the GELU reads them. */
const GELU_ROWS: i32 = 24;

/** Scratch bytes that any of these functions needs. */
export function linearWorkspace(I: i32, O: i32): i32 {
  return max(packedBytes(I, O), max(packedBytes(O, I), packedBytes(256, O)));
}

/** y = x·w + bias (+ residual); `residual` may be 0. */
export function linear(
  T: i32, I: i32, O: i32, x: usize, w: usize, bias: usize, residual: usize, y: usize, workspace: usize,
): void {
  packRows(w, O << 2, I, O, workspace);
  multiplyRows(T, O, I, x, I << 2, workspace, bias, y, O << 2, residual, O << 2);
}

/** pre = x·w + bias, y = gelu(pre), with w packed. */
export function packedLinearGelu(
  T: i32, I: i32, O: i32, x: usize, packed: usize, bias: usize, pre: usize, y: usize,
): void {
  for (let t = 0; t < T; t += GELU_ROWS) {
    const rows = min(GELU_ROWS, T - t);
    const from = pre + (t * O << 2);
    multiplyRows(rows, O, I, x + (t * I << 2), I << 2, packed, bias, from, O << 2, 0, 0);
    gelu(rows * O, from, y + (t * O << 2));
  }
}

/** pre = x·w + bias, y = gelu(pre). */
export function linearGelu(
  T: i32, I: i32, O: i32, x: usize, w: usize, bias: usize, pre: usize, y: usize, workspace: usize,
): void {
  packRows(w, O << 2, I, O, workspace);
  packedLinearGelu(T, I, O, x, workspace, bias, pre, y);
}

/** dx = dy·wᵀ */
export function linearGradX(T: i32, I: i32, O: i32, dy: usize, w: usize, dx: usize, workspace: usize): void {
  packColumns(w, O << 2, O, I, workspace);
  multiplyRows(T, I, O, dy, O << 2, workspace, 0, dx, I << 2, 0, 0);
}

/** dw = xᵀ·dy, dbias = column sums of dy */
export function linearGradParams(
  T: i32, I: i32, O: i32, x: usize, dy: usize, dw: usize, dbias: usize, workspace: usize,
): void {
  multiplyTransposed(I, O, T, x, I << 2, dy, O << 2, dw, O << 2, false, workspace);
  columnSums(T, O, dy, dbias);
}

function columnSums(T: i32, O: i32, x: usize, sums: usize): void {
  const stride = O << 2;
  let o = 0;
  for (; o + 16 <= O; o += 16) {
    let from = x + (o << 2);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let t = 0; t < T; t++) {
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
      from += stride;
    }
    const to = sums + (o << 2);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
  for (; o < O; o++) {
    let from = x + (o << 2);
    let sum: f32 = 0;
    for (let t = 0; t < T; t++) {
      sum += load<f32>(from);
      from += stride;
    }
    store<f32>(sums + (o << 2), sum);
  }
}

/** √(2/π), and what multiplies the cube. */
const SLOPE: f32 = 0.7978845608;
const CUBIC: f32 = 0.044715;

/** gelu(x) = x·σ(2u), u = √(2/π)(x + 0.044715 x³): the tanh form, without its cancellation. */
// @ts-ignore: decorator
@inline
function gelu4(x: v128): v128 {
  const inner = fma(f32x4.mul(x, x), f32x4.splat(CUBIC), f32x4.splat(1));
  return f32x4.mul(x, sigmoid4(f32x4.mul(f32x4.mul(x, inner), f32x4.splat(2 * SLOPE))));
}

/** With s = σ(2u): gelu′ = s + 2x·s(1 − s)·u′, u′ = √(2/π)(1 + 3·0.044715 x²) */
// @ts-ignore: decorator
@inline
function geluGrad4(dy: v128, x: v128): v128 {
  const square = f32x4.mul(x, x);
  const inner = fma(square, f32x4.splat(CUBIC), f32x4.splat(1));
  const s = sigmoid4(f32x4.mul(f32x4.mul(x, inner), f32x4.splat(2 * SLOPE)));
  const slope = fma(square, f32x4.splat(6 * CUBIC * SLOPE), f32x4.splat(2 * SLOPE));
  const bend = f32x4.mul(f32x4.mul(x, slope), f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)));
  return f32x4.mul(dy, f32x4.add(s, bend));
}

export function gelu(n: i32, x: usize, y: usize): void {
  const bytes = n << 2;
  let i = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, gelu4(v128.load(x + i)));
  for (; i < bytes; i += 4) {
    store<f32>(y + i, f32x4.extract_lane(gelu4(v128.load32_splat(x + i)), 0));
  }
}

/** dpre = dy · gelu′(pre) */
export function geluGrad(n: i32, dy: usize, pre: usize, dpre: usize): void {
  const bytes = n << 2;
  let i = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(dpre + i, geluGrad4(v128.load(dy + i), v128.load(pre + i)));
  for (; i < bytes; i += 4) {
    const d = geluGrad4(v128.load32_splat(dy + i), v128.load32_splat(pre + i));
    store<f32>(dpre + i, f32x4.extract_lane(d, 0));
  }
}

/** y = a + b */
export function add(n: i32, a: usize, b: usize, y: usize): void {
  const bytes = n << 2;
  let i = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<f32>(y + i, load<f32>(a + i) + load<f32>(b + i));
}

/** AdamW in place, and the sum of squares for clipping. */
import { fma, sumLanes } from './lanes';

/** Σ x² in double precision over blocks, so that large tensors lose nothing. */
export function sumOfSquares(n: i32, x: usize): f64 {
  const end = x + (n << 2);
  let total: f64 = 0;
  while (x + 1024 <= end) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (const stop = x + 1024; x < stop; x += 64) {
      const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
      a = fma(x0, x0, a);
      b = fma(x1, x1, b);
      c = fma(x2, x2, c);
      d = fma(x3, x3, d);
    }
    total += <f64>sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    total += value * value;
  }
  return total;
}

/**
 * One step of one tensor.
 * @param scale what clipping multiplies the gradient with
 * @param decay 1 − η λ
 * @param rate η / (1 − β₁ᵗ)
 * @param correction 1 / √(1 − β₂ᵗ)
 */
export function adamwStep(
  n: i32, w: usize, g: usize, m: usize, v: usize,
  scale: f32, beta1: f32, beta2: f32, decay: f32, rate: f32, correction: f32, eps: f32,
): void {
  const bytes = n << 2;
  let i = 0;
  for (; i + 16 <= bytes; i += 16) {
    const g4 = f32x4.mul(v128.load(g + i), f32x4.splat(scale));
    const m4 = fma(v128.load(m + i), f32x4.splat(beta1), f32x4.mul(g4, f32x4.splat(1 - beta1)));
    const v4 = fma(v128.load(v + i), f32x4.splat(beta2), f32x4.mul(f32x4.mul(g4, g4), f32x4.splat(1 - beta2)));
    v128.store(m + i, m4);
    v128.store(v + i, v4);
    const size = fma(f32x4.sqrt(v4), f32x4.splat(correction), f32x4.splat(eps));
    const step = f32x4.div(f32x4.mul(m4, f32x4.splat(rate)), size);
    v128.store(w + i, f32x4.sub(f32x4.mul(v128.load(w + i), f32x4.splat(decay)), step));
  }
  for (; i < bytes; i += 4) {
    const g1 = load<f32>(g + i) * scale;
    const m1 = beta1 * load<f32>(m + i) + (1 - beta1) * g1;
    const v1 = beta2 * load<f32>(v + i) + (1 - beta2) * g1 * g1;
    store<f32>(m + i, m1);
    store<f32>(v + i, v1);
    store<f32>(w + i, load<f32>(w + i) * decay - (m1 * rate) / (sqrt<f32>(v1) * correction + eps));
  }
}

/** Layer normalisation of rows, forward and backward. */
import { fma, sumLanes } from './lanes';

function sum(x: usize, bytes: i32): f32 {
  let total = f32x4.splat(0);
  let i = 0;
  for (; i + 16 <= bytes; i += 16) total = f32x4.add(total, v128.load(x + i));
  let rest: f32 = 0;
  for (; i < bytes; i += 4) rest += load<f32>(x + i);
  return sumLanes(total) + rest;
}

function squaredDistance(x: usize, mean: f32, bytes: i32): f32 {
  const centre = f32x4.splat(mean);
  let total = f32x4.splat(0);
  let i = 0;
  for (; i + 16 <= bytes; i += 16) {
    const d = f32x4.sub(v128.load(x + i), centre);
    total = fma(d, d, total);
  }
  let rest: f32 = 0;
  for (; i < bytes; i += 4) {
    const d = load<f32>(x + i) - mean;
    rest += d * d;
  }
  return sumLanes(total) + rest;
}

/** y = (x − mean) · rstd · gain + bias, row by row. */
export function layerNorm(T: i32, D: i32, x: usize, gain: usize, bias: usize, eps: f32, y: usize): void {
  const bytes = D << 2;
  const size = <f32>D;
  for (let t = 0; t < T; t++) {
    const mean = sum(x, bytes) / size;
    const rstd = <f32>1 / sqrt<f32>(squaredDistance(x, mean, bytes) / size + eps);
    const scale = f32x4.splat(rstd);
    const shift = f32x4.splat(-mean * rstd);
    let i = 0;
    for (; i + 16 <= bytes; i += 16) {
      const normal = fma(v128.load(x + i), scale, shift);
      v128.store(y + i, fma(normal, v128.load(gain + i), v128.load(bias + i)));
    }
    for (; i < bytes; i += 4) {
      store<f32>(y + i, (load<f32>(x + i) - mean) * rstd * load<f32>(gain + i) + load<f32>(bias + i));
    }
    x += bytes;
    y += bytes;
  }
}

/**
 * With n = (x − mean)·rstd and g = dy·gain: dx = rstd·(g − mean(g) − n·mean(g·n)), dgain = Σ dy·n, dbias = Σ dy.
 */
export function layerNormGrad(
  T: i32, D: i32, dy: usize, x: usize, gain: usize, eps: f32, dx: usize, dgain: usize, dbias: usize,
): void {
  const bytes = D << 2;
  const size = <f32>D;
  memory.fill(dgain, 0, bytes);
  memory.fill(dbias, 0, bytes);
  for (let t = 0; t < T; t++) {
    const mean = sum(x, bytes) / size;
    const rstd = <f32>1 / sqrt<f32>(squaredDistance(x, mean, bytes) / size + eps);
    const scale = f32x4.splat(rstd);
    const shift = f32x4.splat(-mean * rstd);
    let g4 = f32x4.splat(0);
    let gn4 = f32x4.splat(0);
    let i = 0;
    for (; i + 16 <= bytes; i += 16) {
      const d = v128.load(dy + i);
      const n = fma(v128.load(x + i), scale, shift);
      const g = f32x4.mul(d, v128.load(gain + i));
      g4 = f32x4.add(g4, g);
      gn4 = fma(g, n, gn4);
      v128.store(dgain + i, fma(d, n, v128.load(dgain + i)));
      v128.store(dbias + i, f32x4.add(d, v128.load(dbias + i)));
    }
    let gSum = sumLanes(g4);
    let gnSum = sumLanes(gn4);
    for (; i < bytes; i += 4) {
      const d = load<f32>(dy + i);
      const n = (load<f32>(x + i) - mean) * rstd;
      const g = d * load<f32>(gain + i);
      gSum += g;
      gnSum += g * n;
      store<f32>(dgain + i, load<f32>(dgain + i) + d * n);
      store<f32>(dbias + i, load<f32>(dbias + i) + d);
    }
    const gMean = gSum / size;
    const gnMean = gnSum / size;
    const gMean4 = f32x4.splat(gMean);
    const gnMean4 = f32x4.splat(-gnMean);
    for (i = 0; i + 16 <= bytes; i += 16) {
      const n = fma(v128.load(x + i), scale, shift);
      const g = f32x4.mul(v128.load(dy + i), v128.load(gain + i));
      v128.store(dx + i, f32x4.mul(scale, fma(n, gnMean4, f32x4.sub(g, gMean4))));
    }
    for (; i < bytes; i += 4) {
      const n = (load<f32>(x + i) - mean) * rstd;
      const g = load<f32>(dy + i) * load<f32>(gain + i);
      store<f32>(dx + i, rstd * (g - gMean - n * gnMean));
    }
    dy += bytes;
    x += bytes;
    dx += bytes;
  }
}

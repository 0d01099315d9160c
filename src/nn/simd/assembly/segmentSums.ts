/** Sums over stretches of a vector, and their gradient. */

/** y[b] = the sum of x over [bounds[2b], bounds[2b+1]), divided by the length where `mean` is 1; 0 for an empty one. */
export function segmentSums(B: i32, mean: i32, x: usize, bounds: usize, y: usize): void {
  for (let b = 0; b < B; b++) {
    const from = load<i32>(bounds);
    const to = load<i32>(bounds, 4);
    let at = x + (from << 2);
    const end = x + (to << 2);
    let four = f32x4.splat(0);
    for (; at + 16 <= end; at += 16) four = f32x4.add(four, v128.load(at));
    let sum =
      f32x4.extract_lane(four, 0) + f32x4.extract_lane(four, 1) +
      (f32x4.extract_lane(four, 2) + f32x4.extract_lane(four, 3));
    for (; at < end; at += 4) sum += load<f32>(at);
    store<f32>(y, mean && to > from ? sum / <f32>(to - from) : sum);
    bounds += 8;
    y += 4;
  }
}

/** x[i] = y[b] for every i of segment b, divided by its length where `mean` is 1; 0 between segments. */
export function segmentSpread(B: i32, N: i32, mean: i32, y: usize, bounds: usize, x: usize): void {
  memory.fill(x, 0, N << 2);
  for (let b = 0; b < B; b++) {
    const from = load<i32>(bounds);
    const to = load<i32>(bounds, 4);
    let part = load<f32>(y);
    if (mean && to > from) part /= <f32>(to - from);
    for (let i = from; i < to; i++) store<f32>(x + (i << 2), part);
    bounds += 8;
    y += 4;
  }
}

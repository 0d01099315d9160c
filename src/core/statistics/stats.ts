/**
 * Statistics of one or two columns of numbers. A statistic that is not defined for its input (the mean of nothing,
 * the correlation with a constant) is NaN, never a made-up 0; JSON turns it into null.
 */

export type Column = ArrayLike<number>;

export function mean(x: Column): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

/** Sample standard deviation (divided by n − 1). NaN for fewer than two numbers. */
export function sd(x: Column): number {
  const centre = mean(x);
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (x[i] - centre) ** 2;
  return Math.sqrt(squares / (x.length - 1));
}

/** Standard error of the mean of independent numbers: sd / √n. */
export function standardError(x: Column): number {
  return sd(x) / Math.sqrt(x.length);
}

/** Quantile by linear interpolation between order statistics (type 7, NumPy's default). @param q in [0, 1] */
export function quantile(x: Column, q: number): number {
  return quantileSorted(Float64Array.from(x).sort(), q);
}

/** `quantile` of numbers that ascend already. */
export function quantileSorted(sorted: Column, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

export interface Line {
  slope: number;
  intercept: number;
  /** Share of the variance of y that the line explains, in [0, 1]. */
  r2: number;
  /** Pearson's correlation: the root of r2 with the sign of the slope. */
  correlation: number;
}

/**
 * Least-squares line from x to y, optionally weighted. A constant x explains nothing (r2 = 0, slope 0); a constant y
 * leaves nothing to explain (r2 and correlation NaN).
 */
export function linearFit(x: Column, y: Column, weight?: Column): Line {
  let n = 0;
  let meanX = 0;
  let meanY = 0;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const w = weight === undefined ? 1 : weight[i];
    if (w === 0) continue;
    // Welford's update: sums of squares about a running mean lose nothing to cancellation.
    n += w;
    const dx = x[i] - meanX;
    const dy = y[i] - meanY;
    meanX += (dx * w) / n;
    meanY += (dy * w) / n;
    xx += w * dx * (x[i] - meanX);
    xy += w * dx * (y[i] - meanY);
    yy += w * dy * (y[i] - meanY);
  }
  return lineOfMoments({ meanX, meanY, xx, xy, yy });
}

/** The line that belongs to means and centred sums of squares and products. */
export function lineOfMoments(moments: {
  meanX: number;
  meanY: number;
  xx: number;
  xy: number;
  yy: number;
}): Line {
  const { meanX, meanY, xx, xy, yy } = moments;
  const slope = xx > 0 ? xy / xx : 0;
  const correlation = yy > 0 ? (xx > 0 ? clamp(xy / Math.sqrt(xx) / Math.sqrt(yy), -1, 1) : 0) : Number.NaN;
  return { slope, intercept: meanY - slope * meanX, correlation, r2: correlation * correlation };
}

/** R² of the straight line from x to y, every pair a point (PF-PPO, section 4.3, without its grouping). */
export function r2(x: Column, y: Column): number {
  return linearFit(x, y).r2;
}

/** Pearson's correlation. NaN when either column is constant. */
export function pearson(x: Column, y: Column): number {
  return isConstant(x) ? Number.NaN : linearFit(x, y).correlation;
}

/** Spearman's rank correlation; equal numbers share their mean rank. NaN when either column is constant. */
export function spearman(x: Column, y: Column): number {
  return pearson(ranks(x), ranks(y));
}

/** Ranks from 1, ascending; equal numbers share the mean of the ranks that they occupy. */
export function ranks(x: Column): Float64Array {
  const order = orderOf(x);
  const result = new Float64Array(x.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && x[order[to]] === x[order[from]]) to++;
    for (let i = from; i < to; i++) result[order[i]] = (from + to + 1) / 2;
    from = to;
  }
  return result;
}

/** Indices that put `x` in ascending order; equal numbers keep theirs. Fastest for a Float32Array. */
export function orderOf(x: Column): Int32Array {
  if (x instanceof Float32Array) return orderOfSingles(x);
  const order = new Int32Array(x.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => x[a] - x[b] || a - b);
}

/** `orderOf` for numbers of single precision in any array, several times as fast: sorts keys that carry their index along. */
export function orderOfSingles(x: Column): Int32Array {
  const words = new Uint32Array(2 * x.length);
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);
  for (let i = 0; i < x.length; i++) {
    // −0 equals 0; adding 0 makes them the same bits.
    single[0] = x[i] + 0;
    words[2 * i] = i;
    // Floats order like integers once the sign is turned round.
    words[2 * i + 1] = bits[0] >>> 31 ? ~bits[0] : bits[0] | 0x80000000;
  }
  new BigUint64Array(words.buffer).sort();
  const order = new Int32Array(x.length);
  for (let i = 0; i < order.length; i++) order[i] = words[2 * i];
  return order;
}

/** Kendall's tau-b, which allows for ties, in O(n log n). NaN when either column is constant. */
export function kendall(x: Column, y: Column): number {
  const order = new Int32Array(x.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  const { level, levels } = levelsAlong(orderOf(y), y);
  return kendallAscending(
    Float64Array.from(order, (i) => x[i]),
    Int32Array.from(order, (i) => level[i]),
    levels,
  );
}

/** Numbers as whole numbers from 0 in the same order: equal numbers get the same. @param order puts `x` in ascending order */
export function levelsAlong(order: Int32Array, x: Column): { level: Int32Array; levels: number } {
  const level = new Int32Array(order.length);
  let at = 0;
  for (let i = 0; i < order.length; i++) {
    if (i > 0 && x[order[i]] !== x[order[i - 1]]) at++;
    level[order[i]] = at;
  }
  return { level, levels: order.length === 0 ? 0 : at + 1 };
}

/**
 * `kendall` of rows that ascend by x and, where that is equal, by y.
 * @param level y of each row, as a whole number from 0 to `levels` − 1
 * @param weight how often each row counts; by default once
 */
export function kendallAscending(x: Column, level: Int32Array, levels: number, weight?: Column): number {
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const perLevel = new Float64Array(levels);
  // A Fenwick tree of the rows so far by level: a look takes as many steps as `levels` has binary digits.
  const tree = new Float64Array(levels + 1);
  let n = 0;
  let discordant = 0;
  let tiedX = 0;
  let tiedBoth = 0;
  let runX = 0;
  let runBoth = 0;
  let lastX = Number.NaN;
  let lastLevel = -1;
  for (let row = 0; row < level.length; row++) {
    const w = weight === undefined ? 1 : weight[row];
    if (w === 0) continue;
    const here = level[row];
    if (x[row] !== lastX) {
      tiedX += pairs(runX);
      runX = 0;
    }
    if (x[row] !== lastX || here !== lastLevel) {
      tiedBoth += pairs(runBoth);
      runBoth = 0;
    }
    runX += w;
    runBoth += w;
    lastX = x[row];
    lastLevel = here;
    // Rows before this one with a higher y; rows of the same x have none.
    let notAbove = 0;
    for (let i = here + 1; i > 0; i -= i & -i) notAbove += tree[i];
    discordant += w * (n - notAbove);
    for (let i = here + 1; i <= levels; i += i & -i) tree[i] += w;
    perLevel[here] += w;
    n += w;
  }
  tiedX += pairs(runX);
  tiedBoth += pairs(runBoth);
  let tiedY = 0;
  for (const count of perLevel) tiedY += pairs(count);
  const all = pairs(n);
  const concordantMinusDiscordant = all - tiedX - tiedY + tiedBoth - 2 * discordant;
  return concordantMinusDiscordant / Math.sqrt(all - tiedX) / Math.sqrt(all - tiedY);
}

/**
 * Mean difference of paired numbers (one pair per seed), with its standard error and how often the first is larger.
 */
export function pairedDifference(
  a: Column,
  b: Column,
): { mean: number; standardError: number; wins: number; count: number } {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers cannot be paired with ${b.length}.`);
  const differences = Float64Array.from(a, (value, i) => value - b[i]);
  return {
    mean: mean(differences),
    standardError: standardError(differences),
    wins: differences.filter((d) => d > 0).length,
    count: differences.length,
  };
}

/** Levenshtein distance between two sequences of tokens or characters. */
export function editDistance(a: ArrayLike<unknown>, b: ArrayLike<unknown>): number {
  if (a.length < b.length) [a, b] = [b, a];
  const row = new Uint32Array(b.length + 1);
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = a[i - 1] === b[j - 1] ? diagonal : 1 + Math.min(diagonal, above, row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.length];
}

function isConstant(x: Column): boolean {
  for (let i = 1; i < x.length; i++) if (x[i] !== x[0]) return false;
  return true;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

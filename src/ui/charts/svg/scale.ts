/** Linear scales and round ticks for the figures that are drawn as SVG. Pure. */

export interface Scale {
  (value: number): number;
  domain: readonly [number, number];
  range: readonly [number, number];
  invert(position: number): number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const span = domain[1] - domain[0] || 1;
  const factor = (range[1] - range[0]) / span;
  const scale = (value: number) => range[0] + (value - domain[0]) * factor;
  return Object.assign(scale, {
    domain,
    range,
    invert: (position: number) => (factor === 0 ? domain[0] : domain[0] + (position - range[0]) / factor),
  });
}

/** About `count` round numbers within [low, high]: steps of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return Number.isFinite(low) ? [low] : [];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? 10 * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => +((first + index) * step).toPrecision(12));
}

/** Smallest and largest finite value, or null when there is none. */
export function extent(values: Iterable<number>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

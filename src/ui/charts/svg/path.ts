/** The text of an SVG path through points. Points that are no place are left out; a path without points is empty. */
export function pathThrough(
  points: readonly (readonly [x: number, y: number])[],
  end: '' | 'Z' = '',
): string {
  const places = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  return places.length === 0 ? '' : `M${places.map(([x, y]) => `${x} ${y}`).join('L')}${end}`;
}

/** The straight line of a fit as an SVG path that ends where the figure ends, at its sides as well as above and below. */
import type { Line } from '../../../../core/statistics/stats.ts';
import type { Scale } from '../../../charts/svg/scale.ts';

/**
 * @param between rewards at which the line begins and ends when nothing cuts it short; the whole x-axis by default
 * @returns null where there is no line, or none of it is within the figure
 */
export function fitPath(fit: Line | null, x: Scale, y: Scale, between = x.domain): string | null {
  if (!fit || !Number.isFinite(fit.slope)) return null;
  const at = (reward: number) => fit.intercept + fit.slope * reward;
  let [from, to] = between;
  if (fit.slope !== 0) {
    const crossings = y.domain.map((edge) => (edge - fit.intercept) / fit.slope);
    from = Math.max(from, Math.min(...crossings));
    to = Math.min(to, Math.max(...crossings));
  }
  const within = at((from + to) / 2) >= y.domain[0] && at((from + to) / 2) <= y.domain[1];
  return from < to && within ? `M${x(from)} ${y(at(from))}L${x(to)} ${y(at(to))}` : null;
}

/** The control of R²: what a filter would reach if the reward were equally noisy everywhere, by the range that it keeps alone. */
import { stream } from '../random.ts';
import { linearFit } from '../statistics/stats.ts';
import { binMeans, fitBins } from './bins.ts';
import type { Counted, Known } from './known.ts';

/** Simulated truths: the line through the real one plus noise of the same size at every reward. */
export function controlScores(known: Known, seed: number): Float64Array[] {
  const { reward, score } = known;
  const line = linearFit(reward, score);
  let squares = 0;
  for (let row = 0; row < reward.length; row++) {
    squares += (score[row] - line.intercept - line.slope * reward[row]) ** 2;
  }
  // Uniform noise in ±√3 times a deviation has that deviation.
  const reach = Math.sqrt((3 * squares) / reward.length);
  // Few responses need many simulations for a steady mean, many need one.
  const simulations = Math.min(20, Math.max(1, Math.ceil(50_000 / reward.length)));
  return Array.from({ length: simulations }, (_, i) => {
    const rng = stream(seed, 'control', i);
    return reward.map((r) => line.intercept + line.slope * r + reach * (2 * rng.uniform() - 1));
  });
}

/** R² of these rows under each simulated truth, on average. @param edges between groups of similar reward */
export function controlOf(
  { reward, weight, place }: Counted,
  controls: readonly Float64Array[],
  edges: Float64Array,
  weighted: boolean,
): { perResponse: number; grouped: number } {
  let perResponse = 0;
  let grouped = 0;
  for (const control of controls) {
    const score = new Float64Array(place.length);
    for (let i = 0; i < place.length; i++) score[i] = control[place[i]];
    perResponse += linearFit(reward, score, weight).r2 / controls.length;
    grouped += fitBins(binMeans(reward, score, edges, weight), weighted).r2 / controls.length;
  }
  return { perResponse, grouped };
}

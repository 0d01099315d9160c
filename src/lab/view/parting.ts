/**
 * Where reward and truth part: the sign of over-optimisation, looked for by rule and not by eye. The reward keeps
 * rising, the truth keeps falling, both by more than chance moves them. Pure.
 */
import { fixed, percent } from '../../core/numberText.ts';
import type { SummaryRun } from '../records/summary.ts';

/** A metric of the truth beside the reward of the same programs; the first pair that has enough points is used. */
const pairs = [
  { truth: 'heldPass', reward: 'heldReward', from: 'evaluations', least: 5, name: 'held-out pass rate' },
  { truth: 'passRate', reward: 'rewardPi', from: 'iterations', least: 12, name: 'training pass rate' },
] as const;

export type Parting =
  | {
      kind: 'parted';
      /** The last iteration before the truth falls; 0 is the starting policy. */
      iteration: number;
      /** What was compared, in words: "held-out pass rate". */
      truthName: string;
      /** Smoothed values there and at the newest point. */
      truth: readonly [from: number, to: number];
      reward: readonly [from: number, to: number];
    }
  /** They do not part beyond what chance explains. */
  | { kind: 'together' }
  /** Too few points to say. */
  | { kind: 'early' };

/**
 * What counts as more than chance: so many standard deviations of a difference of two smoothed values. As many,
 * because the highest of many places is taken: of level curves one or two in a hundred reach that (see the test).
 */
const clearly = 3.5;

/**
 * Looks for the place from which the truth falls to the end of what is there while the reward rises.
 *
 * Both curves are smoothed by a running mean over about a quarter of their points (at least three). The place is where
 * the smoothed truth is highest, the last such. From there to the end the smoothed truth must have fallen and the
 * smoothed reward risen by more than three and a half standard deviations of such a difference, and neither may have
 * turned back by as much before the end. The standard deviation of one point is read off the curve itself, from how far
 * points lie off the line between their neighbours, so that any metric and any number of samples brings its own.
 */
export function findParting({
  iterations,
  evaluations,
}: Pick<SummaryRun, 'iterations' | 'evaluations'>): Parting {
  for (const { truth, reward, from, least, name } of pairs) {
    const rows = (from === 'evaluations' ? evaluations : iterations).flatMap((row) => {
      const [t, r] = [row.metrics[truth], row.metrics[reward]];
      return t === undefined || r === undefined ? [] : [{ iteration: row.iteration, t, r }];
    });
    if (rows.length < least) continue;
    const truths = smoothed(rows.map((row) => row.t));
    const rewards = smoothed(rows.map((row) => row.r));
    const peak = truths.value.lastIndexOf(Math.max(...truths.value));
    const end = rows.length - 1;
    if (!moved(truths, peak, end, -1) || !moved(rewards, peak, end, 1)) return { kind: 'together' };
    return {
      kind: 'parted',
      iteration: rows[peak].iteration,
      truthName: name,
      truth: [truths.value[peak], truths.value[end]],
      reward: [rewards.value[peak], rewards.value[end]],
    };
  }
  return { kind: 'early' };
}

interface Smoothed {
  value: number[];
  /** Points behind each value. */
  count: number[];
  /** Standard deviation of one point. */
  noise: number;
}

function smoothed(y: readonly number[]): Smoothed {
  const half = Math.max(1, Math.floor(y.length / 8));
  const windows = y.map((_, i) => y.slice(Math.max(0, i - half), i + half + 1));
  return {
    value: windows.map((window) => window.reduce((a, b) => a + b, 0) / window.length),
    count: windows.map((window) => window.length),
    noise: noiseOf(y),
  };
}

/** The variance of y[i−1] − 2 y[i] + y[i+1] is six times that of one point, and any straight line drops out of it. */
function noiseOf(y: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i + 1 < y.length; i++) sum += (y[i - 1] - 2 * y[i] + y[i + 1]) ** 2;
  return Math.sqrt(sum / (6 * (y.length - 2)));
}

/** Whether a curve went clearly up (+1) or down (−1) from one place to another, without clearly turning back. */
function moved({ value, count, noise }: Smoothed, from: number, to: number, sign: 1 | -1): boolean {
  const clear = (a: number, b: number) => clearly * noise * Math.sqrt(1 / count[a] + 1 / count[b]);
  if (to <= from || sign * (value[to] - value[from]) <= clear(from, to)) return false;
  for (let i = from; i < to; i++) if (sign * (value[i] - value[to]) > clear(i, to)) return false;
  return true;
}

/** What was found for an arm, in one sentence. */
export function partingInWords(name: string, parting: Parting): string {
  switch (parting.kind) {
    case 'parted': {
      const { iteration, truth, reward, truthName } = parting;
      const where = iteration === 0 ? 'from the start' : `from iteration ${iteration} on`;
      return `${name}: ${where} the reward rises (${fixed(reward[0])} to ${fixed(reward[1])}) while the ${truthName} falls (${percent(truth[0])} to ${percent(truth[1])}).`;
    }
    case 'together':
      return `${name}: reward and truth do not part.`;
    case 'early':
      return `${name}: too few points to say.`;
    default:
      parting satisfies never;
      return '';
  }
}

/**
 * How a reward is distributed over responses that pass and over those that fail, in bands of its range: what a reward
 * must do to be as reliable as another. What both have in common says nothing of the truth, and is told apart.
 */
import { orderOf } from '../statistics/stats.ts';

export interface FittedReliability {
  /** Ends of the range that the bands divide; what lies beyond counts to the band at that end. */
  low: number;
  high: number;
  /** Share of all responses that get a reward in each band whatever the truth. */
  noise: number[];
  /** What is left of the passing, and of the failing ones: shares that add up to 1 − Σ noise. */
  pass: number[];
  fail: number[];
  /** Responses whose truth is known, and how many of them pass. */
  known: number;
  passing: number;
}

/** What lies further out than this share of all rewards does not stretch the range. */
const outlying = 0.005;

/** Null where there is nothing to fit: no pass, no fail, or a reward that is the same for (nearly) all. */
export function fitReliability(
  reward: ArrayLike<number>,
  score: ArrayLike<number>,
  bands = 10,
): FittedReliability | null {
  const rows = Array.from(reward, (_, row) => row).filter((row) => !Number.isNaN(score[row]));
  const known = Float64Array.from(rows, (row) => reward[row]);
  const order = orderOf(known);
  const at = (share: number) => known[order?.[share] ?? share];
  const cut = Math.floor(outlying * known.length);
  const low = at(cut);
  const high = at(known.length - 1 - cut);
  const counts = { pass: new Float64Array(bands), fail: new Float64Array(bands) };
  let passing = 0;
  for (const row of rows) {
    const band = Math.floor((bands * (reward[row] - low)) / (high - low));
    const passes = score[row] === 1;
    if (passes) passing++;
    counts[passes ? 'pass' : 'fail'][Math.min(bands - 1, Math.max(0, band))]++;
  }
  if (!(high > low) || passing === 0 || passing === rows.length) return null;
  const ofPass = Array.from(counts.pass, (count) => count / passing);
  const ofFail = Array.from(counts.fail, (count) => count / (rows.length - passing));
  const noise = ofPass.map((share, band) => Math.min(share, ofFail[band]));
  const beyond = (shares: readonly number[]) => shares.map((share, band) => share - noise[band]);
  return {
    low,
    high,
    noise,
    pass: beyond(ofPass),
    fail: beyond(ofFail),
    known: rows.length,
    passing,
  };
}

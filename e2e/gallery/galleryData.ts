/** Made-up runs for the gallery of figures: shaped like real ones, the same each time. */
import { stream } from '../../src/core/random.ts';
import type { MetricKey } from '../../src/lab/records/metrics.ts';
import type { IterationRecord, SampleColumns } from '../../src/lab/records/record.ts';
import type { ShownResponses } from '../../src/lab/rollouts/shownResponses.ts';
import { buildCorpus } from '../../src/tasks/corpus.ts';
import { buildWorld } from '../../src/tasks/world.ts';
import type { CurveArm, CurvePoint } from '../../src/ui/charts/curves/curves.ts';

export const world = buildWorld(1);
const corpus = buildCorpus(world.train, { seed: 1, size: 600, bugRate: 0.6 });

/** An arm that learns up to `top`, or falls again when `hacked`. */
export function madeArm(
  label: string,
  series: number,
  iterations: number,
  top: number,
  options: Partial<CurveArm> & { hacked?: boolean } = {},
): CurveArm {
  const rng = stream(7, label);
  const noise = (size: number) => (rng.uniform() - 0.5) * size;
  const truth = (t: number) =>
    options.hacked
      ? 0.34 + 0.1 * Math.exp(-(((t - 6) / 5) ** 2)) - 0.2 * Math.min(1, t / 30)
      : 0.34 + (top - 0.34) * (1 - Math.exp(-t / 12));
  const rows: CurvePoint[] = [];
  const evaluations: CurvePoint[] = [];
  for (let t = 0; t <= iterations; t++) {
    const grown = 1 - Math.exp(-t / 10);
    if (t % 5 === 0) {
      const p = truth(t) + noise(0.02);
      evaluations.push({
        iteration: t,
        metrics: { heldPass: p, heldGreedy: 0.66 + 0.05 * grown + noise(0.02), heldScore: p + 0.2 },
      });
    }
    if (t === 0) continue;
    const metrics: Partial<Record<MetricKey, number>> = {
      passRate: truth(t) + 0.02 + noise(0.06),
      score: truth(t) + 0.2 + noise(0.05),
      rewardPi: 0.35 * grown + noise(0.05) + (options.hacked ? 0.3 * grown : 0),
      rewardMu: 0.35 * grown + 0.1 + noise(0.05),
      kl: 1.4 * grown + noise(0.1),
      entropy: 0.2 - 0.06 * grown + noise(0.005),
      responseLength: 19.8 + 0.4 * grown + noise(0.3),
      clipFraction: 0.02 * Math.exp(-t / 2) + 0.003 + noise(0.002),
      r2Kept: 0.17 + noise(0.05),
      r2All: 0.11 + noise(0.03),
      samples: t * 240,
      updateTokens: t * (label === 'PPO-M' ? 8000 : 3200),
      seconds: t * (label === 'PPO-M' ? 1.1 : 0.7),
      keptShare: label === 'PPO-M' ? 1 : 0.4,
    };
    rows.push({ iteration: t, metrics });
  }
  return {
    id: label,
    label,
    series,
    origin: 'live',
    synthetic: false,
    ghost: null,
    heldSamples: 540,
    iterations: rows,
    evaluations,
    ...options,
  };
}

/** One iteration of made-up samples over real problems and programs. */
export function madeIteration(iteration: number, groups = 48, size = 5): IterationRecord {
  const rng = stream(11, iteration);
  const rows = groups * size;
  const programs = Array.from({ length: rows }, () => corpus[rng.int(corpus.length)].program);
  const starts = new Int32Array(rows + 1);
  programs.forEach((program, row) => {
    starts[row + 1] = starts[row] + program.length;
  });
  const samples: SampleColumns = {
    problem: new Int32Array(rows),
    group: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size)),
    starts,
    tokens: Uint16Array.from(programs.flatMap((program) => [...program])),
    logProb: Float32Array.from({ length: starts[rows] }, () => -((rng.uniform() * 2) ** 2)),
    refLogProb: Float32Array.from({ length: starts[rows] }, () => -((rng.uniform() * 2) ** 2)),
    reward: new Float32Array(rows),
    score: new Float32Array(rows),
    status: new Uint8Array(rows),
    uses: new Uint16Array(rows),
  };
  for (let group = 0; group < groups; group++) {
    const problem = rng.int(world.train.length);
    const ease = rng.uniform();
    let best = group * size;
    let worst = best;
    for (let row = group * size; row < (group + 1) * size; row++) {
      const good = rng.uniform() < 0.15 + 0.6 * ease;
      samples.problem[row] = problem;
      samples.score[row] = good ? 1 : rng.uniform() < 0.4 ? 0 : Math.round(rng.uniform() * 10) / 12;
      samples.reward[row] = Math.tanh((good ? 0.4 : -0.3) + rng.normal() * 0.55);
      if (samples.reward[row] > samples.reward[best]) best = row;
      if (samples.reward[row] < samples.reward[worst]) worst = row;
    }
    samples.uses[best] = 1;
    samples.uses[worst] = 1;
  }
  return { iteration, metrics: {}, samples };
}

const made = new Map<string, ShownResponses>();

/** Responses for the filter lab: a reward that knows bad programs better than good ones. */
export function madeResponses(rows: number, truth: boolean): ShownResponses {
  const key = `${rows} ${truth}`;
  const known = made.get(key);
  if (known) return known;
  const rng = stream(5, rows);
  const reward = new Float32Array(rows);
  const score = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const pass = rng.uniform() < 0.4;
    score[row] = pass ? 1 : Math.floor(rng.uniform() * 11) / 12;
    reward[row] = Math.tanh((pass ? 0.35 : -0.25) + rng.normal() * (pass ? 0.45 : 0.6));
  }
  const group = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 5));
  const responses: ShownResponses = {
    label: truth ? 'made-up responses' : 'made-up responses without truth',
    rollouts: { reward, score: truth ? score : null, group, prompt: group },
    texts: null,
    lengths: null,
  };
  made.set(key, responses);
  return responses;
}

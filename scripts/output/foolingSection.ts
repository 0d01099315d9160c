/**
 * Which reward is fooled, as a section of docs/results.md: how good each arm is at equal distances from the start, from
 * which iteration its reward and the truth part, and, where one is expected, whether the arms part in that order.
 */
import { mean, pairedDifference, quantile, standardError } from '../../src/core/statistics/stats.ts';
import { toldApart } from '../../src/core/statistics/studentT.ts';
import { estimateText, type SummaryRun } from '../../src/lab/records/summary.ts';
import { findParting } from '../../src/lab/view/parting.ts';
import { markdown } from './markdown.ts';

/** Distances at which the arms are compared, in nats. */
const distances = [0.5, 1, 2, 4];

/** The arms that a section compares, the one expected to be fooled last first. */
export interface Fooling {
  arms: readonly string[];
  /** The whole order is expected, and tested. */
  inOrder: boolean;
}

export function foolingSection(runs: readonly SummaryRun[], { arms: order, inOrder }: Fooling): string {
  const partings = new Map(
    order.map((arm) => [arm, new Map(of(runs, arm).map((run) => [run.seed, partedAt(run)]))]),
  );
  return `Where reward and truth part, by the rule of the page: from there to the end the held-out pass rate falls and the reward of the same programs rises, both by more than chance moves them. "Lost" is the highest held-out pass rate of a run, smoothed over three looks, minus that of its end.

${markdown(
  ['arm', 'parted', 'at iteration', 'highest', 'end', 'lost', 'reward at the end', 'KL at the end'],
  order.map((arm) => partingRow(arm, of(runs, arm), [...partings.get(arm)!.values()])),
)}

Held-out pass rate at equal distance from the start (mean over the runs that went so far, how many in brackets), interpolated between looks:

${markdown(
  ['arm', ...distances.map((kl) => `KL ${kl}`)],
  order.map((arm) => [arm, ...distances.map((kl) => atDistance(of(runs, arm), kl))]),
)}

${[...atEqualDistance(runs, order), ...(inOrder ? verdicts(order, partings) : [])]
  .map((line) => `- ${line}`)
  .join('\n')}
`;
}

const of = (runs: readonly SummaryRun[], arm: string) => runs.filter((run) => run.arm === arm);

/** The iteration from which reward and truth part; infinite where they do not. */
function partedAt(run: SummaryRun): number {
  const parting = findParting(run);
  return parting.kind === 'parted' ? parting.iteration : Number.POSITIVE_INFINITY;
}

function partingRow(arm: string, runs: readonly SummaryRun[], partings: readonly number[]): string[] {
  const parted = partings.filter(Number.isFinite);
  const where =
    parted.length === 0
      ? '–'
      : parted.length === 1
        ? String(parted[0])
        : `${quantile(parted, 0.5)} (${Math.min(...parted)} to ${Math.max(...parted)})`;
  const curves = runs.map((run) =>
    smoothed(run.evaluations.map(({ metrics }) => metrics.heldPass ?? Number.NaN)),
  );
  const highest = curves.map((curve) => Math.max(...curve));
  const end = curves.map((curve) => curve.at(-1)!);
  const newest = (key: 'heldReward' | 'kl') =>
    runs.map(
      (run) =>
        [...run.iterations, ...run.evaluations].findLast(({ metrics }) => metrics[key] !== undefined)
          ?.metrics[key] ?? Number.NaN,
    );
  return [
    arm,
    `${parted.length}/${partings.length}`,
    where,
    estimate(highest),
    estimate(end),
    estimate(highest.map((value, i) => value - end[i])),
    estimate(newest('heldReward')),
    estimate(newest('kl'), 2),
  ];
}

const estimate = (values: readonly number[], digits = 3): string =>
  estimateText(
    {
      mean: mean(values),
      standardError: values.length > 1 ? standardError(values) : null,
      count: values.length,
    },
    digits,
  );

/** A running mean over three looks, two at the ends. */
const smoothed = (y: readonly number[]): number[] =>
  y.map((_, i) => mean(y.slice(Math.max(0, i - 1), i + 2)));

/** Held-out pass rate where a run first reaches a distance. */
function atDistance(runs: readonly SummaryRun[], kl: number): string {
  const reached = runs.flatMap((run) => passAt(run, kl) ?? []);
  return reached.length === 0 ? '–' : `${estimate(reached)} (${reached.length})`;
}

function passAt({ evaluations, iterations }: SummaryRun, kl: number): number | null {
  // At the start the distance is 0 by definition.
  const looks = evaluations.flatMap(({ iteration, metrics }) => {
    const far = iteration === 0 ? 0 : iterations.find((row) => row.iteration === iteration)?.metrics.kl;
    return far === undefined || metrics.heldPass === undefined ? [] : [{ far, pass: metrics.heldPass }];
  });
  for (let i = 1; i < looks.length; i++) {
    const [before, after] = [looks[i - 1], looks[i]];
    if (after.far < kl) continue;
    if (before.far >= kl) return before.pass;
    return before.pass + ((after.pass - before.pass) * (kl - before.far)) / (after.far - before.far);
  }
  return null;
}

/** Each arm against the first at the largest distance that every run went to, paired by seed. */
function atEqualDistance(runs: readonly SummaryRun[], [base, ...others]: readonly string[]): string[] {
  const passes = (arm: string, kl: number) =>
    new Map(of(runs, arm).map((run) => [run.seed, passAt(run, kl)] as const));
  const kl = distances.findLast((each) =>
    [base, ...others].every((arm) => [...passes(arm, each).values()].every((pass) => pass !== null)),
  );
  if (kl === undefined) return ['No distance was reached by every run, so none is equal for all of them.'];
  const there = passes(base, kl);
  return others.map((arm) => {
    const own = [...passes(arm, kl)].filter(([seed]) => there.has(seed));
    const difference = pairedDifference(
      own.map(([, pass]) => pass!),
      own.map(([seed]) => there.get(seed)!),
    );
    const telling = toldApart(difference) ? (difference.mean > 0 ? 'above' : 'below') : 'not told apart from';
    return `At KL ${kl}, to which every run went, ${arm} is ${telling} ${base}: ${estimateText(difference)}, paired over ${difference.count} seeds.`;
  });
}

/** For neighbours of the expected order, and for the order as a whole: in how many seeds it holds. */
function verdicts(
  order: readonly string[],
  partings: ReadonlyMap<string, ReadonlyMap<number, number>>,
): string[] {
  const seeds = [...partings.get(order[0])!.keys()].filter((seed) =>
    order.every((arm) => partings.get(arm)!.has(seed)),
  );
  const at = (arm: string, seed: number) => partings.get(arm)!.get(seed)!;
  const pairs = order.slice(1).map((sooner, i) => {
    const later = order[i];
    const before = seeds.filter((seed) => at(sooner, seed) < at(later, seed)).length;
    const after = seeds.filter((seed) => at(sooner, seed) > at(later, seed)).length;
    return `${sooner} parts before ${later} in ${before} of ${seeds.length} seeds, after it in ${after}, and in ${seeds.length - before - after} neither is first.`;
  });
  const whole = seeds.filter((seed) =>
    order.slice(1).every((sooner, i) => at(sooner, seed) < at(order[i], seed)),
  ).length;
  return [...pairs, `The whole order holds in ${whole} of ${seeds.length} seeds.`];
}

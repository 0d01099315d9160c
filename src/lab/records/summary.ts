/**
 * A comparison in one table: what each method reached over its seeds, with standard errors, and the difference from
 * a reference arm paired by seed. Seeds share prompts and models, so the paired difference is far sharper than two
 * means side by side.
 */
import { plusMinus } from '../../core/numberText.ts';
import { mean, pairedDifference, standardError } from '../../core/statistics/stats.ts';
import type { MetricKey } from './metrics.ts';

/** What the summary reads of a run. Rows in order of iteration. */
export interface SummaryRun {
  arm: string;
  seed: number;
  evaluations: readonly { iteration: number; metrics: Partial<Record<MetricKey, number>> }[];
  iterations: readonly { iteration: number; metrics: Partial<Record<MetricKey, number>> }[];
}

/** Mean over seeds; `standardError` is null for a single seed. */
export interface SeedEstimate {
  mean: number;
  standardError: number | null;
  count: number;
}

export interface PairedEstimate extends SeedEstimate {
  /** Seeds in which the arm is above the reference. */
  wins: number;
}

export interface ArmSummary {
  arm: string;
  seeds: number[];
  /** Iterations that all of its runs finished. */
  iterations: number;
  heldStart: SeedEstimate | null;
  /** Mean of the last two evaluations: one alone wobbles by about 0.02. */
  heldEnd: SeedEstimate | null;
  greedyEnd: SeedEstimate | null;
  /** Held-out pass at the end minus that of the reference arm, over the seeds that both ran. */
  difference: PairedEstimate | null;
  /** Means of the last five iterations. */
  reward: SeedEstimate | null;
  kl: SeedEstimate | null;
  r2: SeedEstimate | null;
  /** Totals at the last iteration. */
  updateTokens: SeedEstimate | null;
  samples: SeedEstimate | null;
}

export interface Summary {
  /** The arm that differences are taken from. */
  reference: string | null;
  arms: ArmSummary[];
}

const lastEvaluations = 2;
const lastIterations = 5;

/** @param against the arm that differences are taken from; by default PPO-M when it ran, otherwise the first */
export function summarise(runs: readonly SummaryRun[], against = 'PPO-M'): Summary {
  const names = [...new Set(runs.map((run) => run.arm))];
  const reference = names.includes(against) ? against : (names[0] ?? null);
  const of = (arm: string) => runs.filter((run) => run.arm === arm && run.iterations.length > 0);
  const ends = (arm: string) => new Map(of(arm).map((run) => [run.seed, endOf(run, 'heldPass')]));
  const atReference = reference === null ? new Map<number, number>() : ends(reference);
  return {
    reference,
    arms: names.map((arm) => {
      const own = of(arm);
      return {
        arm,
        seeds: own.map((run) => run.seed),
        iterations: own.length === 0 ? 0 : Math.min(...own.map((run) => run.iterations.at(-1)!.iteration)),
        heldStart: estimate(own.map((run) => startOf(run, 'heldPass'))),
        heldEnd: estimate(own.map((run) => endOf(run, 'heldPass'))),
        greedyEnd: estimate(own.map((run) => endOf(run, 'heldGreedy'))),
        difference: arm === reference ? null : difference(ends(arm), atReference),
        reward: estimate(own.map((run) => lately(run, 'rewardPi'))),
        kl: estimate(own.map((run) => lately(run, 'kl'))),
        r2: estimate(own.map((run) => lately(run, 'r2Kept'))),
        updateTokens: estimate(own.map((run) => total(run, 'updateTokens'))),
        samples: estimate(own.map((run) => total(run, 'samples'))),
      };
    }),
  };
}

const startOf = (run: SummaryRun, key: MetricKey): number =>
  run.evaluations.find((row) => row.iteration === 0)?.metrics[key] ?? Number.NaN;

const endOf = (run: SummaryRun, key: MetricKey): number =>
  meanOf(run.evaluations.filter((row) => row.iteration > 0).slice(-lastEvaluations), key);

const lately = (run: SummaryRun, key: MetricKey): number =>
  meanOf(run.iterations.slice(-lastIterations), key);

const total = (run: SummaryRun, key: MetricKey): number => run.iterations.at(-1)!.metrics[key] ?? Number.NaN;

function meanOf(rows: SummaryRun['iterations'], key: MetricKey): number {
  return mean(rows.map((row) => row.metrics[key] ?? Number.NaN).filter((value) => !Number.isNaN(value)));
}

function estimate(values: number[]): SeedEstimate | null {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  return {
    mean: mean(known),
    standardError: known.length > 1 ? standardError(known) : null,
    count: known.length,
  };
}

function difference(own: Map<number, number>, other: Map<number, number>): PairedEstimate | null {
  const seeds = [...own.keys()].filter(
    (seed) => !Number.isNaN(own.get(seed)! + (other.get(seed) ?? Number.NaN)),
  );
  if (seeds.length === 0) return null;
  const paired = pairedDifference(
    seeds.map((seed) => own.get(seed)!),
    seeds.map((seed) => other.get(seed)!),
  );
  return {
    mean: paired.mean,
    standardError: seeds.length > 1 ? paired.standardError : null,
    count: seeds.length,
    wins: paired.wins,
  };
}

/** "0.486 ± 0.009"; what was not measured is a dash, never a zero. */
export function estimateText(value: SeedEstimate | null, digits = 3): string {
  return plusMinus(value?.mean, value?.standardError, digits);
}

/** Head and rows of the table, as text: for the terminal, the page and Markdown alike. */
export function summaryTable(summary: Summary): { head: string[]; rows: string[][] } {
  const against = summary.reference === null ? 'difference' : `minus ${summary.reference}`;
  return {
    head: [
      'arm',
      'seeds',
      'iterations',
      'held start',
      'held end',
      against,
      'wins',
      'greedy end',
      'reward',
      'KL',
      'R² kept',
      'update Mtok',
    ],
    rows: summary.arms.map((row) => [
      row.arm,
      String(row.seeds.length),
      String(row.iterations),
      estimateText(row.heldStart),
      estimateText(row.heldEnd),
      signed(row.difference),
      row.difference === null ? '–' : `${row.difference.wins}/${row.difference.count}`,
      estimateText(row.greedyEnd),
      estimateText(row.reward),
      estimateText(row.kl, 2),
      estimateText(row.r2),
      estimateText(scaled(row.updateTokens, 1e-6), 2),
    ]),
  };
}

function signed(value: SeedEstimate | null): string {
  const text = estimateText(value);
  return value !== null && value.mean > 0 ? `+${text}` : text;
}

function scaled(value: SeedEstimate | null, by: number): SeedEstimate | null {
  return (
    value && {
      ...value,
      mean: value.mean * by,
      standardError: value.standardError === null ? null : value.standardError * by,
    }
  );
}

/** The filter lab as one function: rows in, a report per filter out. Public and stable (docs/automation.md). */
import { compareFilters, type FilterReport } from '../../../core/analysis/compareFilters.ts';
import { discardedBy, discardReasons } from '../../../core/analysis/discarded.ts';
import { overSteps } from '../../../core/analysis/overSteps.ts';
import { phantomReport } from '../../../core/analysis/phantom.ts';
import { batchesOf, lookedAt, type NamedFilter, type Rollouts } from '../../../core/analysis/rollouts.ts';
import { comparisons, toldApart } from '../../../core/analysis/toldApart.ts';
import { tieSeed } from '../../../core/filters/selectionSeeds.ts';
import { comparedBy, warningsOf } from '../words/criteriaFindings.ts';
import { type AnalysisRow, columnsOf } from './analyzeColumns.ts';
import { discardingFilter, filtersOf, settingsOf } from './analyzeOptions.ts';
import { orNull, plain } from './analyzePlain.ts';
import type { Analysis, AnalyzeOptions, DiscardedRow } from './analyzeShape.ts';
import { stepsAnalysis } from './analyzeSteps.ts';
import { promptFiltersOf, scaleOf } from './standardFilters.ts';

export { groupFields, rewardTerms } from './analyzeColumns.ts';
export type { Analysis, AnalyzedFilter, AnalyzeOptions, Estimate } from './analyzeShape.ts';
export type { AnalysisRow };

/**
 * What each filter would keep of `rows` and what the reward says there.
 * @throws RangeError or TypeError naming the option that is impossible
 */
export function analyze(rows: readonly AnalysisRow[], options: AnalyzeOptions = {}): Analysis {
  const { dropped, rollouts, rowOf } = columnsOf(rows, options);
  const { discarded, ...analysis } = analyzeRollouts(rollouts, options);
  if (!discarded) return { ...analysis, dropped };
  return {
    ...analysis,
    dropped,
    discarded: { ...discarded, rows: discarded.rows.map((row) => ({ ...row, row: rowOf[row.row] })) },
  };
}

/** `analyze` for responses that are columns already. `filterOn` must be among them. */
export function analyzeRollouts(given: Rollouts, options: AnalyzeOptions = {}): Omit<Analysis, 'dropped'> {
  const rollouts: Rollouts = { ...given, batch: given.batch ?? batchesOf(given.step ?? null)?.batch ?? null };
  const settings = settingsOf(options);
  const filters = filtersOf(options, rollouts);
  const named =
    options.discarded === undefined ? null : discardingFilter(options.discarded, filters, rollouts);
  const empty = rollouts.reward.length === 0;
  const reports = empty ? [] : [...compareFilters(rollouts, filters, settings)];
  const { seed } = settings;
  const phantom = empty ? null : phantomReport(rollouts, promptFiltersOf(scaleOf(rollouts)), tieSeed(seed));
  return {
    rows: rollouts.reward.length,
    groups: new Set(rollouts.group).size,
    prompts: new Set(rollouts.prompt).size,
    filters: Object.fromEntries(reports.map((report) => [report.id, plain(report)])),
    toldApart: toldApartOf(reports),
    phantom,
    warnings: warningsOf(phantom, filters),
    ...(options.bySteps && !empty
      ? {
          steps: stepsAnalysis(overSteps(rollouts, filters, { seed, normalise: settings.normalise })),
        }
      : {}),
    ...(named && !empty ? { discarded: discardedOf(named, rollouts, seed) } : {}),
  };
}

function toldApartOf(reports: readonly FilterReport[]): Analysis['toldApart'] {
  return Object.fromEntries(
    comparisons.flatMap((by) => {
      const found = toldApart(comparedBy(reports, by), by);
      return found ? [[by, found]] : [];
    }),
  );
}

function discardedOf(
  named: NamedFilter,
  rollouts: Rollouts,
  seed: number,
): NonNullable<Analysis['discarded']> {
  const { reason, rank, size, before, after } = discardedBy(named, rollouts, seed);
  const { reward, score } = rollouts;
  const looked = lookedAt(rollouts);
  const counts: Record<string, number> = {};
  const rows: DiscardedRow[] = [];
  for (let row = 0; row < reason.length; row++) {
    const name = discardReasons[reason[row]];
    counts[name] = (counts[name] ?? 0) + 1;
    if (reason[row] === 0) continue;
    rows.push({
      row,
      reason: name,
      rank: rank[row],
      of: size[row],
      reward: reward[row],
      filterOn: looked[row],
      score: score === null ? null : orNull(score[row]),
      before: before[row],
      after: after[row],
    });
  }
  return { filter: named.id, counts, rows };
}

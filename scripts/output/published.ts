/** What of an experiment goes into public/results.json, which the page reads. */
import { mean } from '../../src/core/statistics/stats.ts';
import { type PublishedExperiment, type Spent, spentKeys } from '../../src/lab/records/publishedResults.ts';
import type { Summary, SummaryRun } from '../../src/lab/records/summary.ts';

export function published(
  { command, summary, runs }: { command: string; summary: Summary; runs: readonly SummaryRun[] },
  backend: string,
): PublishedExperiment {
  return {
    command,
    backend,
    summary: {
      reference: summary.reference,
      arms: summary.arms.map(({ arm, heldStart, heldEnd, difference, updateTokens }) => ({
        arm,
        heldStart,
        heldEnd,
        difference,
        updateTokens,
      })),
    },
    spent: Object.fromEntries(summary.arms.map(({ arm }) => [arm, spentBy(arm, runs)])),
  };
}

/** What an arm had spent at its last iteration, mean over seeds; what its settings never spend is absent. */
export function spentBy(arm: string, runs: readonly SummaryRun[]): Spent {
  const own = runs.filter((run) => run.arm === arm);
  return Object.fromEntries(
    spentKeys.flatMap((key) => {
      const ends = own.flatMap((run) => run.iterations.at(-1)?.metrics[key] ?? []);
      return ends.length === 0 ? [] : [[key, mean(ends)]];
    }),
  );
}

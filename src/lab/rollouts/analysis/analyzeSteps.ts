/** How filters do over the steps of a file, as JSON can hold it. */
import { type Followed, followed, type StepsReport } from '../../../core/analysis/overSteps.ts';
import { estimate, orNull } from './analyzePlain.ts';
import type { StepsAnalysis } from './analyzeShape.ts';

export function stepsAnalysis(report: StepsReport | null): StepsAnalysis | null {
  if (report === null) return null;
  const byName = <T>(of: (name: Followed) => T) =>
    Object.fromEntries(followed.map((name) => [name, of(name)])) as Record<Followed, T>;
  return {
    steps: report.steps,
    windows: report.windows.map(({ from, to, rows, filters, reliability, agreement }) => ({
      from,
      to,
      rows,
      filters: Object.fromEntries(
        Object.entries(filters).map(([id, own]) => [id, byName((name) => estimate(own[name]))]),
      ),
      reliability:
        reliability?.map(({ meanX, meanY, count, standardError }) => ({
          reward: meanX,
          score: meanY,
          count,
          standardError,
        })) ?? null,
      agreement: Object.fromEntries(Object.entries(agreement).map(([name, value]) => [name, orNull(value)])),
    })),
    schedule: byName((name) => {
      const { start, changes } = report.schedule[name];
      return { start, changes: changes.map(({ step, to }) => ({ step, to })) };
    }),
  };
}

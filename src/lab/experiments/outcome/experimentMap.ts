/** A grid that the page computes, as a map: the same picture as of a study that was merged. */
import type { ExperimentView } from '../../state/experimentsState.ts';
import type { StudyNumbers } from '../../studies/gains.ts';
import type { MapSource } from '../../studies/map.ts';

/** Null for an experiment without a grid. */
export function mapSourceOf({ spec, runs }: Pick<ExperimentView, 'spec' | 'runs'>): MapSource | null {
  if (!spec.grid) return null;
  const places = new Map(spec.arms.map((arm) => [arm.name, arm]));
  return {
    cells: [...new Set(spec.arms.map(({ cell }) => cell!))].map((name) => ({ name })),
    arms: [...new Set(spec.arms.map(({ inCell }) => inCell!))],
    runs: runs
      .filter(({ state, evaluations }) => state === 'finished' && evaluations.length > 1)
      .map(({ arm, seed, evaluations, iterations }): StudyNumbers => {
        const { cell, inCell } = places.get(arm)!;
        const spent = new Map(iterations.map((row) => [row.iteration, row.metrics]));
        return {
          cell: cell!,
          arm: inCell!,
          seed,
          looks: evaluations.map(({ iteration, metrics }) => ({
            iteration,
            heldPass: metrics.heldPass ?? Number.NaN,
            updateTokens: spent.get(iteration)?.updateTokens ?? 0,
            samples: spent.get(iteration)?.samples ?? 0,
          })),
        };
      }),
  };
}

/** One cell of a grid as an experiment of its own, so that leaderboard and curves compare what belongs together. */
export function cellView(view: ExperimentView, cell: string): ExperimentView {
  const arms = view.spec.arms.filter((arm) => arm.cell === cell);
  const names = new Map(arms.map(({ name, inCell }) => [name, inCell!]));
  return {
    ...view,
    spec: { ...view.spec, arms: arms.map(({ settings, inCell }) => ({ name: inCell!, settings })) },
    runs: view.runs
      .filter(({ arm }) => names.has(arm))
      .map((run, index) => ({ ...run, index, arm: names.get(run.arm)! })),
  };
}

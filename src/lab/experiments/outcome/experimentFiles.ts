/** Files of an experiment, in the formats of `npm run experiment`. */
import { everySetting } from '../../../rlhf/catalogue/paths.ts';
import type { EvaluationRecord } from '../../records/record.ts';
import { metricLines } from '../../records/runLines.ts';
import { type Summary, summarise } from '../../records/summary.ts';
import type { ExperimentInput, ExperimentSpec } from '../../settings/experimentSpec.ts';
import type { ExperimentView, RunView } from '../../state/experimentsState.ts';

/**
 * A spec that gives the same runs wherever it is run: with every setting spelled out. A grid stays as it was written,
 * because spelled out it would be a list of arms.
 */
export function specOf({ arms, grid, seeds, backend, concurrency, stop }: ExperimentSpec): ExperimentInput {
  const rules = Object.fromEntries(Object.entries(stop).filter(([, value]) => value !== null));
  return {
    ...(grid ?? { arms: arms.map(({ name, settings }) => ({ name, ...everySetting(settings) })) }),
    seeds,
    backend,
    ...(concurrency === null ? {} : { concurrency }),
    ...(Object.keys(rules).length === 0 ? {} : { stop: rules }),
  };
}

/** Line for line what the command writes into metrics.jsonl: only what spec, seed and engine determine. */
export function metricsFile({ runs }: { runs: readonly RunRows[] }): string {
  return runs.flatMap(linesOfRun).join('');
}

type RunRows = Pick<RunView, 'arm' | 'seed' | 'iterations' | 'evaluations'>;

function linesOfRun({ arm, seed, iterations, evaluations }: RunRows): string[] {
  const rows = [
    ...iterations.map((row) => ({ kind: 'iteration' as const, row })),
    ...evaluations.map((row) => ({ kind: 'evaluation' as const, row })),
  ];
  // A look follows the iteration that it is after.
  const order = ({ kind, row }: (typeof rows)[number]) => 2 * row.iteration + (kind === 'evaluation' ? 1 : 0);
  return rows
    .sort((a, b) => order(a) - order(b))
    .map(({ kind, row }) => metricLines({ arm, seed }, kind, row as EvaluationRecord).metrics);
}

export interface ExperimentFile {
  format: 'filtrate-experiment/1';
  name: string;
  spec: ExperimentInput;
  runs: Pick<RunView, 'arm' | 'seed' | 'state' | 'iteration' | 'endedBy' | 'error'>[];
  summary: Summary;
}

/** What summary.json of the command says: spec, how each run ended, the numbers of the table. */
export function experimentFile({ name, spec, runs }: ExperimentView, baseline: string): ExperimentFile {
  return {
    format: 'filtrate-experiment/1',
    name,
    spec: specOf(spec),
    runs: runs.map(({ arm, seed, state, iteration, endedBy, error }) => ({
      arm,
      seed,
      state,
      iteration,
      endedBy,
      error,
    })),
    summary: summarise(
      runs.filter(({ state }) => state !== 'deleted'),
      baseline,
    ),
  };
}

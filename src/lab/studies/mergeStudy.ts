/**
 * The parts of a study put together. Everything that is not as it should be is said in a sentence of its own; the study
 * itself is the same, byte for byte, however it was cut into parts.
 */
import { criteriaOf, poolRows, tenthsOf } from './criteria.ts';
import type { Look } from './gains.ts';
import { predictionsOf, type RunWithStart, rounded } from './prediction.ts';
import type { Study, StudyCell } from './study.ts';
import {
  nameOfRun,
  type PlannedRun,
  planFile,
  readPlan,
  readRun,
  StudyFileError,
  type StudyPlan,
  type StudyRun,
} from './studyFiles.ts';

/** One folder as it was found. */
export interface StudyPart {
  /** What people call it. */
  name: string;
  /** Text of its plan; null when there is none. */
  plan: string | null;
  runs: readonly { name: string; text: string }[];
}

export interface Merged {
  /** Null when the parts do not make one study, or not a whole one and that was not asked for. */
  study: Study | null;
  /** Each run that counts, in the order of the list. */
  runs: StudyRun[];
  plan: StudyPlan | null;
  /** What keeps it from being a study. */
  faults: string[];
  /** What one should know of it. */
  warnings: string[];
  missing: PlannedRun[];
}

/** Names that are spelled out; of more, the number is told. */
const mostNamed = 8;

const named = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join('; ')
    : `${names.slice(0, mostNamed).join('; ')}; and ${names.length - mostNamed} more`;

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** @param partial says what a study comes to that is not complete */
export function mergeStudy(parts: readonly StudyPart[], { partial }: { partial: boolean }): Merged {
  const faults: string[] = [];
  const warnings: string[] = [];
  const plan = planOf(parts, faults);
  if (!plan) return { study: null, runs: [], plan, faults, warnings, missing: [] };
  const found = runsOf(parts, plan, { faults, warnings });
  const runs = plan.runs.flatMap(({ id }) => found.get(id) ?? []);
  const missing = plan.runs.filter(({ id }) => !found.has(id));
  const engines = [...new Set(runs.map(engineOf))].sort();
  if (engines.length > 1) {
    const counts = engines.map(
      (engine) => `${many(runs.filter((run) => engineOf(run) === engine).length, 'run')} with ${engine}`,
    );
    warnings.push(
      `Mixed engines: ${counts.join(', ')}. Engines round differently, so that runs of the same seed are no longer on equal luck to the last digit.`,
    );
  }
  if (missing.length > 0) {
    const text = `${many(missing.length, 'run')} of ${plan.runs.length} ${missing.length === 1 ? 'is' : 'are'} missing: ${named(missing.map(nameOfRun))}.`;
    if (partial) warnings.push(text);
    else
      faults.push(
        `${text} Run the same command again to compute them, or add --partial for what is there already.`,
      );
  }
  if (runs.length === 0 && missing.length > 0 && partial) faults.push('There is no finished run yet.');
  const study = faults.length > 0 ? null : studyOf(plan, runs, engines);
  return { study, runs, plan, faults, warnings, missing };
}

const engineOf = ({ engine }: StudyRun): string => `${engine.name} (${engine.device})`;

/** The plan of all parts: a part may have begun when the study had fewer runs. */
function planOf(parts: readonly StudyPart[], faults: string[]): StudyPlan | null {
  let whole: { plan: StudyPlan; name: string } | null = null;
  for (const { name, plan: text } of parts) {
    if (text === null) {
      faults.push(`${name} is no folder of a study: it has no ${planFile}.`);
      continue;
    }
    let plan: StudyPlan;
    try {
      plan = readPlan(text);
    } catch (thrown) {
      if (!(thrown instanceof StudyFileError)) throw thrown;
      faults.push(`${name}/${planFile} ${thrown.message}`);
      continue;
    }
    if (!whole || contains(plan, whole.plan)) whole = { plan, name };
    else if (!contains(whole.plan, plan)) {
      faults.push(
        plan.code === whole.plan.code
          ? `${name} and ${whole.name} are of different studies: the spec was changed between them. Runs that both have: ${common(plan, whole.plan)}.`
          : `${name} and ${whole.name} were computed by different code (${plan.code} and ${whole.plan.code}): their runs do not compare.`,
      );
    }
  }
  return faults.length > 0 ? null : (whole?.plan ?? null);
}

const idsOf = ({ runs }: StudyPlan): Set<string> => new Set(runs.map(({ id }) => id));
const contains = (large: StudyPlan, small: StudyPlan): boolean => {
  const ids = idsOf(large);
  return small.runs.every(({ id }) => ids.has(id));
};
const common = (a: StudyPlan, b: StudyPlan): number => {
  const ids = idsOf(a);
  return b.runs.filter(({ id }) => ids.has(id)).length;
};

/** The runs of the plan by id. */
function runsOf(
  parts: readonly StudyPart[],
  plan: StudyPlan,
  { faults, warnings }: { faults: string[]; warnings: string[] },
): Map<string, StudyRun> {
  const planned = idsOf(plan);
  const found = new Map<string, { run: StudyRun; where: string }>();
  const twice: string[] = [];
  for (const part of parts) {
    for (const { name, text } of part.runs) {
      const where = `${part.name}/${name}`;
      let run: StudyRun;
      try {
        run = readRun(text);
      } catch (thrown) {
        if (!(thrown instanceof StudyFileError)) throw thrown;
        warnings.push(`${where} ${thrown.message} It is left out.`);
        continue;
      }
      if (run.code !== plan.code) {
        warnings.push(
          `${where} is left out: it was computed by other code (${run.code}) than the study (${plan.code}).`,
        );
      } else if (!planned.has(run.id)) {
        warnings.push(
          `${where} is left out: it is a run of another study (${nameOfRun(run)}), which this list does not have.`,
        );
      } else if (name !== `${run.id}.json`) {
        warnings.push(`${where} is left out: it holds the run ${run.id} under another name.`);
      } else {
        const other = found.get(run.id);
        if (!other) found.set(run.id, { run, where });
        else if (resultOf(other.run) === resultOf(run)) twice.push(nameOfRun(run));
        else {
          faults.push(
            `${nameOfRun(run)} is there twice with different numbers: ${other.where} (${engineOf(other.run)}) and ${where} (${engineOf(run)}). Take one of them away.`,
          );
        }
      }
    }
  }
  if (twice.length > 0) {
    warnings.push(`${many(twice.length, 'run')} in two parts, with the same numbers: ${named(twice)}.`);
  }
  return new Map([...found].map(([id, { run }]) => [id, run]));
}

/** All of a run but what the clock says. */
const resultOf = ({ clock: _, ...result }: StudyRun): string => JSON.stringify(result);

function studyOf(plan: StudyPlan, runs: readonly StudyRun[], engines: string[]): Study {
  const numbers = runs.map(
    (run): RunWithStart => ({
      cell: run.cell ?? '',
      arm: run.arm,
      seed: run.seed,
      looks: looksOf(run),
      start: run.start,
    }),
  );
  const cells = [...new Set(numbers.map(({ cell }) => cell))];
  const arms = [...new Set(plan.runs.map(({ arm }) => arm))];
  const named = (name: string) => (arms.includes(name) ? name : null);
  const reference = named('PPO-M');
  const inCell = (cell: string) => numbers.filter((run) => run.cell === cell);
  return {
    format: 'filtrate-study/1',
    code: plan.code,
    spec: plan.spec,
    engines,
    planned: plan.runs.length,
    reference,
    control: named('Rand2'),
    cells: cells.map((cell) => cellOf(cell, plan, runs, inCell(cell))),
    arms,
    runs: numbers.map(({ start: _, ...run }) => run),
    criteria: cells.flatMap((cell) =>
      arms.flatMap((arm) => {
        const starts = inCell(cell).flatMap((run) => (run.arm === arm ? [run.start] : []));
        if (starts.length === 0) return [];
        const values = Object.entries(criteriaOf(poolRows(starts))).map(([id, value]) => [
          id,
          Number.isFinite(value) ? rounded(value) : null,
        ]);
        return [{ cell, arm, values: Object.fromEntries(values) }];
      }),
    ),
    predictions: reference === null ? [] : predictionsOf(cells.map(inCell), reference),
  };
}

/** Looks with what had been spent by then. */
function looksOf({ evaluations, iterations }: StudyRun): Look[] {
  const at = new Map(iterations.map((row) => [row.iteration, row.metrics]));
  return evaluations.map(({ iteration, metrics }) => ({
    iteration,
    heldPass: rounded(metrics.heldPass),
    updateTokens: at.get(iteration)?.updateTokens ?? 0,
    samples: at.get(iteration)?.samples ?? 0,
  }));
}

function cellOf(
  name: string,
  plan: StudyPlan,
  runs: readonly StudyRun[],
  own: readonly RunWithStart[],
): StudyCell {
  // Filters are alike on the starting policy's responses: those of one run per seed are all that there are.
  const starts = [...new Map(own.map((run) => [run.seed, run.start])).values()];
  const column = (key: 'reward' | 'score') => starts.flatMap((start) => start[key]);
  const score = column('score');
  const { grid } = plan.spec;
  const { name: _, ...settings } = grid?.find((cell) => cell.name === name) ?? {};
  return {
    name,
    settings,
    responses: Number(runs.find(({ cell }) => (cell ?? '') === name)!.settings.responses),
    tenths: tenthsOf(column('reward'), score).map(rounded),
    score: rounded(score.reduce((sum, each) => sum + each, 0) / score.length),
  };
}

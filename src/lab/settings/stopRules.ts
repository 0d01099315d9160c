/**
 * When a run has had enough, besides its iterations. The rules of a run are functions of what it logged, so that the
 * same spec ends the same runs at the same iterations wherever they are computed; only the time limit of a whole
 * experiment depends on the machine.
 */
import { isObject, refusal, type SettingIssue, unknownName } from './refusal.ts';

export interface Plateau {
  /** How many looks at the held-out problems in a row. */
  evaluations: number;
  /** The held-out pass rate must rise by more than this, as a share in [0, 1]. */
  gain: number;
}

/** What ends one run early. */
export interface RunLimits {
  plateau: Plateau | null;
  /** Budget: the run ends with the iteration that reaches it. */
  updateTokens: number | null;
}

/** What ends the runs of an experiment early. */
export interface StopRules extends RunLimits {
  /** Computing time of the whole experiment, pauses aside. */
  seconds: number | null;
}

/** Stop rules as people write them. */
export interface StopInput {
  plateau?: Plateau;
  seconds?: number;
  updateTokens?: number;
}

/** What ended a run: all its iterations done, a rule of its own, or the time limit of the experiment. */
export type RunEnd = 'iterations' | 'plateau' | 'updateTokens' | 'seconds';

export const noStopRules: StopRules = { plateau: null, updateTokens: null, seconds: null };

/** The limits that a trainer has to know, or null when there are none. */
export function limitsOf({ plateau, updateTokens }: StopRules): RunLimits | null {
  return plateau === null && updateTokens === null ? null : { plateau, updateTokens };
}

/** Whether the last `evaluations` looks brought no more than `gain` over the best one before them. */
export function onPlateau({ evaluations, gain }: Plateau, passes: readonly number[]): boolean {
  if (passes.length <= evaluations) return false;
  const before = Math.max(...passes.slice(0, -evaluations));
  return Math.max(...passes.slice(-evaluations)) - before <= gain;
}

export const overBudget = (limits: RunLimits, updateTokens: number): boolean =>
  limits.updateTokens !== null && updateTokens >= limits.updateTokens;

/** Which of its limits a run has reached; null when it goes on. */
export function limitReached(
  limits: RunLimits | null,
  { passes, updateTokens }: { passes: readonly number[]; updateTokens: number },
): 'plateau' | 'updateTokens' | null {
  if (!limits) return null;
  if (overBudget(limits, updateTokens)) return 'updateTokens';
  return limits.plateau && onPlateau(limits.plateau, passes) ? 'plateau' : null;
}

/** Rows enough to say what ended a run. */
interface Logged {
  iterations: readonly { iteration: number; metrics: { updateTokens?: number } }[];
  evaluations: readonly { iteration: number; metrics: { heldPass?: number } }[];
}

/** What ended a finished run, from what it logged. */
export function endOfRun(
  limits: RunLimits | null,
  planned: number,
  { iterations, evaluations }: Logged,
): RunEnd {
  const last = iterations.at(-1);
  if (!last || last.iteration >= planned) return 'iterations';
  const updateTokens = last.metrics.updateTokens ?? 0;
  return limitReached(limits, { passes: passesOf(evaluations), updateTokens }) ?? 'iterations';
}

/** Held-out pass rates of the looks up to an iteration, in order. */
export function passesOf(evaluations: Logged['evaluations'], upTo = Number.POSITIVE_INFINITY): number[] {
  return evaluations.flatMap(({ iteration, metrics: { heldPass } }) =>
    iteration <= upTo && heldPass !== undefined ? [heldPass] : [],
  );
}

/** What ended a run, or will, in words. */
export const endText: Record<RunEnd, string> = {
  iterations: 'all iterations done',
  plateau: 'on a plateau',
  updateTokens: 'budget of update tokens spent',
  seconds: 'the time was up',
};

const whole = (value: unknown, min: number, max: number) =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
const between = (value: unknown, min: number, max: number) =>
  typeof value === 'number' && value >= min && value <= max;

const mostSeconds = 1e7;
const mostTokens = 1e12;
const rules = {
  plateau: 'an object { "evaluations": 3, "gain": 0.01 }',
  evaluations: 'a whole number from 1 to 1000',
  gain: 'a number from 0 to 1',
  seconds: `a number from 1 to ${mostSeconds}`,
  updateTokens: `a whole number from 1 to ${mostTokens}`,
};

/** Reads the field `stop` of a spec. Whatever is not understood is an issue, and its rule is left out. */
export function readStop(input: unknown): { stop: StopRules; issues: SettingIssue[] } {
  const issues: SettingIssue[] = [];
  const stop: StopRules = { ...noStopRules };
  const refuse = (field: string, rule: string, value: unknown) =>
    issues.push({ field, message: refusal(field, rule, value) });
  if (input === undefined || input === null) return { stop, issues };
  if (!isObject(input)) {
    refuse('stop', 'an object of stop rules: plateau, seconds, updateTokens', input);
    return { stop, issues };
  }
  const unknown = (path: string, given: object, known: readonly string[]) => {
    for (const name of Object.keys(given)) {
      if (known.includes(name)) continue;
      const what = path === 'stop' ? 'stop rule' : 'field';
      issues.push({ field: `${path}.${name}`, message: unknownName(what, name, known) });
    }
  };
  unknown('stop', input, ['plateau', 'seconds', 'updateTokens']);
  const { plateau = null, seconds = null, updateTokens = null } = input;
  if (isObject(plateau)) {
    unknown('stop.plateau', plateau, ['evaluations', 'gain']);
    const { evaluations, gain } = plateau;
    const wholeLooks = whole(evaluations, 1, 1000);
    if (!wholeLooks) refuse('stop.plateau.evaluations', rules.evaluations, evaluations);
    if (!between(gain, 0, 1)) refuse('stop.plateau.gain', rules.gain, gain);
    else if (wholeLooks) stop.plateau = { evaluations: evaluations as number, gain: gain as number };
  } else if (plateau !== null) refuse('stop.plateau', rules.plateau, plateau);
  if (between(seconds, 1, mostSeconds)) stop.seconds = seconds as number;
  else if (seconds !== null) refuse('stop.seconds', rules.seconds, seconds);
  if (whole(updateTokens, 1, mostTokens)) stop.updateTokens = updateTokens as number;
  else if (updateTokens !== null) refuse('stop.updateTokens', rules.updateTokens, updateTokens);
  return { stop, issues };
}

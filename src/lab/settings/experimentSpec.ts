/**
 * What to run: arms × seeds, or cells × arms × seeds, as JSON. The page's automation surface and `npm run experiment`
 * take the same spec. A spec is read strictly: anything that is not understood is an error that names the field and what is allowed.
 */
import * as v from 'valibot';
import { allMethods, defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { ArmPlan, type SpecArm } from './armPlan.ts';
import { type BackendChoice, backendChoices } from './engines.ts';
import { type CellInput, cellsOf, issuesOf, within } from './experimentGrid.ts';
import { presetById, presets } from './presets.ts';
import { isObject, refusal, type SettingIssue, unknownName } from './refusal.ts';
import { readStop, type StopInput, type StopRules } from './stopRules.ts';
import { applyChanges } from './validate.ts';

/** One arm: its methods ("bw", "ppo-s"), or what differs from the experiment's settings, by name. */
export type ArmInput = string | { name?: string; [setting: string]: unknown };

/** A spec as people write it. */
export interface ExperimentInput {
  /** Starts from this preset's settings, and its arms unless `arms` are given. */
  preset?: string;
  arms?: ArmInput[];
  /** Runs the arms in each of these cells: under other rewards, with another N. Settings of a cell win over `settings`. */
  grid?: CellInput[];
  /** How many seeds (1, 2, 3 …), or which. Default 1. */
  seeds?: number | number[];
  /** Settings of all arms that have them, by name. */
  settings?: Readonly<Record<string, unknown>>;
  /** Short for `settings.iterations`. */
  iterations?: number;
  backend?: BackendChoice;
  /** Most runs at the same time. Default: one per core, less one for the page. */
  concurrency?: number;
  /** What ends runs before their iterations are done. */
  stop?: StopInput;
}

/** What makes a grid, as it was written. */
export type GridInput = Pick<ExperimentInput, 'preset' | 'arms' | 'grid' | 'settings' | 'iterations'>;

/** A spec with everything filled in. */
export interface ExperimentSpec {
  preset: string | null;
  seeds: number[];
  /** Of a grid: the arms of the first cell, then those of the next. */
  arms: SpecArm[];
  grid?: GridInput;
  backend: BackendChoice;
  concurrency: number | null;
  stop: StopRules;
}

/** A spec that cannot be run. `issues` names every field at fault. */
export class SpecError extends Error {
  readonly issues: SettingIssue[];
  constructor(issues: SettingIssue[]) {
    super(
      `The experiment cannot be run:\n${issues.map(({ field, message }) => `- ${field}: ${message}`).join('\n')}`,
    );
    this.name = 'SpecError';
    this.issues = issues;
  }
}

const mostSeeds = 1000;
const mostCells = 200;
const said = (field: string, rule: string) => (issue: { input: unknown }) =>
  refusal(field, rule, issue.input);
const isSeed = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
const isSeeds = (value: unknown): value is number | number[] =>
  Array.isArray(value)
    ? value.length >= 1 && value.length <= mostSeeds && value.every(isSeed)
    : isSeed(value) && (value as number) >= 1 && (value as number) <= mostSeeds;
const concurrencyRule = 'a whole number from 1 to 64';

const methods = (): string[] => allMethods.map(({ method }) => method.id);

/** The shape alone; knobs are checked against their table afterwards, with the settings they are laid over. */
const shape = {
  preset: v.picklist(
    presets.map((preset) => preset.id),
    said('preset', `one of ${presets.map((preset) => preset.id).join(', ')}`),
  ),
  arms: v.pipe(
    v.array(v.unknown(), said('arms', `a list of methods (${methods().join(', ')}) or of settings`)),
    v.minLength(1, 'arms must hold at least one arm.'),
  ),
  grid: v.pipe(
    v.array(v.unknown(), said('grid', 'a list of cells, each an object of settings')),
    v.minLength(1, 'grid must hold at least one cell.'),
    v.maxLength(mostCells, `grid must hold at most ${mostCells} cells.`),
  ),
  seeds: v.custom<number | number[]>(
    isSeeds,
    said('seeds', `how many (1 to ${mostSeeds}), or a list of seeds (whole numbers from 0 to 4294967295)`),
  ),
  settings: v.custom<object>(isObject, said('settings', 'an object of knobs')),
  iterations: v.unknown(),
  backend: v.picklist(backendChoices, said('backend', `one of ${backendChoices.join(', ')}`)),
  concurrency: v.pipe(
    v.number(said('concurrency', concurrencyRule)),
    v.integer(said('concurrency', concurrencyRule)),
    v.minValue(1, said('concurrency', concurrencyRule)),
    v.maxValue(64, said('concurrency', concurrencyRule)),
  ),
  stop: v.unknown(),
};

/** @throws SpecError naming every field at fault */
export function parseSpec(input: unknown): ExperimentSpec {
  if (!isObject(input)) {
    throw new SpecError([{ field: 'spec', message: refusal('The spec', 'an object', input) }]);
  }
  const issues: SettingIssue[] = [];
  for (const [field, value] of Object.entries(input)) {
    if (!Object.hasOwn(shape, field)) {
      issues.push({ field, message: unknownName('field', field, Object.keys(shape)) });
      continue;
    }
    const result = v.safeParse(shape[field as keyof typeof shape], value);
    if (!result.success) issues.push({ field, message: result.issues[0].message });
  }
  const stop = readStop(input.stop);
  // What was said wrongly counts as not said from here on, so that all faults are told at once.
  const faulty = new Set(issues.map(({ field }) => field));
  issues.push(...stop.issues);
  const spec: ExperimentInput = Object.fromEntries(
    Object.entries(input).filter(([field]) => !faulty.has(field)),
  );
  // Arms are what they are by their preset.
  if (faulty.has('preset')) throw new SpecError(issues);
  const preset = spec.preset === undefined ? null : presetById(spec.preset);
  const shared = {
    ...spec.settings,
    ...(spec.iterations === undefined ? {} : { iterations: spec.iterations }),
  };
  if (!preset && spec.arms === undefined) {
    const wrong = applyChanges(defaultSettings(), shared).issues.filter(({ unused }) => !unused);
    issues.push(...wrong.map(({ field, message }) => ({ field: `settings.${field}`, message })));
    if (!faulty.has('arms'))
      issues.push({ field: 'arms', message: 'arms is missing; name methods, or a preset that has arms.' });
    throw new SpecError(issues);
  }

  const base = settingsWith(preset?.settings ?? {});
  const cells = spec.grid === undefined ? [null] : cellsOf(spec.grid, issues);
  const plans = cells.map((cell) => {
    const plan = new ArmPlan(base, { ...shared, ...cell?.settings });
    if (spec.arms !== undefined) spec.arms.forEach((arm, i) => void plan.add(arm, `arms[${i}]`));
    else for (const arm of preset!.arms) plan.addPreset(arm);
    return { cell, plan };
  });
  issues.push(...issuesOf(plans));
  if (issues.length > 0) throw new SpecError(issues);

  const seeds = spec.seeds ?? 1;
  const { arms, settings, iterations } = input as ExperimentInput;
  return {
    preset: preset?.id ?? null,
    seeds: typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : [...new Set(seeds)],
    arms: plans.flatMap(({ cell, plan }) => (cell ? plan.arms.map((arm) => within(cell, arm)) : plan.arms)),
    ...(spec.grid === undefined
      ? {}
      : { grid: definedOf({ preset: spec.preset, arms, grid: spec.grid, settings, iterations }) }),
    backend: spec.backend ?? 'auto',
    concurrency: spec.concurrency ?? null,
    stop: stop.stop,
  };
}

/** Without the fields that were not given. */
const definedOf = (grid: { [Key in keyof GridInput]: GridInput[Key] | undefined }): GridInput =>
  Object.fromEntries(Object.entries(grid).filter(([, value]) => value !== undefined));

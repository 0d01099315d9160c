/**
 * What to run: arms × seeds, as JSON. The page's automation surface and `npm run experiment` take the same spec.
 * A spec is read strictly: anything that is not understood is an error that names the field and what is allowed.
 */
import * as v from 'valibot';
import { type BackendChoice, backendChoices } from './engines.ts';
import { nameArm } from './naming.ts';
import { type PresetArm, presetById, presets } from './presets.ts';
import { type ArmSettings, defaultSettings, type Method, methods } from './settings.ts';
import { readStop, type StopInput, type StopRules } from './stopRules.ts';
import { checkSettings, refusal, type SettingIssue, unknownName } from './validate.ts';

/** One arm: a method by name, or knobs that differ from the experiment's settings. */
export type ArmInput = Method | ({ name?: string } & Partial<ArmSettings>);

/** A spec as people write it. */
export interface ExperimentInput {
  /** Starts from this preset's settings, and its arms unless `arms` are given. */
  preset?: string;
  arms?: ArmInput[];
  /** How many seeds (1, 2, 3 …), or which. Default 1. */
  seeds?: number | number[];
  /** Knobs of all arms. */
  settings?: Partial<ArmSettings>;
  /** Short for `settings.iterations`. */
  iterations?: number;
  backend?: BackendChoice;
  /** Most runs at the same time. Default: one per core, less one for the page. */
  concurrency?: number;
  /** What ends runs before their iterations are done. */
  stop?: StopInput;
}

/** A spec with everything filled in. */
export interface ExperimentSpec {
  preset: string | null;
  seeds: number[];
  arms: { name: string; settings: ArmSettings }[];
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
const said = (field: string, rule: string) => (issue: { input: unknown }) =>
  refusal(field, rule, issue.input);
const isSeed = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;
const isSeeds = (value: unknown): value is number | number[] =>
  Array.isArray(value)
    ? value.length >= 1 && value.length <= mostSeeds && value.every(isSeed)
    : isSeed(value) && (value as number) >= 1 && (value as number) <= mostSeeds;
const concurrencyRule = 'a whole number from 1 to 64';

/** The shape alone; knobs are checked against their table afterwards, with the settings they are laid over. */
const shape = {
  preset: v.picklist(
    presets.map((preset) => preset.id),
    said('preset', `one of ${presets.map((preset) => preset.id).join(', ')}`),
  ),
  arms: v.pipe(
    v.array(v.unknown(), said('arms', `a list of methods (${methods.join(', ')}) or of settings`)),
    v.minLength(1, 'arms must hold at least one arm.'),
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
  const shared: Partial<ArmSettings> = {
    ...spec.settings,
    ...(spec.iterations === undefined ? {} : { iterations: spec.iterations }),
  };
  const wrong = checkSettings(shared);
  issues.push(...prefixed(wrong, 'settings.'));
  if (!preset && spec.arms === undefined) {
    if (!faulty.has('arms'))
      issues.push({ field: 'arms', message: 'arms is missing; name methods, or a preset that has arms.' });
    throw new SpecError(issues);
  }

  const base = { ...defaultSettings(), ...preset?.settings, ...(wrong.length === 0 ? shared : {}) };
  const inputs: unknown[] =
    spec.arms ?? preset!.arms.map(({ name, settings }: PresetArm) => ({ name, ...settings, ...shared }));
  const arms: ExperimentSpec['arms'] = [];
  inputs.forEach((arm, i) => {
    addArm(arms, arm, base, `arms[${i}]`, issues);
  });
  if (issues.length > 0) throw new SpecError(issues);

  const seeds = spec.seeds ?? 1;
  return {
    preset: preset?.id ?? null,
    seeds: typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : [...new Set(seeds)],
    arms,
    backend: spec.backend ?? 'auto',
    concurrency: spec.concurrency ?? null,
    stop: stop.stop,
  };
}

function addArm(
  arms: ExperimentSpec['arms'],
  input: unknown,
  base: ArmSettings,
  path: string,
  issues: SettingIssue[],
): void {
  if (typeof input === 'string') {
    if (!(methods as readonly string[]).includes(input)) {
      issues.push({ field: path, message: unknownName('method', input, methods) });
      return;
    }
    input = { method: input };
  }
  if (!isObject(input)) {
    issues.push({ field: path, message: refusal('An arm', 'the name of a method or an object', input) });
    return;
  }
  const { name, ...knobs } = input;
  const wrong = checkSettings(knobs, base);
  if (name !== undefined && (typeof name !== 'string' || name.trim() === '' || name.length > 60)) {
    wrong.push({ field: 'name', message: refusal('name', 'a text of 1 to 60 characters', name) });
  } else if (arms.some((arm) => arm.name === name)) {
    wrong.push({ field: 'name', message: `Two arms are called "${name}"; names tell the curves apart.` });
  }
  issues.push(...prefixed(wrong, `${path}.`));
  if (wrong.length > 0) return;
  const settings: ArmSettings = structuredClone({ ...base, ...knobs });
  arms.push({ name: (name as string | undefined) ?? nameArm(settings, arms), settings });
}

const prefixed = (issues: SettingIssue[], path: string): SettingIssue[] =>
  issues.map(({ field, message }) => ({ field: `${path}${field}`, message }));

/**
 * What to run: arms × seeds, as JSON. The page's automation surface and `npm run experiment` take the same spec.
 * A spec is read strictly: anything that is not understood is an error that names the field and what is allowed.
 */
import * as v from 'valibot';
import { allMethods, defaultSettings } from '../../rlhf/catalogue.ts';
import { isSlot, methodsFirst, methodsIn, settingsWith } from '../../rlhf/paths.ts';
import type { ArmSettings } from '../../rlhf/settings.ts';
import { type BackendChoice, backendChoices } from './engines.ts';
import { presentNames } from './legacySettings.ts';
import { nameArm } from './naming.ts';
import { type PresetArm, presetById, presets } from './presets.ts';
import { readStop, type StopInput, type StopRules } from './stopRules.ts';
import { applyChanges, conflictIssues, refusal, type SettingIssue, unknownName } from './validate.ts';

/** One arm: its methods ("bw", "ppo-s"), or what differs from the experiment's settings, by name. */
export type ArmInput = string | { name?: string; [setting: string]: unknown };

/** A spec as people write it. */
export interface ExperimentInput {
  /** Starts from this preset's settings, and its arms unless `arms` are given. */
  preset?: string;
  arms?: ArmInput[];
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
  const shared = {
    ...spec.settings,
    ...(spec.iterations === undefined ? {} : { iterations: spec.iterations }),
  };
  if (!preset && spec.arms === undefined) {
    issues.push(...prefixed(applyChanges(defaultSettings(), shared).issues.filter(isFault), 'settings.'));
    if (!faulty.has('arms'))
      issues.push({ field: 'arms', message: 'arms is missing; name methods, or a preset that has arms.' });
    throw new SpecError(issues);
  }

  const plan = new ArmPlan(settingsWith(preset?.settings ?? {}), shared);
  if (spec.arms !== undefined) spec.arms.forEach((arm, i) => void plan.add(arm, `arms[${i}]`));
  else for (const arm of preset!.arms) plan.addPreset(arm);
  issues.push(...plan.issues());
  if (issues.length > 0) throw new SpecError(issues);
  const { arms } = plan;

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

/** Of changes by name, those of methods or those of knobs. */
const part = (changes: object, methods: boolean): Record<string, unknown> =>
  Object.fromEntries(
    methodsFirst(presentNames(changes)).filter(([name]) => (name === 'method' || isSlot(name)) === methods),
  );

const isFault = (issue: SettingIssue): boolean => !issue.unused;

/** The arms of a spec, one by one, and everything that is wrong with them. */
class ArmPlan {
  readonly arms: ExperimentSpec['arms'] = [];
  readonly #base: ArmSettings;
  readonly #shared: Readonly<Record<string, unknown>>;
  readonly #own: SettingIssue[] = [];
  /** Faults of the shared settings: each is told once, a knob that no arm has only when it is so for all of them. */
  readonly #ofShared: SettingIssue[];
  readonly #unused: Map<string, SettingIssue>[] = [];

  constructor(base: ArmSettings, shared: Readonly<Record<string, unknown>>) {
    this.#base = base;
    this.#shared = shared;
    this.#ofShared = applyChanges(base, shared).issues.filter(isFault);
  }

  issues(): SettingIssue[] {
    const [first, ...others] = this.#unused;
    const nobodys = [...(first?.values() ?? [])].filter(({ field }) =>
      others.every((each) => each.has(field)),
    );
    return [...prefixed([...this.#ofShared, ...nobodys], 'settings.'), ...this.#own];
  }

  add(input: unknown, path: string): void {
    const refuse = (message: string) => this.#own.push({ field: path, message });
    if (typeof input === 'string' && !methodsIn(input)) {
      refuse(unknownName('method', input, methods()));
      return;
    }
    const arm = typeof input === 'string' ? { method: input } : input;
    if (!isObject(arm)) {
      refuse(refusal('An arm', 'the name of a method or an object', input));
      return;
    }
    const { name, ...own } = arm;
    // The methods first, those of the arm last, because they say which knobs there are.
    const chosen = applyChanges(applyChanges(this.#base, part(this.#shared, true)).settings, part(own, true));
    const shared = this.#layShared(chosen.settings, part(this.#shared, false));
    const { settings, issues } = applyChanges(shared, part(own, false));
    const wrong = [...chosen.issues, ...issues];
    this.#addNamed(name, settings, wrong, `${path}.`);
  }

  addPreset({ name, settings }: PresetArm): void {
    this.#addNamed(name, this.#layShared(settings, this.#shared), [], 'settings.');
  }

  #layShared(settings: ArmSettings, changes: object): ArmSettings {
    const laid = applyChanges(settings, changes);
    const unused = laid.issues.filter((issue) => issue.unused);
    this.#unused.push(new Map(unused.map((issue) => [issue.field, issue])));
    return laid.settings;
  }

  #addNamed(name: unknown, settings: ArmSettings, wrong: SettingIssue[], path: string): void {
    if (wrong.length === 0 && this.#ofShared.length === 0) wrong.push(...conflictIssues(settings));
    if (name !== undefined && (typeof name !== 'string' || name.trim() === '' || name.length > 60)) {
      wrong.push({ field: 'name', message: refusal('name', 'a text of 1 to 60 characters', name) });
    } else if (this.arms.some((arm) => arm.name === name)) {
      wrong.push({ field: 'name', message: `Two arms are called "${name}"; names tell the curves apart.` });
    }
    this.#own.push(...prefixed(wrong, path));
    if (wrong.length > 0) return;
    this.arms.push({ name: (name as string | undefined) ?? nameArm(settings, this.arms), settings });
  }
}

const prefixed = (issues: SettingIssue[], path: string): SettingIssue[] =>
  issues.map(({ field, message }) => ({ field: `${path}${field}`, message }));

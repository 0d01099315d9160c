/** The arms of a spec, one by one: each checked, named and laid over the settings that they share. */
import { allMethods } from '../../rlhf/catalogue/catalogue.ts';
import { isSlot, methodsFirst, methodsIn } from '../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../rlhf/catalogue/settings.ts';
import { presentNames } from './legacySettings.ts';
import { nameArm } from './naming.ts';
import type { PresetArm } from './presets.ts';
import { isObject, refusal, type SettingIssue, unknownName } from './refusal.ts';
import { applyChanges, conflictIssues } from './validate.ts';

/** An arm with everything filled in. */
export interface SpecArm {
  /** No two arms of a spec share it. In a grid it begins with the cell: "weak model: BW". */
  name: string;
  settings: ArmSettings;
  /** Of a grid: the cell that it stands in, and its name among the arms of that cell. */
  cell?: string;
  inCell?: string;
}

const methods = (): string[] => allMethods.map(({ method }) => method.id);

/** Of changes by name, those of methods or those of knobs. */
const part = (changes: object, methods: boolean): Record<string, unknown> =>
  Object.fromEntries(
    methodsFirst(presentNames(changes)).filter(([name]) => (name === 'method' || isSlot(name)) === methods),
  );

const isFault = (issue: SettingIssue): boolean => !issue.unused;

/** The arms of a spec, one by one, and everything that is wrong with them. */
export class ArmPlan {
  readonly arms: SpecArm[] = [];
  /** What is wrong with single arms. */
  readonly own: SettingIssue[] = [];
  readonly #base: ArmSettings;
  readonly #shared: Readonly<Record<string, unknown>>;
  /** Faults of the shared settings: each is told once, a knob that no arm has only when it is so for all of them. */
  readonly #ofShared: SettingIssue[];
  readonly #unused: Map<string, SettingIssue>[] = [];

  constructor(base: ArmSettings, shared: Readonly<Record<string, unknown>>) {
    this.#base = base;
    this.#shared = shared;
    this.#ofShared = applyChanges(base, shared).issues.filter(isFault);
  }

  /** What is wrong with the settings that all its arms share. */
  sharedFaults(): readonly SettingIssue[] {
    return this.#ofShared;
  }

  /** Shared settings that none of its arms has. */
  unused(): SettingIssue[] {
    const [first, ...others] = this.#unused;
    return [...(first?.values() ?? [])].filter(({ field }) => others.every((each) => each.has(field)));
  }

  add(input: unknown, path: string): void {
    const refuse = (message: string) => this.own.push({ field: path, message });
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
    this.own.push(...prefixed(wrong, path));
    if (wrong.length > 0) return;
    this.arms.push({ name: (name as string | undefined) ?? nameArm(settings, this.arms), settings });
  }
}

const prefixed = (issues: SettingIssue[], path: string): SettingIssue[] =>
  issues.map(({ field, message }) => ({ field: `${path}${field}`, message }));

/**
 * An experiment that a person is putting together: the form and the JSON beside it are two views of one spec. Every
 * function here takes the spec as people write it, which may not be runnable yet, and gives another.
 */
import { defaultSettings } from '../../../rlhf/catalogue/catalogue.ts';
import {
  armId,
  armLabel,
  changesFrom,
  settingsWith,
  shortName,
  withArm,
} from '../../../rlhf/catalogue/paths.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { ArmInput, ExperimentInput } from '../../settings/experimentSpec.ts';
import { presetById } from '../../settings/presets.ts';
import type { SettingIssue } from '../../settings/refusal.ts';
import type { Arm } from '../../state/arm.ts';

/** What the form starts with: cheap enough to be tried, with enough seeds for an interval. */
export const firstDraft: ExperimentInput = {
  preset: 'six-methods',
  arms: ['ppo-m', 'bw', 'rand2'],
  seeds: 3,
  iterations: 40,
};

/** An arm as short as it can be said over a base: its methods, or what differs. */
function armInput(name: string | undefined, settings: ArmSettings, base: ArmSettings): ArmInput {
  const method = armId(settings);
  const own = changesFrom(withArm(base, method), settings).map(([path, value]) => [
    shortName(settings, path),
    value,
  ]);
  const named = name !== undefined && name !== armLabel(settings) ? { name } : {};
  if (own.length === 0 && Object.keys(named).length === 0) return method;
  return { ...named, method, ...Object.fromEntries(own) };
}

/** The arms of the page, with everything in which they differ from the usual settings. */
export function draftOfPage(draft: ExperimentInput, arms: readonly Arm[]): ExperimentInput {
  const { preset: _, settings: __, arms: ___, iterations: ____, ...rest } = draft;
  return { arms: arms.map((arm) => armInput(arm.name, arm.settings, defaultSettings())), ...rest };
}

/** The arms and settings of a preset. */
export function draftOfPreset(draft: ExperimentInput, preset: string): ExperimentInput {
  const { arms: _, settings: __, ...rest } = draft;
  return { ...rest, preset };
}

/** The arms of a draft, one by one, even when they are those of its preset. */
export function armsOfDraft({ arms, preset }: ExperimentInput): ArmInput[] {
  if (Array.isArray(arms)) return arms;
  if (preset === undefined) return [];
  try {
    const { settings, arms: own } = presetById(preset);
    const base = settingsWith(settings);
    return own.map((arm) => armInput(arm.name, arm.settings, base));
  } catch {
    return [];
  }
}

export const withArmOf = (draft: ExperimentInput, method: string): ExperimentInput => ({
  ...draft,
  arms: [...armsOfDraft(draft), method],
});

export const withoutArm = (draft: ExperimentInput, index: number): ExperimentInput => ({
  ...draft,
  arms: armsOfDraft(draft).filter((_, i) => i !== index),
});

/** "3" is how many, "3, 5" which; what is neither stays text, for the check to name. */
export function seedsFromText(text: string): ExperimentInput['seeds'] {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  if (parts.length === 0 || numbers.some(Number.isNaN)) return text as unknown as number;
  return numbers.length === 1 && !/[,;]/.test(text) ? numbers[0] : numbers;
}

export const seedsToText = (seeds: ExperimentInput['seeds']): string =>
  Array.isArray(seeds) ? (seeds.length === 1 ? `${seeds[0]},` : seeds.join(', ')) : String(seeds ?? '');

/** A number, or the text itself for the check to name; nothing when the field is empty. */
export function numberFromText(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const number = Number(trimmed);
  return Number.isNaN(number) ? (trimmed as unknown as number) : number;
}

/** A draft with one field changed; undefined takes the field out. */
export function withField<Key extends keyof ExperimentInput>(
  draft: ExperimentInput,
  key: Key,
  value: ExperimentInput[Key] | undefined,
): ExperimentInput {
  const { [key]: _, ...rest } = draft;
  return value === undefined ? (rest as ExperimentInput) : { ...draft, [key]: value };
}

/** A draft with one stop rule changed; without any, the field `stop` goes. */
export function withStop(
  draft: ExperimentInput,
  change: {
    [Key in keyof NonNullable<ExperimentInput['stop']>]:
      | NonNullable<ExperimentInput['stop']>[Key]
      | undefined;
  },
): ExperimentInput {
  const stop = Object.fromEntries(
    Object.entries({ ...draft.stop, ...change }).filter(([, value]) => value !== undefined),
  );
  return withField(draft, 'stop', Object.keys(stop).length === 0 ? undefined : stop);
}

/** A spec in JSON, fields unchecked. @throws SyntaxError with the place where it breaks off, or when it is no object */
export function draftFromJson(text: string): ExperimentInput {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new SyntaxError('A spec is an object, { "arms": … }.');
}
export const draftToJson = (draft: ExperimentInput): string => JSON.stringify(draft, null, 2);

/** The complaint about a field of the form, or about something within it. */
export const issueOf = (issues: readonly SettingIssue[], field: string): SettingIssue | undefined =>
  issues.find(
    (issue) =>
      issue.field === field || issue.field.startsWith(`${field}.`) || issue.field.startsWith(`${field}[`),
  );

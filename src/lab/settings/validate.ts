/**
 * Settings that come from outside: the form, the address, the command line, a file. Everything is read off the table
 * of knobs. Specs are strict and name what is wrong; addresses and forms are lenient, keep what was set, move it into
 * range, and say what they changed.
 */

import * as v from 'valibot';
import { short } from '../../core/numberText.ts';
import { editDistance } from '../../core/stats.ts';
import { type ArmSettings, defaultSettings, type Knob, knobKeys, knobs } from './settings.ts';

export interface SettingIssue {
  /** The knob at fault, or the name that is none. */
  field: string;
  /** A whole sentence that says what is allowed. */
  message: string;
}

/** What a knob accepts, to stand after "must be". */
export function allowed(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
      return `a number from ${knob.min} to ${knob.max}`;
    case 'integer':
      return `a whole number from ${knob.min} to ${knob.max}`;
    case 'choice':
      return `one of ${knob.options.map((option) => option.value).join(', ')}`;
    case 'toggle':
      return 'true or false';
    case 'numbers':
      return `a list of 1 to ${knob.maxCount} numbers from ${knob.min} to ${knob.max}`;
    case 'code':
      return `a text of at most ${knob.maxLength} characters`;
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

const shown = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** "beta must be a number from 0 to 5, and is 9." */
export const refusal = (field: string, rule: string, value: unknown): string =>
  value === undefined
    ? `${field} is missing; it must be ${rule}.`
    : `${field} must be ${rule}, and is ${shown(value)}.`;

/** A schema for the value of one knob. */
function knobSchema(key: keyof ArmSettings): v.GenericSchema {
  const knob = knobs[key];
  const message = (issue: { input: unknown }) => refusal(key, allowed(knob), issue.input);
  const within = (min: number, max: number) =>
    v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
  switch (knob.kind) {
    case 'number':
      return within(knob.min, knob.max);
    case 'integer':
      return v.pipe(within(knob.min, knob.max), v.integer(message));
    case 'choice':
      return v.picklist(
        knob.options.map((option) => option.value),
        message,
      );
    case 'toggle':
      return v.boolean(message);
    case 'numbers':
      return v.pipe(
        v.array(within(knob.min, knob.max), message),
        v.minLength(1, message),
        v.maxLength(knob.maxCount, message),
      );
    case 'code':
      return v.pipe(v.string(message), v.maxLength(knob.maxLength, message));
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

/** A schema per knob; valibot objects are made of these. */
export const knobSchemas = Object.fromEntries(knobKeys.map((key) => [key, knobSchema(key)])) as Record<
  keyof ArmSettings,
  v.GenericSchema
>;

/** "There is no setting "bta"; did you mean beta?" */
export function unknownName(kind: string, name: string, names: readonly string[]): string {
  const nearest = names
    .map((known) => ({ known, distance: editDistance(known.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const near = nearest && nearest.distance <= Math.max(1, Math.floor(name.length / 3));
  const hint = near ? `did you mean ${nearest.known}?` : `there are ${names.join(', ')}.`;
  return `There is no ${kind} "${name}"; ${hint}`;
}

/** Combinations that no single knob rules out, with the change that repairs each. */
function conflicts(settings: ArmSettings): (SettingIssue & { repair: Partial<ArmSettings> })[] {
  const found: (SettingIssue & { repair: Partial<ArmSettings> })[] = [];
  const { keep, responses, method, thresholdLow, thresholdHigh, rankWeights, customFilter } = settings;
  if (keep > responses) {
    found.push({
      field: 'keep',
      message: `keep must not exceed responses (${responses}), and is ${keep}.`,
      repair: { keep: responses },
    });
  }
  if (method === 'top-bott' && thresholdLow > thresholdHigh) {
    found.push({
      field: 'thresholdLow',
      message: `thresholdLow must not exceed thresholdHigh (${thresholdHigh}), and is ${thresholdLow}.`,
      repair: { thresholdLow: thresholdHigh },
    });
  }
  if (method === 'custom' && customFilter.trim() === '' && rankWeights.every((weight) => weight === 0)) {
    found.push({
      field: 'rankWeights',
      message: 'rankWeights must hold a number above 0: a filter that keeps nothing teaches nothing.',
      repair: { rankWeights: defaultSettings().rankWeights },
    });
  }
  const noise = settings.syntheticNoise.reduce((sum, share) => sum + share, 0);
  if (settings.rewardSource === 'synthetic' && noise > 1 + 1e-9) {
    found.push({
      field: 'syntheticNoise',
      message: `syntheticNoise must add up to at most 1 (all programs), and adds up to ${short(noise, 3)}.`,
      repair: { syntheticNoise: settings.syntheticNoise.map((share) => share / noise) },
    });
  }
  return found;
}

/** Everything that is wrong with a partial set of knobs laid over `base`; empty when it can be used as it is. */
export function checkSettings(partial: object, base: ArmSettings = defaultSettings()): SettingIssue[] {
  const issues: SettingIssue[] = [];
  for (const [field, value] of Object.entries(partial)) {
    if (!isKnob(field)) {
      issues.push({ field, message: unknownName('setting', field, knobKeys) });
      continue;
    }
    const result = v.safeParse(knobSchemas[field], value);
    if (!result.success) issues.push({ field, message: result.issues[0].message });
  }
  if (issues.length > 0) return issues;
  return conflicts({ ...base, ...partial }).map(({ field, message }) => ({ field, message }));
}

/**
 * Settings from a partial set of knobs, whatever it holds: values out of range are moved into it, values of the wrong
 * kind fall back to `base`, and each change is told.
 */
export function validateSettings(
  partial: object,
  base: ArmSettings = defaultSettings(),
): { settings: ArmSettings; issues: SettingIssue[] } {
  const settings: Record<string, unknown> = structuredClone({ ...base });
  const issues: SettingIssue[] = [];
  for (const [field, value] of Object.entries(partial)) {
    if (!isKnob(field)) {
      issues.push({ field, message: unknownName('setting', field, knobKeys) });
      continue;
    }
    const result = v.safeParse(knobSchemas[field], value);
    if (result.success) {
      settings[field] = structuredClone(value);
      continue;
    }
    const nearest = nearestAllowed(knobs[field], value);
    if (nearest !== undefined) settings[field] = nearest;
    issues.push({ field, message: `${result.issues[0].message} It is set to ${shown(settings[field])}.` });
  }
  for (const { field, message, repair } of conflicts(settings as unknown as ArmSettings)) {
    Object.assign(settings, repair);
    issues.push({ field, message: `${message} It is set to ${shown(settings[field])}.` });
  }
  return { settings: settings as unknown as ArmSettings, issues };
}

const isKnob = (field: string): field is keyof ArmSettings => Object.hasOwn(knobs, field);

/** The allowed value next to one that is not; undefined when nothing is near. */
function nearestAllowed(knob: Knob, value: unknown): unknown {
  const into = (x: number, min: number, max: number) => Math.min(max, Math.max(min, x));
  switch (knob.kind) {
    case 'number':
      return typeof value === 'number' && !Number.isNaN(value) ? into(value, knob.min, knob.max) : undefined;
    case 'integer':
      return typeof value === 'number' && !Number.isNaN(value)
        ? Math.round(into(value, knob.min, knob.max))
        : undefined;
    case 'numbers': {
      const usable = Array.isArray(value) && value.every((x) => typeof x === 'number' && !Number.isNaN(x));
      if (!usable || value.length === 0) return undefined;
      return value.slice(0, knob.maxCount).map((x: number) => into(x, knob.min, knob.max));
    }
    case 'code':
      return typeof value === 'string' ? value.slice(0, knob.maxLength) : undefined;
    case 'choice':
    case 'toggle':
      return undefined;
    default:
      knob satisfies never;
      return undefined;
  }
}

/** A knob's value from text, as addresses and command lines hold it. What cannot be read is returned as it is. */
export function knobFromText(key: keyof ArmSettings, text: string): unknown {
  const number = (part: string) => (part.trim() === '' ? Number.NaN : Number(part));
  switch (knobs[key].kind) {
    case 'number':
    case 'integer': {
      const value = number(text);
      return Number.isNaN(value) ? text : value;
    }
    case 'toggle':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    case 'numbers': {
      const values = text.split(',').map(number);
      return values.some(Number.isNaN) ? text : values;
    }
    default:
      return text;
  }
}

/** The other way; `knobFromText` gives the same value back. */
export function knobToText(key: keyof ArmSettings, value: ArmSettings[keyof ArmSettings]): string {
  return knobs[key].kind === 'numbers' ? (value as number[]).join(',') : String(value);
}

/**
 * Settings that come from outside: the form, the address, the command line, a file. Everything is read off the table
 * of knobs. Specs are strict and name what is wrong; addresses and forms are lenient, keep what was set, move it into
 * range, and say what they changed.
 */
import * as v from 'valibot';
import { editDistance } from '../../core/statistics/stats.ts';
import {
  allMethods,
  catalogue,
  knobsOf,
  methodsOf,
  type Path,
  slotOf,
  valueAt,
  withValue,
} from '../../rlhf/catalogue/catalogue.ts';
import type { Knob, Knobs, KnobValue } from '../../rlhf/catalogue/knobs.ts';
import type { About, Conflict } from '../../rlhf/catalogue/method.ts';
import {
  isSlot,
  knownNames,
  meaningOf,
  methodsFirst,
  methodsIn,
  shortName,
  withArm,
} from '../../rlhf/catalogue/paths.ts';
import {
  type ArmSettings,
  evaluationKnobs,
  type Slot,
  slotNames,
  trainingKnobs,
} from '../../rlhf/catalogue/settings.ts';
import { hadNoEffect, presentNames } from './legacySettings.ts';

export interface SettingIssue {
  /** The knob at fault, or the name that is none. */
  field: string;
  /** A whole sentence that says what is allowed. */
  message: string;
  /** The name is a knob of a method that is not chosen. */
  unused?: true;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

/** A schema for the value of one knob, called `name` in its messages. */
function knobSchema(name: string, knob: Knob): v.GenericSchema {
  const message = (issue: { input: unknown }) => refusal(name, allowed(knob), issue.input);
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

/** What is wrong with a value, as a whole sentence; null when nothing is. */
function valueIssue(name: string, knob: Knob, value: unknown): string | null {
  const result = v.safeParse(knobSchema(name, knob), value);
  return result.success ? null : result.issues[0].message;
}

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
function conflicts(settings: ArmSettings): Conflict[] {
  const methods = methodsOf(settings);
  return slotNames.flatMap((slot) => {
    const method: About = methods[slot];
    return method.conflicts?.(settings[slot] as never, settings) ?? [];
  });
}

const idsOf = (slot: Slot): string[] => (catalogue[slot] as readonly About[]).map(({ id }) => id);

/** What a model is made of. No arm sets it, so that what is derived from its policy always fits that policy. */
const sizes = ['width', 'layers', 'heads'];

/** What a name and a value do to settings, or what is wrong with them. */
function change(
  settings: ArmSettings,
  field: string,
  value: unknown,
): { settings: ArmSettings } | { issue: SettingIssue; knob?: [Path, Knob] } | null {
  const wrong = (message: string) => ({ issue: { field, message } });
  if (field === 'method') {
    if (typeof value !== 'string' || !methodsIn(value)) {
      return wrong(
        typeof value === 'string'
          ? unknownName(
              'method',
              value,
              allMethods.map(({ method }) => method.id),
            )
          : refusal(field, 'a method', value),
      );
    }
    return { settings: withArm(settings, value) };
  }
  const meaning = meaningOf(settings, field);
  if (!meaning) {
    return wrong(
      sizes.includes(field)
        ? `${field} is no setting of an arm: every arm has the size of its starting policy, which also writes its store. Train or import a policy of another size under Train, then leave ${field} out.`
        : unknownName('setting', field, knownNames()),
    );
  }
  if ('among' in meaning) {
    return wrong(`${field} is a knob of several methods here; write ${meaning.among.join(' or ')}.`);
  }
  if ('elsewhere' in meaning) {
    if (hadNoEffect(field)) return null;
    const owners = meaning.elsewhere.join(', ');
    return {
      issue: { field, message: `${field} is a knob of ${owners}, which is not chosen.`, unused: true },
    };
  }
  const { path } = meaning;
  if (isSlot(path)) {
    if (typeof value !== 'string' || slotOf(value) !== path) {
      return wrong(refusal(field, `one of ${idsOf(path).join(', ')}`, value));
    }
    return { settings: withValue(settings, path, value) };
  }
  const knob = knobsOf(settings).get(path)!;
  const message = valueIssue(field, knob, value);
  if (message !== null) return { issue: { field, message }, knob: [path, knob] };
  return { settings: withValue(settings, path, structuredClone(value) as KnobValue) };
}

/**
 * Settings with changes by name, strictly: a change that is not understood or not allowed is an issue and is not made.
 * Combinations are not looked at: see `checkSettings`.
 */
export function applyChanges(
  base: ArmSettings,
  changes: object,
): { settings: ArmSettings; issues: SettingIssue[] } {
  let settings = base;
  const issues: SettingIssue[] = [];
  for (const [field, value] of methodsFirst(presentNames(changes))) {
    const made = change(settings, field, value);
    if (made === null) continue;
    if ('settings' in made) settings = made.settings;
    else issues.push(made.issue);
  }
  return { settings, issues };
}

/** Combinations of these settings that cannot be, each named after its knob. */
export const conflictIssues = (settings: ArmSettings): SettingIssue[] =>
  conflicts(settings).map(({ path, message }) => ({ field: shortName(settings, path), message }));

/** Everything that is wrong with changes by name laid over `base`; empty when they can be used as they are. */
export function checkSettings(changes: object, base: ArmSettings): SettingIssue[] {
  const { settings, issues } = applyChanges(base, changes);
  return issues.length > 0 ? issues : conflictIssues(settings);
}

/** Everything that is wrong with the values of settings whose methods are known. */
export function checkWhole(settings: ArmSettings): SettingIssue[] {
  const issues = [...knobsOf(settings)].flatMap(([path, knob]) => {
    const field = shortName(settings, path);
    const message = valueIssue(field, knob, valueAt(settings, path));
    return message === null ? [] : [{ field, message }];
  });
  return issues.length > 0 ? issues : conflictIssues(settings);
}

/**
 * Settings from changes by name, whatever they hold: values out of range are moved into it, values of the wrong kind
 * fall back to `base`, and each change is told.
 */
export function validateSettings(
  changes: object,
  base: ArmSettings,
): { settings: ArmSettings; issues: SettingIssue[] } {
  let settings = base;
  const issues: SettingIssue[] = [];
  for (const [field, value] of methodsFirst(presentNames(changes))) {
    const made = change(settings, field, value);
    if (made === null) continue;
    if ('settings' in made) {
      settings = made.settings;
      continue;
    }
    const { issue, knob } = made;
    if (!knob) {
      issues.push(issue);
      continue;
    }
    const nearest = nearestAllowed(knob[1], value);
    if (nearest !== undefined) settings = withValue(settings, knob[0], nearest as KnobValue);
    issues.push({ field, message: `${issue.message} It is set to ${shown(valueAt(settings, knob[0]))}.` });
  }
  // One after another, because a repair may settle what comes after it, or bring up something else.
  for (let round = 0; round < mostRepairs; round++) {
    const [conflict] = conflicts(settings);
    if (!conflict) break;
    const { path, message, repair } = conflict;
    for (const [place, value] of Object.entries(repair))
      settings = withValue(settings, place, value as KnobValue);
    issues.push({
      field: shortName(settings, path),
      message: `${message} It is set to ${shown(valueAt(settings, path))}.`,
    });
  }
  return { settings, issues };
}

/** More than any settings need whose methods do not contradict each other's repairs. */
const mostRepairs = 12;

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
function knobFromText(knob: Knob, text: string): unknown {
  const number = (part: string) => (part.trim() === '' ? Number.NaN : Number(part));
  switch (knob.kind) {
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

/** Changes by name from texts by name: a name has the same kind of knob wherever it stands. What is none stays text. */
export function changesFromText(texts: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(presentNames(texts) as Record<string, string>).map(([name, text]) => {
      const knob = anyKnob(name.split('.').at(-1)!);
      return [name, knob ? knobFromText(knob, text) : text];
    }),
  );
}

function anyKnob(name: string): Knob | undefined {
  const tables = [trainingKnobs, evaluationKnobs, ...allMethods.map(({ method }) => method.knobs)];
  return tables
    .map((knobs: Knobs) => (Object.hasOwn(knobs, name) ? knobs[name] : undefined))
    .find((knob) => knob);
}

/** The other way; `knobFromText` gives the same value back. */
export const knobToText = (value: KnobValue): string =>
  Array.isArray(value) ? value.join(',') : String(value);

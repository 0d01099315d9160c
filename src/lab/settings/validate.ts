/**
 * Settings that come from outside: the form, the address, the command line, a file. Everything is read off the table
 * of knobs. Specs are strict and name what is wrong; addresses and forms are lenient, keep what was set, move it into
 * range, and say what they changed.
 */
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
import type { Knob, KnobValue } from '../../rlhf/catalogue/knobs.ts';
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
import { type ArmSettings, type Slot, slotNames } from '../../rlhf/catalogue/settings.ts';
import { nearestAllowed, valueIssue } from './knobValue.ts';
import { hadNoEffect, presentNames } from './legacySettings.ts';
import { refusal, type SettingIssue, shown, unknownName } from './refusal.ts';

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

/** What is not allowed, and the settings as they stand then. */
interface Refused {
  settings: ArmSettings;
  issue: SettingIssue;
}

/** Settings with changes by name, one after another. @param refuse what becomes of a change that cannot be made */
function lay(
  base: ArmSettings,
  changes: object,
  refuse: (refused: Refused, value: unknown, knob?: [Path, Knob]) => Refused,
): { settings: ArmSettings; issues: SettingIssue[] } {
  let settings = base;
  const issues: SettingIssue[] = [];
  for (const [field, value] of methodsFirst(presentNames(changes))) {
    const made = change(settings, field, value);
    if (made === null) continue;
    if ('settings' in made) settings = made.settings;
    else {
      const refused = refuse({ settings, issue: made.issue }, value, made.knob);
      settings = refused.settings;
      issues.push(refused.issue);
    }
  }
  return { settings, issues };
}

/**
 * Settings with changes by name, strictly: a change that is not understood or not allowed is an issue and is not made.
 * Combinations are not looked at: see `checkSettings`.
 */
export const applyChanges = (base: ArmSettings, changes: object) => lay(base, changes, (refused) => refused);

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
  const laid = lay(base, changes, mend);
  const { issues } = laid;
  let { settings } = laid;
  // One after another, because a repair may settle what comes after it, or bring up something else.
  for (let round = 0; round < mostRepairs; round++) {
    const [conflict] = conflicts(settings);
    if (!conflict) break;
    const { path, message, repair } = conflict;
    for (const [place, value] of Object.entries(repair))
      settings = withValue(settings, place, value as KnobValue);
    issues.push({
      field: shortName(settings, path),
      message: nowSetTo(message, settings, path),
    });
  }
  return { settings, issues };
}

/** More than any settings need whose methods do not contradict each other's repairs. */
const mostRepairs = 12;

/** The nearest value that is allowed, in place of one that is not. */
function mend({ settings, issue }: Refused, value: unknown, knob?: [Path, Knob]): Refused {
  if (!knob) return { settings, issue };
  const nearest = nearestAllowed(knob[1], value);
  const mended = nearest === undefined ? settings : withValue(settings, knob[0], nearest as KnobValue);
  return {
    settings: mended,
    issue: { field: issue.field, message: nowSetTo(issue.message, mended, knob[0]) },
  };
}

/** What was wrong, and what stands there now. */
const nowSetTo = (message: string, settings: ArmSettings, path: Path): string =>
  `${message} It is set to ${shown(valueAt(settings, path))}.`;

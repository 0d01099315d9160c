/**
 * Names of values. A value's path is its place: "price.beta", "training.prompts"; a slot alone is its method. A knob may
 * be written without its place where only one of the chosen methods has it, or only one of those has an effect. What an
 * arm is called in links and specs is the ids of its methods: "bw", "ppo-s", "bw+rloo".
 */
import {
  catalogue,
  defaultSettings,
  hasEffect,
  knobsOf,
  methodOf,
  type Path,
  slotOf,
  valueAt,
  withValue,
} from './catalogue.ts';
import type { KnobValue } from './knobs.ts';
import type { About } from './method.ts';
import { type ArmSettings, type Slot, slotNames } from './settings.ts';

/** What a name means: a path, or why it means none. */
export type Meaning =
  | { path: Path }
  /** Several chosen methods have such a knob. */
  | { among: Path[] }
  /** Labels of methods that have such a knob; none is chosen. */
  | { elsewhere: string[] }
  | null;

export const isSlot = (name: string): name is Slot => (slotNames as string[]).includes(name);

const methodsWith = (slot: Slot): readonly About[] => catalogue[slot];

function acts(settings: ArmSettings, path: Path): boolean {
  const [place] = path.split('.');
  return !isSlot(place) || hasEffect(settings, place);
}

/** The meaning of a name beside the choices of `settings`; null when there is no such name. */
export function meaningOf(settings: ArmSettings, name: string): Meaning {
  if (isSlot(name)) return { path: name };
  const paths = [...knobsOf(settings).keys()];
  if (paths.includes(name)) return { path: name };
  const named = paths.filter((path) => path.split('.')[1] === name);
  if (named.length === 1) return { path: named[0] };
  // Of several, the name means the one that does something: beside GRPO, beta is GRPO's own and not the unread price.
  const among = named.filter((path) => acts(settings, path));
  if (among.length === 1) return { path: among[0] };
  if (among.length > 1) return { among };
  const [place, knob] = name.includes('.') ? name.split('.') : [null, name];
  const elsewhere = slotNames
    .filter((slot) => place === null || slot === place)
    .flatMap(methodsWith)
    .filter(({ knobs }) => Object.hasOwn(knobs, knob))
    .map(({ label }) => label);
  return elsewhere.length > 0 ? { elsewhere } : null;
}

/** The shortest name of a path: without its place where that is enough. */
export function shortName(settings: ArmSettings, path: Path): string {
  const name = path.split('.').at(-1)!;
  const meaning = meaningOf(settings, name);
  return meaning && 'path' in meaning && meaning.path === path ? name : path;
}

/** Every name that some arm's setting has, without its place. */
export function knownNames(): string[] {
  const knobs = slotNames.flatMap(methodsWith).flatMap((method) => Object.keys(method.knobs));
  const sections = [...knobsOf(defaultSettings()).keys()].map((path) => path.split('.')[1]);
  return [...new Set(['method', ...slotNames, ...sections, ...knobs])];
}

/** The slots whose methods make an arm what it is; reward and price are what it meets. */
const namingSlots: readonly Slot[] = ['order', 'decode', 'reference', 'promptFilter', 'filter', 'update'];

/** Whether a method stands in the name of an arm: every filter does, of the other slots what is not neutral. */
const names = (slot: Slot, id: string): boolean => slot === 'filter' || id !== catalogue[slot][0].id;

/** The methods that the names of arms are made of. */
export const armMethods: readonly About[] = namingSlots.flatMap((slot) =>
  methodsWith(slot).filter(({ id }) => names(slot, id)),
);

/** The methods by which an arm is known: its filter, and what else is not the neutral one of its slot. */
function knownBy(settings: ArmSettings): { slot: Slot; method: About }[] {
  const found = namingSlots.map((slot) => ({ slot, method: methodOf(slot, settings[slot].method) as About }));
  const brought = new Set(found.flatMap(({ method }) => Object.values(method.brings ?? {})));
  return found.filter(({ slot, method }) => names(slot, method.id) && !brought.has(method.id));
}

/** What links and specs call an arm: "bw", "ppo-s", "bw+rloo". */
export const armId = (settings: ArmSettings): string =>
  knownBy(settings)
    .map(({ method }) => method.id)
    .join('+');

/** What people call it: "BW", "PPO-S", "BW, RLOO". A filter that keeps everything needs no word beside another method. */
export function armLabel(settings: ArmSettings): string {
  const known = knownBy(settings);
  const told = known.filter(({ slot, method }) => slot !== 'filter' || method.id !== catalogue.filter[0].id);
  return (told.length > 0 ? told : known).map(({ method }) => method.label).join(', ');
}

/** The ids of methods in the name of an arm, or null when one of them is none. An address reads "+" as a space. */
export function methodsIn(arm: string): string[] | null {
  const ids = arm.split(/[+ ]/);
  return ids.every((id) => slotOf(id) !== undefined) ? ids : null;
}

/** The settings with the methods that the name of an arm names, and what they bring along. */
export function withArm(settings: ArmSettings, arm: string): ArmSettings {
  const ids = methodsIn(arm);
  if (!ids) throw new RangeError(`There is no method "${arm}".`);
  const wanted: Partial<Record<Slot, string>> = {};
  for (const id of ids) Object.assign(wanted, (methodOf(slotOf(id)!, id) as About).brings);
  for (const id of ids) wanted[slotOf(id)!] = id;
  return Object.entries(wanted).reduce((changed, [slot, id]) => withValue(changed, slot, id), settings);
}

/** The settings with the neutral method in each slot that the name of an arm tells. */
export const neutral = (settings: ArmSettings): ArmSettings =>
  namingSlots.reduce((changed, slot) => withValue(changed, slot, catalogue[slot][0].id), settings);

/**
 * Changes by name, methods before knobs, because what a knob's name means depends on the methods. Where settings
 * themselves stand, `{ price: { method: 'fixed', beta: 0.1 } }`, each of their values is a change.
 */
export function methodsFirst(changes: Readonly<Record<string, unknown>>): [name: string, value: unknown][] {
  const flat = Object.entries(changes).flatMap(([name, value]): [string, unknown][] => {
    const isPlace = isSlot(name) || name === 'training' || name === 'evaluation';
    if (!isPlace || typeof value !== 'object' || value === null || Array.isArray(value))
      return [[name, value]];
    return Object.entries(value).map(([knob, own]) => [knob === 'method' ? name : `${name}.${knob}`, own]);
  });
  const rank = ([name]: [string, unknown]) => (name === 'method' ? 0 : isSlot(name) ? 1 : 2);
  return flat.sort((a, b) => rank(a) - rank(b));
}

/**
 * Settings with changes by name. Values are taken as they are: src/lab/settings checks those that come from outside.
 * @throws RangeError for a name that means nothing here
 */
export function withChanges(settings: ArmSettings, changes: Readonly<Record<string, unknown>>): ArmSettings {
  let changed = settings;
  for (const [name, value] of methodsFirst(changes)) {
    if (name === 'method') {
      changed = withArm(changed, value as string);
      continue;
    }
    const meaning = meaningOf(changed, name);
    if (!meaning || !('path' in meaning)) throw new RangeError(`These settings have no "${name}".`);
    changed = withValue(changed, meaning.path, value as KnobValue);
  }
  return changed;
}

/** The default settings with changes by name. */
export const settingsWith = (changes: Readonly<Record<string, unknown>>): ArmSettings =>
  withChanges(defaultSettings(), changes);

/**
 * What has to change in `base` to get `settings`: methods that differ, then knobs that differ once the methods are the
 * same. `withChanges(base, Object.fromEntries(changesFrom(base, settings)))` gives `settings`.
 */
export function changesFrom(base: ArmSettings, settings: ArmSettings): [path: Path, value: KnobValue][] {
  const changes: [Path, KnobValue][] = [];
  let start = base;
  for (const slot of slotNames) {
    const { method } = settings[slot];
    if (start[slot].method === method) continue;
    changes.push([slot, method]);
    start = withValue(start, slot, method);
  }
  for (const path of knobsOf(settings).keys()) {
    const value = valueAt(settings, path)!;
    if (!sameValue(value, valueAt(start, path))) changes.push([path, value]);
  }
  return changes;
}

/** Every setting by its shortest name, methods first: `withChanges` on whatever base gives the same settings. */
export function everySetting(settings: ArmSettings): Record<string, KnobValue> {
  const methods = slotNames.map((slot) => [slot, settings[slot].method] as const);
  const knobs = [...knobsOf(settings).keys()].map(
    (path) => [shortName(settings, path), valueAt(settings, path)!] as const,
  );
  return Object.fromEntries([...methods, ...knobs]);
}

const sameValue = (a: KnobValue, b: KnobValue | undefined): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((value, i) => value === b[i])
    : a === b;

export const sameSettings = (a: ArmSettings, b: ArmSettings): boolean => changesFrom(a, b).length === 0;

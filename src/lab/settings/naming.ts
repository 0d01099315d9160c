/** Names of arms and their differences, in words. */
import { power, short } from '../../core/numberText.ts';
import { knobsOf, methodOf, type Path } from '../../rlhf/catalogue/catalogue.ts';
import type { Knob, KnobValue } from '../../rlhf/catalogue/knobs.ts';
import { armLabel, changesFrom, isSlot } from '../../rlhf/catalogue/paths.ts';
import { type ArmSettings, slotText } from '../../rlhf/catalogue/settings.ts';

/** A knob's value as people read it. */
function knobValue(knob: Knob, value: KnobValue): string {
  switch (knob.kind) {
    case 'integer':
      return String(value);
    case 'number': {
      const number = value as number;
      return number !== 0 && Math.abs(number) < 0.001 ? power(number, 0) : short(number);
    }
    case 'choice':
      return knob.options.find((option) => option.value === value)?.label ?? String(value);
    case 'toggle':
      return value ? 'on' : 'off';
    case 'numbers':
      return (value as readonly number[]).map((each) => short(each, 2)).join(', ');
    case 'code':
      return value === '' ? 'none' : `${(value as string).length} characters`;
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

/** What a value is called, and what it is, as people read both. Settings must have the path. */
export function valueInWords(
  settings: ArmSettings,
  path: Path,
  value: KnobValue,
): [label: string, value: string] {
  if (isSlot(path)) return [slotText[path].label, methodOf(path, value as string).label];
  const knob = knobsOf(settings).get(path)!;
  return [knob.label, knobValue(knob, value)];
}

/** What sets settings apart from others, each difference in a few words: "beta 0.05". */
export function differencesInWords(settings: ArmSettings, base: ArmSettings): string[] {
  return changesFrom(base, settings).map(([path, value]) => {
    const [label, said] = valueInWords(settings, path, value);
    return `${shortLabel(label)} ${said}`;
  });
}

/**
 * The name of an arm among others: its method, and what sets it apart from an arm of the same method,
 * for example "BW, beta 0.05".
 */
export function nameArm(
  settings: ArmSettings,
  others: readonly { name: string; settings: ArmSettings }[],
): string {
  const base = armLabel(settings);
  const taken = new Set(others.map((arm) => arm.name));
  if (!taken.has(base)) return base;
  const twin = others.find((arm) => armLabel(arm.settings) === base);
  if (twin) {
    const apart = differencesInWords(settings, twin.settings).slice(0, 2);
    const name = [base, ...apart].join(', ');
    if (!taken.has(name)) return name;
  }
  for (let n = 2; ; n++) {
    if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
  }
}

/** A label short enough for a name: what stands in brackets, or the label itself, in lower case. */
const shortLabel = (label: string): string => (/\(([^)]+)\)/.exec(label)?.[1] ?? label.toLowerCase()).trim();

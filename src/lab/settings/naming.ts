/** Names of arms and their differences, in words. */
import { power, short } from '../../core/numberText.ts';
import { type ArmSettings, type Knob, knobKeys, knobs, methodText } from './settings.ts';

/** A knob's value as people read it. */
export function knobValue(knob: Knob, value: ArmSettings[keyof ArmSettings]): string {
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
      return (value as number[]).map((each) => short(each, 2)).join(', ');
    case 'code':
      return value === '' ? 'none' : `${(value as string).length} characters`;
    default:
      knob satisfies never;
      throw new Error('Unknown kind of knob');
  }
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The knobs in which two arms differ. */
export function differingKnobs(a: ArmSettings, b: ArmSettings): (keyof ArmSettings)[] {
  return knobKeys.filter((key) => !equal(a[key], b[key]));
}

/** What sets settings apart from others, each difference in a few words: "beta 0.05". */
export function differencesInWords(settings: ArmSettings, base: ArmSettings): string[] {
  return differingKnobs(settings, base).map(
    (key) => `${shortLabel(key)} ${knobValue(knobs[key], settings[key])}`,
  );
}

/**
 * The name of an arm among others: its method, and what sets it apart from an arm of the same method,
 * for example "BW, beta 0.05".
 */
export function nameArm(
  settings: ArmSettings,
  others: readonly { name: string; settings: ArmSettings }[],
): string {
  const base = methodText[settings.method].label;
  const taken = new Set(others.map((arm) => arm.name));
  if (!taken.has(base)) return base;
  const twin = others.find((arm) => arm.settings.method === settings.method);
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
function shortLabel(key: keyof ArmSettings): string {
  const { label } = knobs[key];
  return (/\(([^)]+)\)/.exec(label)?.[1] ?? label.toLowerCase()).trim();
}

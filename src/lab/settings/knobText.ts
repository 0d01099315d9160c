/** The values of knobs as text, as addresses and command lines hold them. */
import { allMethods } from '../../rlhf/catalogue/catalogue.ts';
import type { Knob, Knobs, KnobValue } from '../../rlhf/catalogue/knobs.ts';
import { evaluationKnobs, trainingKnobs } from '../../rlhf/catalogue/settings.ts';
import { presentNames } from './legacySettings.ts';

/** A knob's value from text. What cannot be read is returned as it is. */
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

/** What a knob accepts: what is wrong with a value, and what is allowed in its place. */
import * as v from 'valibot';
import type { Knob } from '../../rlhf/catalogue/knobs.ts';
import { refusal } from './refusal.ts';

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
export function valueIssue(name: string, knob: Knob, value: unknown): string | null {
  const result = v.safeParse(knobSchema(name, knob), value);
  return result.success ? null : result.issues[0].message;
}

/** The allowed value next to one that is not; undefined when nothing is near. */
export function nearestAllowed(knob: Knob, value: unknown): unknown {
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

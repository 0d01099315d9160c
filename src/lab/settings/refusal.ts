/** How settings are refused: a whole sentence that names the setting and says what is allowed. */
import { editDistance } from '../../core/statistics/stats.ts';

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

/** A value in a sentence; a long one is cut. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** "beta must be a number from 0 to 5, and is 9." */
export const refusal = (field: string, rule: string, value: unknown): string =>
  value === undefined
    ? `${field} is missing; it must be ${rule}.`
    : `${field} must be ${rule}, and is ${shown(value)}.`;

/** "There is no setting "bta"; did you mean beta?" */
export function unknownName(kind: string, name: string, names: readonly string[]): string {
  const nearest = names
    .map((known) => ({ known, distance: editDistance(known.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const near = nearest && nearest.distance <= Math.max(1, Math.floor(name.length / 3));
  const hint = near ? `did you mean ${nearest.known}?` : `there are ${names.join(', ')}.`;
  return `There is no ${kind} "${name}"; ${hint}`;
}

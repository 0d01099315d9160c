/** Values as trainers write them: numbers as strings, bare NaN, one-element lists, nested fields. */

export type Fields = Record<string, unknown>;

/** Why a line without a brace is no row. */
export const notAnObject = 'not a JSON object';

/**
 * One JSON object. Python writes NaN and Infinity, which JSON forbids; they become strings here and numbers in
 * `numberOf`.
 * @returns the object, or why there is none
 */
export function parseObject(text: string): Fields | string {
  // A file full of bad lines must not cost an exception each: looking at both ends catches most of them.
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return notAnObject;
  if (!trimmed.endsWith('}')) return 'a JSON object without its end';
  try {
    return shallow(JSON.parse(trimmed));
  } catch {
    if (!/NaN|Infinity/.test(trimmed)) return 'not valid JSON';
  }
  try {
    const token = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
    return shallow(
      JSON.parse(trimmed.replace(token, (match) => (match.startsWith('"') ? match : `"${match}"`))),
    );
  } catch {
    return 'not valid JSON';
  }
}

/** Deeper than any trainer nests, and far from where walking through a value would run out of stack. */
const deepest = 64;

const shallow = (fields: Fields): Fields | string =>
  isDeeper(fields, deepest) ? `nested more than ${deepest} levels deep` : fields;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.some((part) => isDeeper(part, levels - 1));
}

/**
 * The field called `name`. Only where there is none a dot leads into nested objects ("extra.acc"), whose own names may
 * hold dots, too.
 */
export function fieldOf(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const outer = name.slice(0, dot);
    const inner = Object.hasOwn(fields, outer) ? fields[outer] : null;
    if (typeof inner !== 'object' || inner === null) continue;
    const value = fieldOf(inner as Fields, name.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * A number however it was written: 0.5, "0.5", true, [0.5], 5n. A list of several numbers is no number.
 * @returns NaN for the texts NaN and inf (they are numbers, if useless), null for what is no number at all
 */
export function numberOf(value: unknown): number | null {
  switch (typeof value) {
    case 'number':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      return Number(value);
    case 'string': {
      const text = value.trim();
      if (text === '') return null;
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? 1 : 0;
      if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) return Number.NaN;
      const number = Number(text);
      return Number.isNaN(number) ? null : number;
    }
    default:
      return Array.isArray(value) && value.length === 1 ? numberOf(value[0]) : null;
  }
}

/** Text of a field for people and for telling responses apart; lists and objects as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value.join(' ');
  return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item));
}

/** A 53-bit hash of a text: short enough for a number, long enough that a million texts do not collide. */
export function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

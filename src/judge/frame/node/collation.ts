/**
 * `localeCompare` and `Intl.Collator` for the engine that has neither: the order of English, as other engines take it
 * from Unicode, for what is written in Latin letters. Other letters are ordered by their numbers.
 */
const { apply } = Reflect;
const { charCodeAt, codePointAt, indexOf, normalize, toLowerCase } = String.prototype;
const { fromCodePoint } = String;

export interface CollatorOptions {
  sensitivity?: string;
  numeric?: boolean;
  caseFirst?: string;
}

/** White space, punctuation, symbols, digits, letters: where the letters differ by case, the small one is first. */
const order = '\t\n\v\f\r _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz';

/** Letters that stand with others, although they are not made of them. */
const likened: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l' };

/** What texts are compared by, one after the other: letters, accents, case. */
interface Weights {
  letters: number[];
  accents: number[];
  cases: number[];
}

const firstMark = 0x300;
const lastMark = 0x36f;
/** The order of the accents that Latin letters have; others come after them. */
const marks = '\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0338\u0327\u0328\u0304';

function weightsOf(text: string, numeric: boolean): Weights {
  const weights: Weights = { letters: [], accents: [], cases: [] };
  const whole = apply(normalize, text, ['NFD']) as string;
  const add = (letter: number, isCapital: boolean, accent: number): void => {
    const at = weights.letters.length;
    weights.letters[at] = letter;
    weights.accents[at] = accent;
    weights.cases[at] = isCapital ? 1 : 0;
  };
  for (let i = 0; i < whole.length; i++) {
    const code = apply(codePointAt, whole, [i]) as number;
    if (code > 0xffff) i++;
    // Controls count for nothing.
    if (code < 9 || (code > 13 && code < 32) || code === 127) continue;
    if (code >= firstMark && code <= lastMark) {
      const { accents } = weights;
      const known = apply(indexOf, marks, [whole[i]]) as number;
      const mark = known < 0 ? code : known + 1;
      if (accents.length > 0) accents[accents.length - 1] = accents[accents.length - 1] * 1000 + mark;
      continue;
    }
    if (numeric && isDigit(code)) {
      const end = endOfDigits(whole, i);
      addNumber(whole, i, end, add);
      i = end - 1;
      continue;
    }
    const char = fromCodePoint(code);
    const small = apply(toLowerCase, char, []) as string;
    const alike = likened[small] ?? small;
    for (let j = 0; j < alike.length; j++) {
      const place = apply(indexOf, order, [alike[j]]) as number;
      add(
        place < 0 ? 1000 + (apply(codePointAt, small, [0]) as number) : place,
        small !== char,
        alike === small ? 0 : 1,
      );
      if (place < 0) break;
    }
  }
  return weights;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function endOfDigits(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(apply(charCodeAt, text, [end]) as number)) end++;
  return end;
}

/** By its length first, without leading zeros: so the longer number is the larger. */
function addNumber(
  text: string,
  from: number,
  end: number,
  add: (letter: number, isCapital: boolean, accent: number) => void,
): void {
  let start = from;
  while (start < end - 1 && text[start] === '0') start++;
  const zero = apply(indexOf, order, ['0']) as number;
  // Among the digits, as the first of a text does not begin with a letter.
  add(zero + (end - start) / 100_000, false, 0);
  for (let i = start; i < end; i++) add(zero + (apply(charCodeAt, text, [i]) as number) - 48, false, 0);
}

function compareLists(a: number[], b: number[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
}

/** Negative, zero or positive, as -1, 0 and 1. */
export function collate(a: string, b: string, options: CollatorOptions = {}): number {
  const { sensitivity = 'variant', numeric = false, caseFirst = 'false' } = options;
  const left = weightsOf(a, numeric);
  const right = weightsOf(b, numeric);
  const byLetters = compareLists(left.letters, right.letters);
  if (byLetters !== 0 || sensitivity === 'base') return byLetters;
  if (sensitivity !== 'case') {
    const byAccents = compareLists(left.accents, right.accents);
    if (byAccents !== 0 || sensitivity === 'accent') return byAccents;
  }
  const byCase = compareLists(left.cases, right.cases);
  return caseFirst === 'upper' ? 0 - byCase : byCase;
}

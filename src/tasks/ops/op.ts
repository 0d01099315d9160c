/**
 * What an operation is: how a person asks for it, what it really does, and how it is written, rightly and wrongly.
 *
 * In a template `E` is the expression so far, `K` the constant, `K+` and `K-` one more and one less. A template
 * that starts with `@` binds the expression to `a` first and ends the function: `const a = E ; return …`.
 * Templates are tokens with spaces between them. A wrong template is wrong on its own; in a chain it may be right
 * (`.reverse()` must not touch the argument, but may touch a fresh list), so programs are judged, never trusted.
 */

/** Values that flow between operations, by kind. */
export interface Values {
  numbers: number[];
  text: string;
  words: string[];
  number: number;
  boolean: boolean;
}
export type Kind = keyof Values;

export interface Op<From extends Kind = Kind, To extends Kind = Kind> {
  name: string;
  from: From;
  to: To;
  /** What `K` may be; absent when the operation has no constant. */
  constants?: number[];
  /** Interchangeable phrasings. */
  say: string[];
  /** Interchangeable right templates; the first is the reference. */
  right: string[];
  /** Realistic wrong templates. */
  wrong: string[];
  /** The meaning. Never changes its argument. */
  apply(value: Values[From], k: number): Values[To];
}

/** Checks one operation against its own kinds, then forgets them so that all fit in one table. */
export function op<From extends Kind, To extends Kind>(definition: Op<From, To>): Op {
  return definition as unknown as Op;
}

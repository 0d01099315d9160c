/** Where in a filter function something is wrong: what the parser says at once, what the sandbox said of a run. Pure. */
import { parse } from 'acorn';

export interface Mark {
  /** Characters from the start of the text. */
  from: number;
  to: number;
  message: string;
}

/** The sandbox is strict, and so is the parser here. */
const prefix = '"use strict";';

/** The first place at which the text is no JavaScript; null when it is. */
export function syntaxMark(source: string): Mark | null {
  try {
    parse(prefix + source, { ecmaVersion: 2023, sourceType: 'script' });
    return null;
  } catch (error) {
    const { pos, message } = error as SyntaxError & { pos?: number };
    const at = Math.min(Math.max(0, (pos ?? 0) - prefix.length), source.length);
    // At the end of the text there is nothing to underline but what stands last.
    const last = source.trimEnd().length;
    const from = at >= last ? Math.max(0, last - 1) : at;
    const to = at >= last ? last : from + (/^[\w$]+/.exec(source.slice(from))?.[0].length ?? 1);
    return { from, to, message: message.replace(/ \(\d+:\d+\)$/, '') };
  }
}

/**
 * Where what the sandbox said belongs: at the name it speaks of, at the first loop when it looped, else at the name of
 * the function.
 */
export function sandboxMark(source: string, message: string): Mark {
  const syntax = syntaxMark(source);
  if (syntax) return syntax;
  const place = (pattern: RegExp) => {
    const found = pattern.exec(source);
    return found && { from: found.index, to: found.index + found[0].length, message };
  };
  const name =
    /([A-Za-z_$][\w$]*) is not (?:defined|a function|iterable)/.exec(message)?.[1] ??
    /reading '([\w$]+)'/.exec(message)?.[1];
  return (
    (name && place(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`))) ||
    (/loop/i.test(message) && place(/\b(?:for|while|do)\b/)) ||
    place(/\bfilter\b/) || { from: 0, to: source.length, message }
  );
}

/** Line of a place, from 1. */
export const lineOf = (source: string, at: number): number => source.slice(0, at).split('\n').length;

/**
 * What an expression in a filter function is: enough of JavaScript's types to offer members and explain them while a
 * person types, without a language service of several megabytes. A filter gets numbers and gives numbers, so a dozen
 * rules tell nearly everything that is written there; what they do not tell is 'unknown' and offers nothing. Pure.
 */
import { type Member, members, type Type } from './filterMembers.ts';

/** The name of the list of rewards: the first parameter of `filter`. */
export function rewardsName(source: string): string {
  const found =
    /function\s+filter\s*\(\s*([A-Za-z_$][\w$]*)/.exec(source) ??
    /\bfilter\s*=\s*\(?\s*([A-Za-z_$][\w$]*)/.exec(source);
  return found?.[1] ?? 'rewards';
}

/** Names that the function declares, with what they are, in order of appearance. */
export function declaredNames(source: string): { name: string; type: Type }[] {
  const names = new Set<string>([rewardsName(source)]);
  for (const [, name] of source.matchAll(/\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)/g)) names.add(name);
  for (const [, list] of source.matchAll(/\(?([A-Za-z_$][\w$\s,]*)\)?\s*=>/g)) {
    for (const name of list.split(',')) if (/^\s*[A-Za-z_$][\w$]*\s*$/.test(name)) names.add(name.trim());
  }
  return [...names].map((name) => ({ name, type: typeOfName(name, source) }));
}

/** What stands before a dot at the end of `text`: its type. */
export function typeBefore(text: string, source: string): Type {
  return typeOf(receiver(text.trimEnd()), source);
}

/** The member that `name` is when it follows `before` and a dot. */
export function memberAt(before: string, name: string, source: string): Member | undefined {
  return members[typeBefore(before, source)].find((member) => member.name === name);
}

const opening: Record<string, string> = { ')': '(', ']': '[' };

/** The chain of names, calls and indices at the end of `text`. */
function receiver(text: string): string {
  let at = text.length;
  while (at > 0) {
    const char = text[at - 1];
    if (opening[char]) {
      at = matching(text, at - 1);
      // What is called or indexed goes on to the left; a list or a parenthesis of its own does not.
      if (!/[\w$)\]]$/.test(text.slice(0, at))) break;
    } else if (/[\w$]/.test(char)) {
      while (at > 0 && /[\w$]/.test(text[at - 1])) at--;
      if (text[at - 1] !== '.' || text[at - 2] === '.') break;
    } else if (char === '.') at--;
    else break;
  }
  return text.slice(Math.max(0, at)).trim();
}

/** Where the bracket that closes at `close` opens; 0 when it never does. */
function matching(text: string, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    if (text[at] === ')' || text[at] === ']') depth++;
    else if (text[at] === '(' || text[at] === '[') depth--;
    if (depth === 0) return at;
  }
  return 0;
}

/** Type of a chain such as `rewards.map(f).length`; a sum or a product of anything is a number. */
function typeOf(chain: string, source: string, depth = 0): Type {
  const start = /^(?:(\d[\d.]*)|([A-Za-z_$][\w$]*)|(\[)|(\()|(['"`]))/.exec(chain);
  if (!start || depth > 8) return 'unknown';
  let type: Type;
  let at = start[0].length;
  if (start[1]) return 'number';
  if (start[5]) return 'string';
  if (start[2]) {
    type = start[2] === 'Math' ? 'Math' : typeOfName(start[2], source, depth + 1);
  } else {
    at = closing(chain, 0) + 1;
    type = start[3] ? 'numbers' : typeOfExpression(chain.slice(1, at - 1), source, depth + 1);
  }
  while (at < chain.length) {
    const member = /^\s*\??\.\s*([A-Za-z_$][\w$]*)/.exec(chain.slice(at));
    if (member) {
      type = members[type].find(({ name }) => name === member[1])?.gives ?? 'unknown';
      at += member[0].length;
    } else if (chain[at] === '(') at = closing(chain, at) + 1;
    else if (chain[at] === '[') {
      type = type === 'numbers' ? 'number' : 'unknown';
      at = closing(chain, at) + 1;
    } else return 'unknown';
  }
  return type;
}

/** Where the bracket at `open` closes; the end of the text when it never does. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(' || text[at] === '[') depth++;
    else if (text[at] === ')' || text[at] === ']') depth--;
    if (depth === 0) return at;
  }
  return text.length;
}

function typeOfName(name: string, source: string, depth = 0): Type {
  if (name === rewardsName(source)) return 'numbers';
  const escaped = name.replaceAll('$', '\\$');
  const declared = new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*=\\s*([^;\\n]+)`).exec(source);
  if (declared) return typeOfExpression(declared[1], source, depth + 1);
  // Functions handed to the methods of a list get its numbers, and their places.
  if (new RegExp(`\\(?[\\w$\\s,]*\\b${escaped}\\b[\\w$\\s,]*\\)?\\s*=>`).test(source)) return 'number';
  return 'unknown';
}

function typeOfExpression(text: string, source: string, depth: number): Type {
  const chain = text.trim();
  const type = typeOf(chain, source, depth);
  if (type !== 'unknown') return type;
  // What stands in brackets says nothing about the operator outside them.
  let outside = chain;
  for (let before = ''; before !== outside; ) {
    before = outside;
    outside = outside.replace(/\([^()]*\)|\[[^[\]]*\]/g, '');
  }
  if (/[<>=&|?"'`]/.test(outside)) return 'unknown';
  return /[-+*/%]/.test(outside) ? 'number' : 'unknown';
}

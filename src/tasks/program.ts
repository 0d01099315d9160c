/**
 * From the policy's tokens to a function: `toSource` gives the exact text that is judged, `format` lays a program out
 * as a person would write it. Formatting moves white space only and adds the last semicolon; a text that is no valid
 * JavaScript is tidied as far as its tokens go.
 */
import { type Lexeme, lex } from './lexer.ts';
import type { Problem } from './problem.ts';
import { decode } from './tokenizer.ts';

/** The function that a body (tokens, or space-joined text) stands for. This is what the judge executes. */
export function toSource(
  body: ArrayLike<number> | string,
  problem: Pick<Problem, 'entry' | 'parameters'>,
): string {
  const text = typeof body === 'string' ? body : decode(body);
  return `function ${problem.entry}(${problem.parameters.join(', ')}) {\n  ${text}\n}`;
}

/** The body that `toSource` made a function of. @throws RangeError for a function that it did not make */
export function toBody(source: string): string {
  const found = /^function [\w$]+\([^(){}]*\) \{\n {2}(.*)\n\}$/.exec(source);
  if (!found) throw new RangeError(`"${source}" is no program of the built-in world.`);
  return found[1];
}

/** Formats a program of the built-in world as people write JavaScript. Any other program comes back unchanged. */
export function format(source: string): string {
  const parts = /^(function [\w$]+\([^(){}]*\)) \{\n {2}(.*)\n\}$/.exec(source);
  if (!parts) return source;
  const [, head, body] = parts;
  const lines = statements(lex(body)).map((statement) => `  ${layOut(statement)};`);
  return `${head} {\n${lines.join('\n')}\n}`;
}

/** Splits at semicolons, which end statements here: bodies of the built-in world have no `for` and no blocks. */
function statements(lexemes: readonly Lexeme[]): Lexeme[][] {
  const out: Lexeme[][] = [[]];
  for (const lexeme of lexemes) {
    if (lexeme.text === ';') out.push([]);
    else out[out.length - 1].push(lexeme);
  }
  return out.at(-1)!.length === 0 && out.length > 1 ? out.slice(0, -1) : out;
}

function layOut(lexemes: readonly Lexeme[]): string {
  let text = '';
  lexemes.forEach((lexeme, i) => {
    if (i > 0 && needsSpace(lexemes[i - 1], lexeme)) text += ' ';
    text += lexeme.text;
  });
  return text;
}

function needsSpace(before: Lexeme, after: Lexeme): boolean {
  if (before.role === 'broken' || after.role === 'broken') return true;
  if (after.text === ',' || after.text === ')' || after.text === ']') return false;
  if (before.text === '(' || before.text === '[') return false;
  if (before.role === 'prefix') {
    // `- -x` must not become `--x`, nor `... .5` lose a dot.
    return after.text[0] === before.text[0] && before.text !== '!';
  }
  if (before.text === '.' || before.text === '?.') return false;
  if (after.text === '.' || after.text === '?.') return before.role === 'number';
  if (after.text === '(' || after.text === '[') return before.role !== 'value' && before.role !== 'close';
  return true;
}

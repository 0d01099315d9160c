/** A small JavaScript lexer for the formatter: it never fails, and marks what it cannot read as broken. */

export type Role =
  /** A name, string, template or regular expression. */
  | 'value'
  | 'number'
  /** `)` or `]`. */
  | 'close'
  /** An operator before its operand, such as the minus of `-x` or the dots of `...xs`. */
  | 'prefix'
  /** Any other operator, punctuation or keyword. */
  | 'operator'
  /** A quote without its partner, a character that JavaScript does not have. */
  | 'broken';

export interface Lexeme {
  text: string;
  role: Role;
}

/** Words after which an expression begins. */
const keywords = new Set(
  'return const let var typeof void delete new in of instanceof throw case do else await yield'.split(' '),
);
const regex = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[\w$]*/y;
const rules: readonly [RegExp, Role][] = [
  [/[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy, 'value'],
  [/0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?/y, 'number'],
  [/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/sy, 'value'],
  [/[)\]]/y, 'close'],
  [
    />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}([;,<>+\-*/%&|^!~?:=.@]/y,
    'operator',
  ],
];
const prefixes = new Set(['-', '+', '!', '~', '...', '++', '--']);

export function lex(source: string): Lexeme[] {
  const out: Lexeme[] = [];
  let at = 0;
  while (at < source.length) {
    if (/\s/.test(source[at])) {
      at++;
      continue;
    }
    const operand = expectsOperand(out.at(-1));
    const lexeme = (operand && match(regex, source, at, 'value')) || firstMatch(source, at);
    if (keywords.has(lexeme.text) && out.at(-1)?.text !== '.') lexeme.role = 'operator';
    else if (operand && prefixes.has(lexeme.text)) lexeme.role = 'prefix';
    out.push(lexeme);
    at += lexeme.text.length;
  }
  return out;
}

function expectsOperand(before: Lexeme | undefined): boolean {
  if (!before) return true;
  if (before.text === '++' || before.text === '--') return before.role === 'prefix';
  return before.role === 'operator' || before.role === 'prefix' || before.role === 'broken';
}

function firstMatch(source: string, at: number): Lexeme {
  for (const [rule, role] of rules) {
    const found = match(rule, source, at, role);
    if (found) return found;
  }
  return { text: String.fromCodePoint(source.codePointAt(at)!), role: 'broken' };
}

function match(rule: RegExp, source: string, at: number, role: Role): Lexeme | null {
  rule.lastIndex = at;
  const found = rule.exec(source);
  return found ? { text: found[0], role } : null;
}

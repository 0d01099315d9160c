/**
 * What a piece of JavaScript defines and what it lacks, from its syntax tree. It reads more than the judge does, which
 * has the last word.
 */
import { type AnyNode, type Options, Parser, type Program } from 'acorn';
import { children, declaredBy, isKey, namesIn } from '../filter/syntax.ts';

export interface Script {
  text: string;
  statements: readonly AnyNode[];
}

/** Longer texts are no programs, and would take long to read. */
const longest = 65_536;

const options: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowHashBang: true,
};

/** The text as a program; null when it does not parse. */
export function scriptOf(text: string): Script | null {
  if (text.length > longest) return null;
  try {
    return { text, statements: Parser.parse(text, options).body };
  } catch {
    return null;
  }
}

/** The method of the parser that its plugins extend. */
interface StatementParser {
  parseStatement(context: unknown, topLevel?: boolean, exports?: unknown): AnyNode;
}

/** Statements of the text that is being parsed, as they end. Parsing is one call, and calls do not overlap. */
let ended: AnyNode[] = [];

/** Tells of each statement when it has ended: the parser itself gives all of them or none. */
const Recorder = Parser.extend((base) => {
  const Base = base as unknown as new (...given: unknown[]) => StatementParser;
  return class extends Base {
    override parseStatement(context: unknown, topLevel?: boolean, exports?: unknown): AnyNode {
      const statement = super.parseStatement(context, topLevel, exports);
      if (topLevel) ended.push(statement);
      return statement;
    }
  } as unknown as typeof Parser;
});

/** The statements at the beginning of a text, as many as can be read; what follows may be anything. */
export function leadingScript(text: string): Script {
  let readable = text.slice(0, longest);
  for (;;) {
    ended = [];
    let read = 0;
    try {
      Recorder.parse(readable, { ...options, onToken: ({ end }) => void (read = end) });
    } catch {
      // The parser reads one word ahead: where that is none, the statement before it has not ended yet.
      if (read < readable.trimEnd().length) {
        readable = readable.slice(0, read);
        continue;
      }
    }
    const statements = ended.slice(0, ended.findLastIndex(does) + 1);
    return { text: text.slice(0, statements.at(-1)?.end ?? 0), statements };
  }
}

/** Whether a statement defines or does something; a word of a sentence does not. */
function does(statement: AnyNode): boolean {
  if (statement.type === 'ExpressionStatement')
    return /^(Assignment|Call|Update|Await|New)/.test(statement.expression.type);
  return !['EmptyStatement', 'LabeledStatement'].includes(statement.type);
}

/** The names that a statement defines for those around it. What is only brought in from a module is not defined. */
export function definedBy(statement: AnyNode): string[] {
  switch (statement.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return statement.id ? [statement.id.name] : [];
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ id, init }) => (init && isImport(init) ? [] : namesIn(id)));
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return statement.declaration ? definedBy(statement.declaration) : [];
    case 'ExpressionStatement': {
      const { expression } = statement;
      if (expression.type !== 'AssignmentExpression') return [];
      const { left } = expression;
      if (left.type === 'Identifier') return [left.name];
      // `module.exports.f = …`, `globalThis.f = …`
      const root = rootOf(left);
      const isHost = root !== null && ['module', 'exports', 'globalThis', 'window', 'global'].includes(root);
      if (isHost && left.type === 'MemberExpression' && left.property.type === 'Identifier')
        return [left.property.name];
      return [];
    }
    default:
      return [];
  }
}

function isImport(value: AnyNode): boolean {
  if (value.type === 'AwaitExpression') return isImport(value.argument);
  if (value.type === 'MemberExpression') return isImport(value.object);
  return (
    value.type === 'ImportExpression' ||
    (value.type === 'CallExpression' && value.callee.type === 'Identifier' && value.callee.name === 'require')
  );
}

export function defines({ statements }: Script, name: string): boolean {
  return statements.some((statement) => definedBy(statement).includes(name));
}

/** Names that are used, and neither declared nor assigned anywhere. */
export function lacking({ statements }: Pick<Script, 'statements'>): string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: AnyNode, parent: AnyNode): void => {
    if (
      node.type === 'AssignmentExpression' ||
      node.type === 'ForInStatement' ||
      node.type === 'ForOfStatement'
    )
      for (const name of namesIn(node.left)) declared.add(name);
    if (node.type === 'Identifier') {
      if (!isKey(node, parent)) used.add(node.name);
      return;
    }
    for (const name of declaredBy(node)) declared.add(name);
    for (const child of children(node)) visit(child, node);
  };
  const program = { type: 'Program', body: statements } as unknown as Program;
  for (const statement of statements) visit(statement, program);
  return [...used].filter((name) => !declared.has(name));
}

/** What a script says about some names: the statements that define them, or that begin with them (`memo.a = 1`). */
export function statementsAbout(script: Script, names: ReadonlySet<string>): AnyNode[] {
  return script.statements.filter((statement) => {
    if (definedBy(statement).some((name) => names.has(name))) return true;
    if (statement.type !== 'ExpressionStatement') return false;
    const { expression } = statement;
    const target =
      expression.type === 'AssignmentExpression'
        ? expression.left
        : expression.type === 'CallExpression'
          ? expression.callee
          : null;
    const root = target?.type === 'MemberExpression' ? rootOf(target) : null;
    return root !== null && names.has(root);
  });
}

/** `a` of `a.b[c].d`. */
function rootOf(node: AnyNode): string | null {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? rootOf(node.object) : null;
}

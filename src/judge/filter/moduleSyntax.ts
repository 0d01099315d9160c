/**
 * What programs written for Node have that a function's body may not: a first line for the shell, `import` and `export`.
 * It is read here and replaced by what means the same in a script.
 */
import type { AnyNode, ExportSpecifier, ImportDeclaration, Program } from 'acorn';
import { type Options, parse } from 'acorn';
import { givenName } from '../frame/words.ts';
import { declaredNames } from './syntax.ts';

/** A piece of the program's text and what stands in its place. */
export interface Edit {
  at: number;
  /** Default `at`: an insertion. */
  until?: number;
  text: string;
}

/** The version that both engines know. */
const languageVersion = 2025;

/** The names that the first line of a program may ask for; see frame/node/given.ts. */
export const givenNames: ReadonlySet<string> = new Set([
  ...['module', 'exports', 'require', 'process', 'global', '__filename', '__dirname', 'setTimeout'],
  ...['setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
]);

/** Without the line for the shell, and just as long. */
export function withoutHashbang(source: string): string {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source;
}

/** Reads a program as a script, or as a module when it imports or exports. @throws what the parser throws */
export function parseProgram(source: string, options: Omit<Options, 'ecmaVersion'> = {}): Program {
  const common = { ...options, ecmaVersion: languageVersion } as const;
  try {
    return parse(source, { ...common, sourceType: 'script' });
  } catch (error) {
    // The parser says so of both statements, and of `import.meta`.
    if (!/'sourceType: module'|import\.meta/.test((error as Error).message)) throw error;
    return parse(source, { ...common, sourceType: 'module', allowAwaitOutsideFunction: false });
  }
}

/**
 * The names that a program gives to something at its top: by declaring them, by assigning to them as sloppy programs do,
 * or by exporting something under them. Empty when it does not parse.
 */
export function definedNames(source: string): string[] {
  try {
    const { body } = parseProgram(withoutHashbang(source), { allowReturnOutsideFunction: true });
    return [...declaredNames(body), ...body.flatMap((statement) => givenNamesIn(statement))];
  } catch {
    return [];
  }
}

function givenNamesIn(statement: AnyNode): string[] {
  if (statement.type === 'ExportNamedDeclaration')
    return statement.specifiers.flatMap(({ exported }) =>
      exported.type === 'Identifier' ? [exported.name] : [],
    );
  if (statement.type !== 'ExpressionStatement') return [];
  const names: string[] = [];
  let { expression } = statement;
  // `exports = module.exports = { f }`
  for (; expression.type === 'AssignmentExpression'; expression = expression.right) {
    const { left } = expression;
    if (left.type === 'Identifier') names.push(left.name);
    if (left.type === 'MemberExpression' && left.property.type === 'Identifier' && !left.computed)
      if (isExports(left.object as AnyNode)) names.push(left.property.name);
    if (isExports(left) && expression.right.type === 'ObjectExpression')
      for (const property of expression.right.properties)
        if (property.type === 'Property' && property.key.type === 'Identifier') names.push(property.key.name);
  }
  return names;
}

/** `exports` or `module.exports`. */
function isExports(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === 'exports';
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    node.property.type === 'Identifier' &&
    node.property.name === 'exports'
  );
}

/** What a statement of a module becomes in a script, or null when it is none; a text says why it cannot be. */
export function moduleEdits(node: AnyNode): Edit[] | string | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return [{ at: node.start, until: node.end, text: requireText(node) }];
    case 'ExportAllDeclaration':
      return 'The program exports what another file holds, and there is no other file.';
    case 'ExportNamedDeclaration':
      if (node.source) return 'The program exports what another file holds, and there is no other file.';
      if (node.declaration) return [{ at: node.start, until: node.declaration.start, text: '' }];
      return [{ at: node.start, until: node.end, text: aliasText(node.specifiers) }];
    case 'ExportDefaultDeclaration': {
      const { declaration } = node;
      const isNamed =
        (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') &&
        declaration.id !== null;
      if (isNamed) return [{ at: node.start, until: declaration.start, text: '' }];
      return [
        { at: node.start, until: declaration.start, text: 'void(' },
        { at: declaration.end, text: ')' },
      ];
    }
    case 'MetaProperty':
      return node.meta.name === 'import'
        ? [{ at: node.start, until: node.end, text: '({url:"file:///program.js"})' }]
        : null;
    default:
      return null;
  }
}

/** `import a, { b as c } from "m"` as `const a=require("m"),{b:c}=require("m");` */
function requireText({ specifiers, source }: ImportDeclaration): string {
  const required = `${givenName}.require(${JSON.stringify(source.value)})`;
  const whole: string[] = [];
  const parts: string[] = [];
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    if (specifier.type === 'ImportSpecifier') {
      const { imported } = specifier;
      if (imported.type === 'Identifier' && imported.name === 'default') whole.push(`${name}=${required}`);
      else parts.push(`${imported.type === 'Literal' ? imported.raw : imported.name}:${name}`);
    } else whole.push(`${name}=${required}`);
  }
  if (parts.length > 0) whole.push(`{${parts.join(',')}}=${required}`);
  return whole.length > 0 ? `const ${whole.join(',')};` : `${required};`;
}

/** `export { a as b }` gives the function another name. */
function aliasText(specifiers: readonly ExportSpecifier[]): string {
  let text = '';
  for (const { local, exported } of specifiers) {
    if (local.type !== 'Identifier' || exported.type !== 'Identifier') continue;
    if (local.name !== exported.name && exported.name !== 'default')
      text += `var ${exported.name}=${local.name};`;
  }
  return text;
}

/** Where `$filtrate.own(` and `,"push")` go to make `xs.push = …` an assignment to `xs` alone; null when nowhere. */
export function ownEdits(target: AnyNode, source: string, offset: number): Edit[] | null {
  if (target.type !== 'MemberExpression' || target.object.type === 'Super') return null;
  const { property, computed } = target;
  let key: string;
  if (!computed && property.type === 'Identifier') key = property.name;
  else if (computed && property.type === 'Literal' && typeof property.value === 'string')
    key = property.value;
  else return null;
  if (!methodNames.has(key)) return null;
  let at = property.start - offset;
  while (/\s/.test(source[at - 1] ?? '')) at--;
  if (source[at - 1] !== (computed ? '[' : '.')) return null;
  return [
    { at: target.start, text: `${givenName}.own(` },
    { at: at - 1 + offset, text: `,${JSON.stringify(key)})` },
  ];
}

/** Methods of built-in prototypes that programs replace on objects of their own. */
const methodNames: ReadonlySet<string> = new Set(
  [Array.prototype, Function.prototype, Map.prototype, Set.prototype, Promise.prototype].flatMap(
    (prototype) =>
      Object.entries(Object.getOwnPropertyDescriptors(prototype))
        .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor')
        .map(([name]) => name),
  ),
);

/** What a test program uses that is not available here, as far as its text tells: said before anything is run. */
import { type AnyNode, parse } from 'acorn';
import { definedNames } from '../../filter/moduleSyntax.ts';
import { children, namesIn } from '../../filter/syntax.ts';
import { type CompiledCheck, completeProgram } from './checkText.ts';

/** Modules that tests may ask for, with or without `node:`; see harness.ts. */
const testModules = new Set(['assert', 'assert/strict', 'lodash', 'lodash/isEqual', 'process', 'util']);

/** @returns the construct and its line, or null @param code of the tests, as a script */
export function unsupportedIn(code: string): string | null {
  const lodashNames = new Set<string>();
  const visit = (node: AnyNode): string | null => {
    const name = requiredBy(node);
    if (name !== null && !testModules.has(name.replace(/^node:/, '')))
      return `the module ${name} (line ${lineOf(code, node.start)})`;
    if (node.type === 'VariableDeclarator' && node.init && requiredBy(node.init) === 'lodash') {
      if (node.id.type === 'Identifier') lodashNames.add(node.id.name);
      const other =
        node.id.type === 'Identifier' ? undefined : namesIn(node.id).find((own) => own !== 'isEqual');
      if (other) return `lodash.${other} (line ${lineOf(code, node.start)})`;
    }
    if (
      node.type === 'MemberExpression' &&
      node.object.type === 'Identifier' &&
      node.property.type === 'Identifier'
    )
      if (lodashNames.has(node.object.name) && node.property.name !== 'isEqual')
        return `lodash.${node.property.name} (line ${lineOf(code, node.start)})`;
    for (const child of children(node)) {
      const found = visit(child);
      if (found) return found;
    }
    return null;
  };
  return visit(
    parse(code, {
      ecmaVersion: 2023,
      sourceType: 'script',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
    }),
  );
}

/** The module that a call requires, or null. */
function requiredBy(node: AnyNode): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return null;
  const [name] = node.arguments;
  return node.callee.name === 'require' && name?.type === 'Literal' ? String(name.value) : null;
}

/** A name that the tests use and neither they nor the solution define, and its line, when a failure speaks of it. */
export function missingIn(failure: string, check: CompiledCheck, golden: string): string | null {
  const defined = definedNames(completeProgram(golden, check));
  const name = check.names
    .slice(1)
    .find((name) => !defined.includes(name) && failure.includes(`${name} is not a function`));
  if (name === undefined) return null;
  const at = new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}(?![\\w$])`).exec(check.code)?.index ?? 0;
  return `${name} (line ${lineOf(check.code, at)})`;
}

function lineOf(code: string, at: number): number {
  return code.slice(0, at).split('\n').length;
}

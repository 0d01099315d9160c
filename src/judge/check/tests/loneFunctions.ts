/**
 * Functions of a test program that depend on nothing around them, such as `x => x * 2` in `twice(3, x => x * 2)`. They
 * are inputs like any other, and may go to the program as source. One that asserts, throws, or uses a variable of the
 * tests stays where it is, and is called from afar: it may know what is expected.
 */
import { type AnyNode, parse } from 'acorn';
import { children, freeNames } from '../../filter/syntax.ts';
import { tickName } from '../../frame/words.ts';

const pure = new Set([
  ...['Object', 'Array', 'String', 'Number', 'Boolean', 'BigInt', 'Math', 'JSON', 'Map', 'Set', 'Date'],
  ...['RegExp', 'undefined', 'NaN', 'Infinity', 'isNaN', 'isFinite', 'parseInt', 'parseFloat', tickName],
]);

const longest = 2000;

/** @returns their source, as `toString` gives it */
export function loneFunctions(code: string): string[] {
  const found = new Set<string>();
  const visit = (node: AnyNode): void => {
    if (isLone(node)) found.add(code.slice(node.start, node.end));
    for (const child of children(node)) visit(child);
  };
  visit(parse(code, { ecmaVersion: 2023, sourceType: 'script' }));
  return [...found];
}

function isLone(node: AnyNode): boolean {
  if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return false;
  if (node.async || node.generator || node.end - node.start > longest) return false;
  return (
    isQuiet(node, node.type === 'ArrowFunctionExpression') && freeNames(node).every((name) => pure.has(name))
  );
}

/** Whether it neither throws nor, where it would be another's, says `this`. */
function isQuiet(node: AnyNode, sharesThis: boolean): boolean {
  if (/^(?:Throw|Await|Yield|Import|Meta)/.test(node.type) || node.type === 'Super') return false;
  if (node.type === 'ThisExpression' && sharesThis) return false;
  if (node.type === 'Identifier' && node.name === 'arguments') return false;
  const inside = sharesThis && !/^Function/.test(node.type);
  return children(node).every((child) => isQuiet(child, inside));
}

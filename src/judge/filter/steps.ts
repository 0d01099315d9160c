/**
 * Which parts of a program take steps that must be counted, and which functions are about to be called. Everything
 * that can repeat without end is counted; what cannot is not, because a count takes as long as a small step does.
 */
import type { AnyNode, FunctionDeclaration, Program } from 'acorn';
import { children } from './syntax.ts';

/** The function that a program consists of, or null when there is more to it. */
export function onlyFunction({ body }: Program): FunctionDeclaration | null {
  // The first statement is the prefix.
  const statements = body.slice(1).filter(({ type }) => type !== 'EmptyStatement');
  const [only] = statements;
  return statements.length === 1 && only.type === 'FunctionDeclaration' ? only : null;
}

/** The body that a counter goes into: of loops, because they repeat; of functions, because they recur. */
export function guardedBody(node: AnyNode): AnyNode | null {
  switch (node.type) {
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.body as AnyNode;
    default:
      return null;
  }
}

/**
 * A function handed to another, or given a name: it is about to be called. In parentheses it is compiled at once, which
 * saves a fifth of a small program's time. Nowhere else: at the start of a line they could join it to the one before.
 */
export function isFunctionInPlace(node: AnyNode, parent: AnyNode): boolean {
  if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return false;
  if (parent.type === 'CallExpression') return parent.callee !== node;
  return parent.type === 'VariableDeclarator' && parent.init === node;
}

/** Methods that call what they are given no more often than a list is long, or than sorting takes. */
const listMethods = new Set([
  ...['map', 'filter', 'reduce', 'reduceRight', 'some', 'every', 'forEach', 'flatMap', 'sort', 'toSorted'],
  ...['find', 'findIndex', 'findLast', 'findLastIndex'],
]);

const plainTypes = new Set([
  ...['Identifier', 'Literal', 'TemplateLiteral', 'TemplateElement', 'MemberExpression', 'ArrayExpression'],
  ...['BinaryExpression', 'LogicalExpression', 'ConditionalExpression', 'UnaryExpression'],
  ...['ArrayPattern', 'ObjectPattern', 'Property'],
]);

/**
 * `x => x % 2 === 0` in `xs.filter(x => x % 2 === 0)`: it calls nothing, changes nothing, and a list calls it. It ends
 * by itself, so its steps need no counting, which would take as long as the step.
 */
export function isPlainCallback(node: AnyNode, parent: AnyNode): boolean {
  if (node.type !== 'ArrowFunctionExpression' || node.async || parent.type !== 'CallExpression') return false;
  const { callee } = parent;
  if (callee.type !== 'MemberExpression' || callee.computed) return false;
  const { property } = callee;
  if (property.type !== 'Identifier' || !listMethods.has(property.name)) return false;
  return children(node).every((child) => isPlain(child, 0));
}

/** Small ones are worth it; and nothing here may recur as deep as a program likes. */
const deepestPlain = 20;

function isPlain(node: AnyNode, depth: number): boolean {
  if (depth > deepestPlain || !plainTypes.has(node.type)) return false;
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return false;
  return children(node).every((child) => isPlain(child, depth + 1));
}

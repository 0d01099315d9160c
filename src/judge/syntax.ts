/** Small questions about syntax trees. */
import type { AnyNode, Node } from 'acorn';

export function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

export function children(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((child) =>
    Array.isArray(child) ? child.filter(isNode) : isNode(child) ? [child] : [],
  );
}

/** A property name that is not looked up as a variable. */
export function isKey(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.property === node && !parent.computed;
    case 'Property':
      return parent.key === node && !parent.computed && !parent.shorthand;
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key === node && !parent.computed;
    default:
      return false;
  }
}

export function isDeclaration(node: AnyNode, parent: AnyNode): boolean {
  switch (parent.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
      return parent.id === node;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return parent.body !== node;
    case 'CatchClause':
      return parent.param === node;
    default:
      return false;
  }
}

/** The names that a list of statements declares for those around it. */
export function declaredNames(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
      return statement.id ? [statement.id.name] : [];
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  });
}

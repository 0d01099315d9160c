/** Small questions about syntax trees. */
import type { AnyNode, Node } from 'acorn';

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const key in node) {
    const child = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(child)) {
      for (const item of child) if (isNode(item)) found.push(item);
    } else if (isNode(child)) found.push(child);
  }
  return found;
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

const none: readonly string[] = [];

/** The names that a node declares, in its own scope or around it. */
export function declaredBy(node: AnyNode): readonly string[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return namesIn(node.id);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? [node.id.name] : [];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node.id ? [node.id.name, ...namesInAll(node.params)] : namesInAll(node.params);
    case 'ArrowFunctionExpression':
      return namesInAll(node.params);
    case 'CatchClause':
      return node.param ? namesIn(node.param) : none;
    default:
      return none;
  }
}

/** The variables in the target of a declaration or an assignment: `a`, `[a, b = 1]`, `{ c: d, ...e }`. */
export function namesIn(target: AnyNode): string[] {
  switch (target.type) {
    case 'Identifier':
      return [target.name];
    case 'ArrayPattern':
      return target.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'ObjectPattern':
      return target.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property : property.value),
      );
    case 'AssignmentPattern':
      return namesIn(target.left);
    case 'RestElement':
      return namesIn(target.argument);
    default:
      return [];
  }
}

function namesInAll(targets: readonly AnyNode[]): readonly string[] {
  // Nearly every function has one parameter, a plain name.
  if (targets.length === 1) return namesIn(targets[0]);
  return targets.flatMap(namesIn);
}

/** The names that a list of statements declares for those around it. */
export function declaredNames(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement): string[] => {
    if (statement.type === 'ImportDeclaration') return statement.specifiers.map(({ local }) => local.name);
    if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration')
      return statement.declaration ? declaredNames([statement.declaration]) : [];
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration')
      return statement.id ? [statement.id.name] : [];
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap(({ id }) => namesIn(id));
  });
}

/** Names that a part of a program uses and declares nowhere. */
export function freeNames(root: AnyNode): string[] {
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: AnyNode, parent: AnyNode): void => {
    if (node.type === 'Identifier') {
      if (!isKey(node, parent)) used.add(node.name);
      return;
    }
    for (const name of declaredBy(node)) declared.add(name);
    for (const child of children(node)) visit(child, node);
  };
  for (const name of declaredBy(root)) declared.add(name);
  for (const child of children(root)) visit(child, root);
  return [...used].filter((name) => !declared.has(name));
}

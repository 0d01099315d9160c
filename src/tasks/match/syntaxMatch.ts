/**
 * How much of a reference's syntax a program has, by the rule of CodeBLEU (arXiv 2009.10297): the share of the
 * reference's sub-trees that occur in the program. A sub-tree is its shape alone: names, values and operators do not
 * count, so `xs.map(x => x + 1)` and `ys.filter(y => y - 2)` are the same. CodeBLEU reads trees of tree-sitter; these are
 * acorn's.
 */
import type { AnyNode, Literal } from 'acorn';

/** The shape of every sub-tree that has children, in the order in which they begin; the same shape may come twice. */
export function subTrees(root: AnyNode): string[] {
  const shapes: string[] = [];
  const shapeOf = (node: AnyNode): string => {
    const at = shapes.length;
    const parts = partsOf(node);
    if (parts.length === 0) return `(${kindOf(node)})`;
    shapes.push('');
    const inner = parts.map(([role, part]) => ` ${role}: ${shapeOf(part)}`).join('');
    shapes[at] = `(${kindOf(node)}${inner})`;
    return shapes[at];
  };
  shapeOf(root);
  return shapes;
}

/** Share of the reference's sub-trees that occur in the program, each as often as the reference has it. */
export function syntaxMatch(reference: readonly string[], program: ReadonlySet<string>): number {
  return reference.filter((shape) => program.has(shape)).length / reference.length;
}

/** What a node is made of, in order, and as what. */
export function partsOf(node: AnyNode): [role: string, part: AnyNode][] {
  const found: [string, AnyNode][] = [];
  const fields = node as unknown as Readonly<Record<string, unknown>>;
  for (const role of Object.keys(fields)) {
    // In `{ a }` the key and the value are one word.
    if (role === 'key' && node.type === 'Property' && node.shorthand) continue;
    const value = fields[role];
    for (const part of Array.isArray(value) ? value : [value]) if (isNode(part)) found.push([role, part]);
  }
  return found.sort(([, a], [, b]) => a.start - b.start);
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as AnyNode).type === 'string';

/** A literal's kind is part of the shape, its value is not. */
const kindOf = (node: AnyNode): string => (node.type === 'Literal' ? literalKind(node) : node.type);

function literalKind({ regex, bigint, value }: Literal): string {
  if (regex) return 'RegExp';
  if (bigint) return 'BigInt';
  return value === null ? 'null' : typeof value;
}

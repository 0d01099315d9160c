/**
 * Prepares a test program so that its assertions are counted. There are two texts of it: one that stops at what fails
 * first, as Node does, and by which a program passes or not; and one that goes on, by which those that fail are graded.
 */
import type { AnyNode, Program } from 'acorn';
import { children, namesIn } from '../../filter/syntax.ts';

export interface Site {
  /** Of the assertion. */
  text: string;
  line: number;
}

export interface Instrumented {
  /** Stops at the first failure. */
  faithful: string;
  /** Goes on after failures. */
  graded: string;
  sites: Site[];
}

/** By which the prepared texts reach the harness. */
export const harnessName = '$harness';

interface Insertion {
  at: number;
  faithful: string;
  graded: string;
}

export function instrument(program: Program, code: string): Instrumented {
  const visit = new Instrumentation(program, code);
  visit.node(program, null);
  return { faithful: visit.text('faithful'), graded: visit.text('graded'), sites: visit.sites };
}

class Instrumentation {
  readonly sites: Site[] = [];
  readonly #code: string;
  readonly #insertions: Insertion[] = [];
  readonly #asserting: AssertingNames;

  constructor(program: Program, code: string) {
    this.#code = code;
    this.#asserting = new AssertingNames(program);
  }

  text(kind: 'faithful' | 'graded'): string {
    let text = '';
    let from = 0;
    for (const insertion of [...this.#insertions].sort((a, b) => a.at - b.at)) {
      text += this.#code.slice(from, insertion.at) + insertion[kind];
      from = insertion.at;
    }
    return text + this.#code.slice(from);
  }

  node(node: AnyNode, parent: AnyNode | null): void {
    const isStatement = node.type === 'ExpressionStatement' || node.type === 'IfStatement';
    if (isStatement && this.#asserting.includes(node)) {
      this.#assertion(node);
      return;
    }
    if (node.type === 'ArrowFunctionExpression' && node.expression && this.#asserting.includes(node.body)) {
      this.#arrow(node.body, node.async);
      return;
    }
    // A call that throws must not end the tests; what was to hold its result stays undefined and fails.
    const isVariable = node.type === 'VariableDeclaration' && node.kind === 'var' && isBlock(parent);
    const isCall = node.type === 'ExpressionStatement' && this.#asserting.calls(node.expression);
    if (isVariable || isCall) this.#guarded(node);
    if (node.type === 'ExpressionStatement') this.#floating(node.expression);
    if (node.type === 'VariableDeclarator' && node.init && this.#isLast(node.id)) this.#floating(node.init);
    for (const child of children(node)) this.node(child, node);
    this.#close(node);
  }

  /** What is to be put behind a node, once what is inside has been put in. */
  readonly #closings = new Map<AnyNode, Insertion[]>();

  #close(node: AnyNode): void {
    this.#insertions.push(...(this.#closings.get(node) ?? []));
  }

  #put(at: number, faithful: string, graded = faithful): void {
    this.#insertions.push({ at, faithful, graded });
  }

  #later(node: AnyNode, at: number, faithful: string, graded = faithful): void {
    const closings = this.#closings.get(node) ?? [];
    closings.push({ at, faithful, graded });
    this.#closings.set(node, closings);
  }

  #site(node: AnyNode): number {
    const text = this.#code.slice(node.start, node.end);
    return this.sites.push({ text, line: this.#code.slice(0, node.start).split('\n').length }) - 1;
  }

  #assertion(node: AnyNode): void {
    const begin = `{${harnessName}.begin(${this.#site(node)});`;
    this.#put(node.start, begin, `try${begin}`);
    const isFloating = node.type === 'ExpressionStatement' && node.expression.type === 'CallExpression';
    if (isFloating) {
      this.#put(node.start, `${harnessName}.floating(`);
      this.#put(node.expression.end, ')');
    }
    const end = `;${harnessName}.end()}`;
    this.#put(node.end, end, `${end}catch(error){${harnessName}.caught(error)}`);
  }

  #arrow(body: AnyNode, isAsync: boolean): void {
    // Parentheses around the body belong to it.
    const [start, end] = this.#withParentheses(body);
    this.#put(start, `${harnessName}.within(${this.#site(body)},${isAsync ? 'async ' : ''}()=>(`);
    this.#put(end, '))');
  }

  #withParentheses({ start, end }: AnyNode): [number, number] {
    const before = /\(\s*$/.exec(this.#code.slice(0, start));
    const isAfterArrow = before && /=>\s*$/.test(this.#code.slice(0, before.index));
    const after = /^\s*\)/.exec(this.#code.slice(end));
    return before && isAfterArrow && after ? [before.index, end + after[0].length] : [start, end];
  }

  #guarded(node: AnyNode): void {
    this.#put(node.start, '', 'try{');
    this.#later(node, node.end, '', `}catch(error){${harnessName}.stray(error)}`);
  }

  /** Whether a variable is never looked at: then nobody takes what it holds. */
  #isLast(id: AnyNode): boolean {
    if (id.type !== 'Identifier') return false;
    const name = id.name.replace(/\$/g, '\\$');
    return [...this.#code.matchAll(new RegExp(`(?<![\\w$])${name}(?![\\w$])`, 'g'))].length === 1;
  }

  #floating(expression: AnyNode): void {
    if (expression.type !== 'CallExpression') return;
    this.#put(expression.start, `${harnessName}.floating(`);
    this.#closings.set(expression, [{ at: expression.end, faithful: ')', graded: ')' }]);
  }
}

function isBlock(node: AnyNode | null): boolean {
  return node?.type === 'Program' || node?.type === 'BlockStatement';
}

/** What asserts: the functions of `assert`, by whatever name; `console.assert`; `throw`; the end of the process. */
class AssertingNames {
  readonly #names = new Set(['assert']);
  /** Functions of the tests in which something asserts. */
  readonly #helpers = new Set<string>();

  constructor(program: Program) {
    this.#collect(program);
    this.#collectHelpers(program);
  }

  /** Whether a node asserts by itself, not by a function that it defines. */
  includes(node: AnyNode): boolean {
    if (node.type === 'ThrowStatement') return true;
    if (/Function/.test(node.type)) return false;
    if (node.type === 'CallExpression' && this.#isAssertion(node.callee)) return true;
    if (node.type === 'AssignmentExpression' && pathOf(node.left) === 'process.exitCode') return true;
    return children(node).some((child) => this.includes(child));
  }

  /** Whether an expression calls a function of the tests that asserts. */
  calls(expression: AnyNode): boolean {
    return (
      expression.type === 'CallExpression' &&
      expression.callee.type === 'Identifier' &&
      this.#helpers.has(expression.callee.name)
    );
  }

  #isAssertion(callee: AnyNode): boolean {
    const path = pathOf(callee);
    return this.#names.has(path.split('.')[0]) || path === 'console.assert' || path === 'process.exit';
  }

  /** Names that are given to the module or to functions of it. */
  #collect(node: AnyNode): void {
    if (node.type === 'VariableDeclarator' && node.init && this.#isModule(node.init))
      for (const name of namesIn(node.id)) this.#names.add(name);
    for (const child of children(node)) this.#collect(child);
  }

  #isModule(init: AnyNode): boolean {
    if (init.type === 'MemberExpression') return this.#isModule(init.object);
    if (init.type === 'Identifier') return this.#names.has(init.name);
    if (init.type !== 'CallExpression' || pathOf(init.callee) !== 'require') return false;
    const [name] = init.arguments;
    return name?.type === 'Literal' && /^(?:node:)?assert(?:\/strict)?$/.test(String(name.value));
  }

  #collectHelpers(node: AnyNode): void {
    if (node.type === 'FunctionDeclaration' && node.id && this.#assertsInside(node.body))
      this.#helpers.add(node.id.name);
    if (
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      node.init &&
      /Function/.test(node.init.type)
    )
      if (this.#assertsInside((node.init as { body: AnyNode } & AnyNode).body))
        this.#helpers.add(node.id.name);
    for (const child of children(node)) this.#collectHelpers(child);
  }

  #assertsInside(node: AnyNode): boolean {
    return this.includes(node) || children(node).some((child) => this.#assertsInside(child));
  }
}

/** `a.b` as text; empty when it does not start from a name. */
function pathOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return '';
  const before = pathOf(node.object);
  return before && `${before}.${node.property.name}`;
}

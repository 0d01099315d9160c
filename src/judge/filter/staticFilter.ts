/**
 * Reads a program before it runs: refuses what does not parse or has no place in a task, puts a step counter into
 * every loop and function, and notes what the program reaches for. From the syntax tree, never from the text.
 */
import type { AnyNode, FunctionDeclaration, Program } from 'acorn';
import { givenName, tickName } from '../frame/words.ts';
import type { Attempt } from '../protocol.ts';
import {
  type Edit,
  givenNames,
  moduleEdits,
  ownEdits,
  parseProgram,
  withoutHashbang,
} from './moduleSyntax.ts';
import { guardedBody, isFunctionInPlace, isPlainCallback, onlyFunction } from './steps.ts';
import { children, declaredBy, declaredNames, isKey, namesIn } from './syntax.ts';

export interface Prepared {
  /** The program with its counters, ready for a sandbox. */
  code: string;
  /**
   * It is one function that keeps nothing from one call to the next, so that one instance of it can serve all of them;
   * `code` is then the text of that function and nothing else.
   */
  stateless: boolean;
  /** What it reaches for that is not there. */
  reaches: Reach[];
}

export type Reach = Pick<Attempt, 'kind' | 'what'>;

export interface Rejected {
  rejected: string;
}

/** Characters of a program. The longest known solution of a problem pack has 4,000. */
const longestSource = 32_768;
const deepestNesting = 200;

/** Names that exist on a page, in a worker or in Node, but not in a sandbox. */
const hostNames = new Set([
  ...['window', 'self', 'document', 'parent', 'top', 'frames', 'opener', 'location', 'navigator', 'history'],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'RTCPeerConnection', 'WebTransport', 'Request'],
  ...['postMessage', 'onmessage', 'addEventListener', 'dispatchEvent', 'MessageChannel', 'BroadcastChannel'],
  ...['Worker', 'SharedWorker', 'importScripts', 'close', 'Blob', 'FontFace', 'WebAssembly'],
  ...['requestAnimationFrame', 'crypto', 'indexedDB', 'caches', 'localStorage', 'sessionStorage'],
  ...['cookieStore', 'SharedArrayBuffer', 'Atomics', 'Buffer'],
]);

const codeMakers = new Set(['Function', 'eval']);

const builtIns = new Set([
  ...['globalThis', 'Object', 'Array', 'String', 'Number', 'Boolean', 'Symbol', 'BigInt', 'Math', 'JSON'],
  ...['Reflect', 'RegExp', 'Date', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'Error', 'TypeError'],
  ...['RangeError', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'Function', 'self', 'window', 'console'],
]);

/** Functions that write to their first argument. */
const writers = new Set(['defineProperty', 'defineProperties', 'setPrototypeOf', 'assign', 'freeze', 'set']);

export interface Leniency {
  /** Characters that a program may have. */
  longest?: number;
  /** Assigning to a name that is declared nowhere makes a variable of the program, as in Node's sloppy mode. */
  undeclared?: boolean;
}

export function prepare(
  given: string,
  { longest = longestSource, undeclared = false }: Leniency = {},
): Prepared | Rejected {
  if (given.length > longest) return { rejected: `The program is longer than ${longest} characters.` };
  const source = withoutHashbang(given);
  let program: Program;
  try {
    // The prefix makes the parser as strict as the sandbox.
    program = parseProgram(prefix + source);
  } catch (error) {
    const { message } = error as Error;
    // Either the parser ran out of stack, or it noticed in time.
    if (error instanceof RangeError || message.includes('stack space'))
      return { rejected: 'The program is nested too deeply.' };
    return { rejected: `The program does not parse: ${message}.` };
  }
  const only = onlyFunction(program);
  const visit = new Visit(source, only);
  try {
    visit.node(program, null, 0);
  } catch (error) {
    if (error instanceof Refusal) return { rejected: error.message };
    throw error;
  }
  const declarations = visit.given(program) + (undeclared ? visit.declarations() : '');
  const stateless = only !== null && declarations === '' && !visit.mentionsItself && !visit.asksForGiven;
  if (only && !stateless) visit.wrapOnly(only);
  return {
    code: stateless ? visit.code(only) : declarations + visit.code(),
    stateless,
    reaches: visit.reaches(),
  };
}

const prefix = '"use strict";';

class Refusal extends Error {}

class Visit {
  readonly #source: string;
  readonly #edits: Edit[] = [];
  readonly #declared = new Set<string>();
  readonly #assigned = new Set<string>();
  readonly #reached = new Map<string, Reach>();
  /** What it uses of that which Node gives to programs. */
  readonly #given = new Set<string>();

  /** The function that is the whole program, if there is one, and how often its name occurs. */
  readonly #only: FunctionDeclaration | null;
  #ownMentions = 0;

  constructor(source: string, only: FunctionDeclaration | null) {
    this.#source = source;
    this.#only = only;
  }

  /** A function that never says its own name cannot reach itself, and so leave nothing on itself. */
  get mentionsItself(): boolean {
    return this.#ownMentions > 1;
  }

  /** Whether what it was rewritten to needs what is given to each instance of a program. */
  get asksForGiven(): boolean {
    return this.#edits.some(({ text }) => text.startsWith(givenName));
  }

  /** The program with its counters, or that part of it. */
  code(part?: { start: number; end: number }): string {
    let from = part ? part.start - prefix.length : 0;
    let code = '';
    for (const { at, until = at, text } of this.#edits.sort((a, b) => a.at - b.at)) {
      code += this.#source.slice(from, at) + text;
      from = until;
    }
    return code + this.#source.slice(from, part ? part.end - prefix.length : undefined);
  }

  /** Variables for the names that are assigned and declared nowhere. */
  declarations(): string {
    const names = [...this.#assigned].filter((name) => !this.#declared.has(name) && !builtIns.has(name));
    return names.length > 0 ? `var ${names.join(',')};` : '';
  }

  /** The first line of a program that uses what Node gives: it asks for that, unless it declares the same name. */
  given({ body }: Program): string {
    if (this.#given.size === 0) return '';
    // What it exports is looked for in its module.
    if (this.#given.has('exports')) this.#given.add('module');
    const declared = new Set(declaredNames(body));
    const names = [...this.#given].filter((name) => !declared.has(name));
    return names.length > 0 ? `var{${names.join(',')}}=${givenName}();` : '';
  }

  /** A program that declares `location` itself does not reach for the page's. */
  reaches(): Reach[] {
    return [...this.#reached]
      .filter(([, { what }]) => !this.#declared.has(what.split('.')[0]))
      .map(([, reach]) => reach);
  }

  node(node: AnyNode, parent: AnyNode | null, depth: number): void {
    if (depth > deepestNesting) throw new Refusal('The program is nested too deeply.');
    switch (node.type) {
      case 'ImportExpression':
        throw new Refusal('The program uses import, which is not available.');
      case 'DebuggerStatement':
        throw new Refusal('The program uses debugger, which is not available.');
      case 'Identifier':
        this.#identifier(node.name, node, parent);
        return;
      case 'AssignmentExpression':
        this.#write(node.left);
        if (node.operator === '=') this.#edit(ownEdits(node.left, this.#source, prefix.length) ?? []);
        break;
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) this.#declared.add(local.name);
        this.#module(node);
        return;
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportDefaultDeclaration':
      case 'MetaProperty':
        this.#module(node);
        break;
      case 'UpdateExpression':
        this.#write(node.argument);
        break;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#write(node.argument);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        for (const name of namesIn(node.left)) this.#assigned.add(name);
        break;
      case 'CallExpression':
        this.#call(node);
        break;
    }
    for (const name of declaredBy(node)) this.#declared.add(name);
    const isArgument = parent !== null && isFunctionInPlace(node, parent);
    if (isArgument) this.#insert(node.start, '(');
    const isUncounted = node === this.#only || (isArgument && isPlainCallback(node, parent));
    const body = isUncounted ? null : guardedBody(node);
    const wrap = body && this.#guard(body, node);
    for (const child of children(node)) this.node(child, node, depth + 1);
    if (wrap) this.#insert(wrap.at, wrap.text);
    if (isArgument) this.#insert(node.end, ')');
  }

  /**
   * A program that is one function is counted only if it says its own name: otherwise it cannot recur. And it becomes
   * `var f=(function f…)`, which means the same, unless the function assigns to its own name, and engines compile what
   * stands in parentheses at once, not after a first reading.
   */
  wrapOnly(only: FunctionDeclaration): void {
    if (this.mentionsItself) this.#guard(only.body, only);
    const { name } = only.id;
    if (this.#assigned.has(name)) return;
    this.#insert(only.start, `var ${name}=(`);
    this.#insert(only.end, ')');
  }

  /** Inserts the counter; what it returns closes the wrapping, after what is inside has been visited. */
  #guard(body: AnyNode, owner: AnyNode): { at: number; text: string } | null {
    if (body.type === 'BlockStatement') {
      this.#insert(body.start + 1, `${tickName}();`);
      return null;
    }
    const isArrow = owner.type === 'ArrowFunctionExpression';
    this.#insert(body.start, isArrow ? `(${tickName}(),` : `{${tickName}();`);
    return { at: body.end, text: isArrow ? ')' : '}' };
  }

  #insert(at: number, text: string): void {
    const place = at - prefix.length;
    this.#edits.push({ at: place, until: place, text });
  }

  #edit(edits: readonly Edit[]): void {
    for (const { at, until = at, text } of edits)
      this.#edits.push({ at: at - prefix.length, until: until - prefix.length, text });
  }

  #module(node: AnyNode): void {
    const edits = moduleEdits(node);
    if (typeof edits === 'string') throw new Refusal(edits);
    this.#edit(edits ?? []);
  }

  #identifier(name: string, node: AnyNode, parent: AnyNode | null): void {
    if (name === this.#only?.id.name) this.#ownMentions++;
    if (name === tickName || name === givenName) throw new Refusal(`The name ${name} is reserved.`);
    if (!parent || isKey(node, parent)) return;
    if (givenNames.has(name)) this.#given.add(name);
    else if (hostNames.has(name)) this.#reach('global', name);
    else if (codeMakers.has(name)) this.#reach('constructor', name);
  }

  #write(target: AnyNode): void {
    for (const name of namesIn(target)) this.#assigned.add(name);
    const path = pathOf(target);
    // Node's console may be changed; the shared one may not.
    if (path?.[0] === 'console') this.#given.add('console');
    else if (path && (builtIns.has(path[0]) || path.includes('prototype') || path.includes('__proto__')))
      this.#reach('prototype', path.join('.'));
  }

  #call({ callee, arguments: args }: Extract<AnyNode, { type: 'CallExpression' }>): void {
    const path = pathOf(callee);
    if (!path) return;
    const name = path[path.length - 1];
    if (path.length > 1 && name === 'constructor') this.#reach('constructor', path.join('.'));
    else if ((path[0] === 'Object' || path[0] === 'Reflect') && writers.has(name) && args[0])
      this.#write(args[0] as AnyNode);
  }

  #reach(kind: Reach['kind'], what: string): void {
    this.#reached.set(`${kind} ${what}`, { kind, what });
  }
}

/** `a.b["c"]` as ['a', 'b', 'c'], or null when it does not start from a name. */
function pathOf(node: AnyNode): string[] | null {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression') return isLiteralLike(node) ? ['…'] : null;
  const path = pathOf(node.object as AnyNode);
  if (!path) return null;
  const { property } = node;
  if (!node.computed && property.type === 'Identifier') path.push(property.name);
  else if (property.type === 'Literal') path.push(String(property.value));
  else path.push('[…]');
  return path;
}

/** Values whose members are those of a built-in prototype: `[].constructor`, `(() => {}).constructor`. */
function isLiteralLike(node: AnyNode): boolean {
  return /^(Array|Object|Function|ArrowFunction)Expression$|Literal$/.test(node.type);
}

/** A problem whose tests are a program: what the judge is told about it, and how it is read. */
import { type AnyNode, type Program, parse } from 'acorn';
import { JudgeError } from '../judgeError.ts';
import { definedNames, withoutHashbang } from '../moduleSyntax.ts';
import { children, declaredBy, declaredNames, isKey } from '../syntax.ts';

/** As it travels from a client to the judge. */
export interface CheckText {
  /** What programs continue, unless they bring the whole function. */
  prompt: string;
  stopTokens: readonly string[];
  /** The pack's test program. */
  code: string;
}

export interface CompiledCheck {
  entry: string;
  prompt: string;
  stopTokens: readonly string[];
  /** What the prompt defines before the function under test, by name. */
  helpers: { names: string[]; text: string }[];
  /** Functions that the tests call and the program must define; the entry first. */
  names: string[];
  /** The test program with its assertions counted; the body of a function of `harness`. */
  body: string;
  /** Text of each assertion statement. */
  sites: string[];
}

const builtIns = new Set([
  ...[
    'Object',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Symbol',
    'BigInt',
    'Math',
    'JSON',
    'Reflect',
    'Date',
  ],
  ...[
    'RegExp',
    'Map',
    'Set',
    'WeakMap',
    'WeakSet',
    'Promise',
    'Error',
    'TypeError',
    'RangeError',
    'undefined',
  ],
  ...['NaN', 'Infinity', 'isNaN', 'isFinite', 'parseInt', 'parseFloat', 'console', 'assert', 'require'],
  ...['arguments', 'globalThis', 'process', 'module', 'exports'],
]);

/** @throws JudgeError('bad-tests') when the tests do not parse, or hold no assertion */
export function compileCheck(entry: string, { prompt, stopTokens, code }: CheckText): CompiledCheck {
  let program: Program;
  try {
    program = parseScript(code);
  } catch (error) {
    throw new JudgeError('bad-tests', `The tests do not parse: ${(error as Error).message}.`);
  }
  const { body, sites } = instrument(program, code);
  if (sites.length === 0) throw new JudgeError('bad-tests', 'The tests hold no assertion.');
  const free = freeNames(program).filter((name) => !builtIns.has(name) && name !== entry);
  return {
    entry,
    prompt,
    stopTokens,
    helpers: helpersOf(prompt, entry),
    names: [entry, ...free],
    body,
    sites,
  };
}

/**
 * The whole program: what was given, if it defines the entry by itself, and else the prompt with what was given in
 * place of the missing body. A whole program gets the prompt's helpers that it does not define.
 */
export function completeProgram(given: string, check: CompiledCheck): string {
  const { entry, prompt, helpers, stopTokens } = check;
  // A completion is no program by itself, and defines nothing.
  const names = definedNames(given);
  if (names.includes(entry)) {
    const missing = helpers.filter((helper) => !helper.names.some((name) => names.includes(name)));
    return [...missing.map(({ text }) => text), withoutHashbang(given)].join('\n');
  }
  const cuts = stopTokens.map((token) => given.indexOf(token)).filter((at) => at >= 0);
  return prompt + given.slice(0, Math.min(given.length, ...cuts));
}

function parseScript(text: string): Program {
  return parse(text, { ecmaVersion: 2023, sourceType: 'script', allowReturnOutsideFunction: true });
}

/** What the prompt defines besides the function that it leaves open. */
function helpersOf(prompt: string, entry: string): CompiledCheck['helpers'] {
  try {
    return parseScript(`${prompt}\n}`).body.flatMap((statement) => {
      const names = declaredNames([statement]);
      return names.length === 0 || names.includes(entry)
        ? []
        : [{ names, text: prompt.slice(statement.start, statement.end) }];
    });
  } catch {
    return [];
  }
}

/** Names that are used and declared nowhere: those of the program under test. */
function freeNames(program: Program): string[] {
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
  for (const child of children(program)) visit(child, program);
  return [...used].filter((name) => !declared.has(name));
}

/** Puts each assertion into a `try` of its own, so that all of them are reached. */
function instrument(program: Program, code: string): { body: string; sites: string[] } {
  const insertions: { at: number; text: string }[] = [];
  const sites: string[] = [];
  const wrap = (statement: AnyNode, site: number | null): void => {
    insertions.push({
      at: statement.start,
      text: site === null ? 'try{' : `try{harness.begin(${site});`,
    });
    const caught = site === null ? '' : 'harness.caught(error)';
    insertions.push({
      at: statement.end,
      text: `${site === null ? '' : ';harness.end()'}}catch(error){${caught}}`,
    });
  };
  const visit = (node: AnyNode, parent: AnyNode | null): void => {
    const isStatement = node.type === 'ExpressionStatement' || node.type === 'IfStatement';
    if (isStatement && asserts(node)) {
      wrap(node, sites.push(code.slice(node.start, node.end)) - 1);
      return;
    }
    // A call that throws must not end the tests; what was to hold its result stays undefined and fails.
    if (node.type === 'VariableDeclaration' && node.kind === 'var' && isBlock(parent)) wrap(node, null);
    for (const child of children(node)) visit(child, node);
  };
  visit(program, null);
  let body = '';
  let from = 0;
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at)) {
    body += code.slice(from, at) + text;
    from = at;
  }
  return { body: body + code.slice(from), sites };
}

function isBlock(node: AnyNode | null): boolean {
  return node?.type === 'Program' || node?.type === 'BlockStatement';
}

/** Whether a statement asserts by itself: calls an assertion, or throws; not by a function that it defines. */
function asserts(node: AnyNode): boolean {
  if (node.type === 'ThrowStatement') return true;
  if (/Function/.test(node.type)) return false;
  if (node.type === 'CallExpression') {
    const { callee } = node;
    if (callee.type === 'Identifier' && callee.name === 'assert') return true;
    if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier') {
      const { property } = callee;
      if (callee.object.name === 'assert') return true;
      if (callee.object.name === 'console' && property.type === 'Identifier' && property.name === 'assert')
        return true;
    }
  }
  return children(node).some(asserts);
}

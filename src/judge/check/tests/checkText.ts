/** A problem whose tests are a program: what the judge is told about it, and how it is read. */
import { type Program, parse } from 'acorn';
import { definedNames, withoutHashbang } from '../../filter/moduleSyntax.ts';
import { declaredNames, freeNames } from '../../filter/syntax.ts';
import { JudgeError } from '../../judgeError.ts';
import { type Instrumented, instrument } from './instrument.ts';
import { scriptOfModule } from './moduleTests.ts';
import { nodeNames, testNames } from './testNames.ts';

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
  /** The test program with its assertions counted. */
  tests: Instrumented;
  /** The test program as a script. */
  code: string;
  /** It was a module, so `await` may stand anywhere in it. */
  isModule: boolean;
}

/** What tests have around them, besides the functions under test. */
const known = new Set<string>([
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
  ...['RegExp', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'Error', 'AggregateError', 'EvalError'],
  ...['RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'ArrayBuffer', 'DataView'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array'],
  ...['Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
  ...['undefined', 'NaN', 'Infinity', 'isNaN', 'isFinite', 'parseInt', 'parseFloat', 'encodeURI'],
  ...[
    'encodeURIComponent',
    'decodeURI',
    'decodeURIComponent',
    'escape',
    'unescape',
    'arguments',
    'globalThis',
  ],
  ...testNames,
  ...nodeNames,
]);

/** @throws JudgeError('bad-tests') when the tests do not parse, or hold no assertion */
export function compileCheck(entry: string, { prompt, stopTokens, code }: CheckText): CompiledCheck {
  const { program, text, isModule } = readTests(code);
  const tests = instrument(program, text);
  if (tests.sites.length === 0) throw new JudgeError('bad-tests', 'The tests hold no assertion.');
  const free = freeNames(program).filter((name) => !known.has(name) && name !== entry);
  return {
    entry,
    prompt,
    stopTokens,
    helpers: helpersOf(prompt, entry),
    names: [entry, ...free],
    tests,
    code: text,
    isModule,
  };
}

/** A script, as most tests are, or else a module. */
function readTests(code: string): { program: Program; text: string; isModule: boolean } {
  try {
    return { program: parseScript(code), text: code, isModule: false };
  } catch (error) {
    try {
      const text = scriptOfModule(code);
      return { program: parseScript(text, true), text, isModule: true };
    } catch {
      throw new JudgeError('bad-tests', `The tests do not parse: ${(error as Error).message}.`);
    }
  }
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

function parseScript(text: string, mayAwait = false): Program {
  return parse(text, {
    ecmaVersion: 2023,
    sourceType: 'script',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: mayAwait,
  });
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

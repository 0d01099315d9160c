/** One record of each known kind of file, read into a problem. Each throws PackError naming what is wrong. */
import type { TestCase } from '../problem.ts';
import { type Fields, PackError, type PackFormat, type PackProblem, revive, text } from './pack.ts';

export interface RecordFormat {
  format: PackFormat;
  /** Whether a record is of this kind, by its fields. */
  fits(record: Fields): boolean;
  read(record: Fields): PackProblem;
}

/** Milliseconds for one program, where the pack does not say. The known harnesses allow 3 to 10 seconds of Node. */
const defaultTimeoutMs = 2000;

/**
 * MultiPL-E, `humaneval-js` and `mbpp-js`: `name, language, prompt, doctests, original, prompt_terminology, tests,
 * stop_tokens`. No solution, no entry: the tests say `let candidate = f;`.
 */
const multiplE: RecordFormat = {
  format: 'multipl-e',
  fits: (record) => 'tests' in record && 'stop_tokens' in record && 'name' in record,
  read(record) {
    const language = text(record, 'language');
    if (language !== 'js') throw new PackError(`it is ${language}, not js`);
    const testCode = text(record, 'tests');
    const entry = /\blet\s+candidate\s*=\s*([A-Za-z_$][\w$]*)\s*;/.exec(testCode)?.[1];
    if (!entry) throw new PackError('its tests do not say "let candidate = …;"');
    const stopTokens = record.stop_tokens;
    if (!Array.isArray(stopTokens) || stopTokens.some((token) => typeof token !== 'string'))
      throw new PackError('"stop_tokens" is not a list of texts');
    const name = text(record, 'name');
    return {
      id: name,
      title: titleOf(name.replace(/^(HumanEval|mbpp)_\d+_/, '')),
      prompt: commented(text(record, 'prompt')),
      entry,
      tests: [],
      testCode,
      stopTokens,
      timeoutMs: defaultTimeoutMs,
      source: 'MultiPL-E',
      licence: 'MIT (HumanEval), CC BY 4.0 (MBPP)',
    };
  },
};

/** HumanEval-X JavaScript: `task_id, prompt, declaration, canonical_solution, test, example_test`. */
const humanEvalX: RecordFormat = {
  format: 'humaneval-x',
  fits: (record) => 'declaration' in record && 'canonical_solution' in record && 'test' in record,
  read(record) {
    const id = text(record, 'task_id');
    if (!id.startsWith('JavaScript/')) throw new PackError(`${id} is not JavaScript`);
    const declaration = text(record, 'declaration');
    // The declaration may begin with helpers; the function under test is the one that is left open at its end.
    const entry = /(?:const|let|var|function)\s+([A-Za-z_$][\w$]*)[^\n]*\{\s*$/.exec(declaration)?.[1];
    if (!entry) throw new PackError('its declaration does not end with the head of a function');
    return {
      id,
      title: titleOf(entry),
      prompt: text(record, 'prompt'),
      entry,
      tests: [],
      testCode: text(record, 'test'),
      stopTokens: [],
      golden: text(record, 'canonical_solution'),
      timeoutMs: defaultTimeoutMs,
      source: 'HumanEval-X',
      licence: 'Apache 2.0',
    };
  },
};

/**
 * MBXP JavaScript, multilingual HumanEval and MathQA: `task_id, language, prompt, description, entry_point, test,
 * canonical_solution` (which may be null).
 */
const mbxp: RecordFormat = {
  format: 'mbxp',
  fits: (record) => 'entry_point' in record && 'description' in record && 'test' in record,
  read(record) {
    const language = text(record, 'language');
    if (language !== 'javascript') throw new PackError(`it is ${language}, not javascript`);
    const entry = text(record, 'entry_point');
    const { canonical_solution: golden } = record;
    return {
      id: text(record, 'task_id'),
      title: titleOf(entry),
      prompt: text(record, 'prompt'),
      entry,
      tests: [],
      testCode: text(record, 'test'),
      stopTokens: [],
      ...(typeof golden === 'string' ? { golden } : {}),
      timeoutMs: defaultTimeoutMs,
      source: 'MBXP',
      licence: 'Apache 2.0',
    };
  },
};

/** Our own: one object, `{format, name, licence, problems}`; its problems are read one by one. */
const own: RecordFormat = {
  format: 'filtrate-pack/1',
  fits: (record) => 'entry' in record && Array.isArray(record.tests),
  read(record) {
    const entry = text(record, 'entry');
    const tests: TestCase[] = [];
    const code: string[] = [];
    for (const [i, test] of (record.tests as Fields[]).entries()) {
      if (typeof test?.code === 'string') code.push(test.code);
      else if (Array.isArray(test?.args) && 'expect' in test)
        tests.push({
          args: test.args.map((arg) => revive(arg, `tests[${i}].args`)),
          expected: revive(test.expect, `tests[${i}].expect`),
        });
      else throw new PackError(`tests[${i}] is neither {args, expect} nor {code}`);
    }
    if (tests.length === 0 && code.length === 0) throw new PackError('it has no tests');
    if (tests.length > 0 && code.length > 0)
      throw new PackError('it mixes tests that are data with tests that are code');
    const { golden, timeoutMs = defaultTimeoutMs } = record;
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 1 && timeoutMs <= 10_000))
      throw new PackError('"timeoutMs" must be a number from 1 to 10000');
    return {
      id: text(record, 'id'),
      title: typeof record.title === 'string' ? record.title : titleOf(entry),
      prompt: typeof record.prompt === 'string' ? record.prompt : '',
      entry,
      tests,
      ...(code.length > 0 ? { testCode: code.join('\n') } : {}),
      stopTokens: [],
      ...(typeof golden === 'string' ? { golden } : {}),
      timeoutMs,
      source: typeof record.source === 'string' ? record.source : '',
      licence: typeof record.licence === 'string' ? record.licence : '',
    };
  },
};

export const recordFormats: readonly RecordFormat[] = [multiplE, humanEvalX, mbxp, own];

/** Some editions comment only the first line of a prompt; the rest would not parse. */
export function commented(prompt: string): string {
  const lines = prompt.split('\n');
  const head = lines.findLastIndex((line) => /^(async )?function\b/.test(line));
  return lines
    .map((line, i) => (i < head && line.trim() !== '' && !line.startsWith('//') ? `// ${line}` : line))
    .join('\n');
}

/** `has_close_elements` and `hasCloseElements` as words. */
function titleOf(name: string): string {
  const words = name.replace(/_/g, ' ').replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Tests as the judge keeps them: the inputs as text that may enter a sandbox, the expectations as text that may not. */
import { Checker } from '../check/checker.ts';
import { compileCheck } from '../check/tests/checkText.ts';
import type { Talk } from '../frame/words.ts';
import { JudgeError } from '../judgeError.ts';
import type { TestSet } from '../protocol.ts';
import type { Verdict } from '../verdict.ts';
import { testText } from './testText.ts';

export interface CompiledSet {
  /** The same for the same tests, whoever asks. */
  id: number;
  /** The program's functions under test; the entry first. */
  names: readonly string[];
  /** Source of an array with one function per call, which makes its arguments. See frame/runner.ts. */
  make: string;
  wait: boolean;
  /** Asked once and not again. */
  once: boolean;
  guardArguments: boolean;
  /** See frame/runner.ts. */
  talk: Talk;
  messages: string;
  canary: boolean;
  /** Canonical text of each expected output, in the order of the tests. */
  expected: readonly string[];
  /** All of them as one text, since most programs are wholly right or far off. */
  expectedText: string;
  /** The verdict on a program that gives exactly them. */
  allPassed: Readonly<Verdict>;
  /** The arguments as text, for the person who asks what a program got wrong. */
  argumentText: readonly string[];
  /** Source of an array of [arguments, expected] pairs. For the naive judge alone: no other may see it. */
  answers: string;
  /** Judges by tests that are code; there are no `expected` then. */
  checker?: Checker;
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** @throws JudgeError('bad-tests') naming the test at fault. */
export function compileSet(set: TestSet, id: number): CompiledSet {
  const { entry, tests } = set;
  if (typeof entry !== 'string' || !identifier.test(entry))
    throw new JudgeError('bad-tests', `The entry "${entry}" is not the name of a function.`);
  if (set.check) {
    const checker = new Checker(compileCheck(entry, set.check));
    return { ...talkSet(checker.check.names, id, 'program', ''), canary: set.canary ?? false, checker };
  }
  if (!Array.isArray(tests) || tests.length === 0)
    throw new JudgeError('bad-tests', 'A task needs at least one test.');
  const texts = tests.map((test, i) => {
    try {
      return testText(test, `tests[${i}]`);
    } catch (error) {
      throw new JudgeError('bad-tests', (error as Error).message);
    }
  });
  const expected = texts.map(({ expected }) => expected);
  return {
    id,
    names: [entry],
    once: false,
    make: `[${texts.map(({ args }) => `()=>[0,${args}]`).join(',')}]`,
    wait: set.async ?? false,
    guardArguments: set.mutation !== 'allow',
    talk: '',
    messages: '',
    canary: set.canary ?? false,
    expected,
    expectedText: expected.join('\n'),
    allPassed: { status: 'ok', passed: tests.length, total: tests.length, score: 1 },
    argumentText: texts.map(({ argumentText }) => argumentText),
    answers: `[${texts.map(({ args, expectedSource }) => `[${args},${expectedSource}]`).join(',')}]`,
  };
}

/** What tests that are code and a program say to each other: the verdict is found elsewhere. */
export function talkSet(names: readonly string[], id: number, talk: Talk, messages: string): CompiledSet {
  return {
    id,
    names,
    once: true,
    // The tests take what the program said.
    make: talk === 'tests' ? `[()=>[0,[${JSON.stringify(messages)}]]]` : '[]',
    wait: false,
    guardArguments: false,
    talk,
    messages: talk === 'program' ? messages : '',
    canary: false,
    expected: [],
    expectedText: '',
    allPassed: { status: 'ok', passed: 0, total: 0, score: 0 },
    argumentText: [],
    answers: '[]',
  };
}

/** The text by which two sets are known to be the same. */
export function setIdentity(set: CompiledSet): string {
  const { names, make, wait, guardArguments, canary, expectedText, checker } = set;
  if (checker) return `${canary}\n${JSON.stringify(checker.check)}`;
  return `${names[0]}\n${make}\n${wait}${guardArguments}${canary}\n${expectedText}`;
}

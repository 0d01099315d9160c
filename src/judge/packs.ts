/**
 * Problem packs at work: reads a file, runs each problem's own solution and an empty body, and sets aside what does
 * not hold. A problem whose solution fails, or that an empty body passes, would teach nothing but its own fault.
 */
import type { Pack, PackProblem } from '../tasks/packs/pack.ts';
import { parsePack } from '../tasks/packs/parsePack.ts';
import { type CompiledCheck, compileCheck } from './check/tests/checkText.ts';
import { missingIn, unsupportedIn } from './check/tests/unsupported.ts';
import type { JudgeClient, JudgeRequest } from './client.ts';
import { JudgeError } from './judgeError.ts';
import type { JudgeOptions } from './protocol.ts';
import type { Verdict } from './verdict.ts';

export interface ImportedProblem extends PackProblem {
  /**
   * checked: its solution passes and an empty body does not. unchecked: it brings no solution. quarantined: it cannot
   * be used, for the reason given.
   */
  check: 'checked' | 'unchecked' | 'quarantined';
  reason?: string;
  /** Why a pass on it may mean little. */
  warning?: string;
  /** Number of assertions, or of tests that are data. */
  assertions: number;
  /** Each of them, as text. */
  assertionTexts: string[];
  /** Verdicts on the pack's solution, where there is one, and on an empty body. */
  goldenVerdict?: Verdict;
  emptyVerdict?: Verdict;
}

export interface ImportedPack extends Pack {
  problems: ImportedProblem[];
  counts: { checked: number; unchecked: number; quarantined: number; dropped: number };
}

const moduleNeeded = /\brequire\(\s*['"]([^'"]+)['"]\s*\)/;

/** Programs that do nothing and always say the same; good tests notice. */
const constants = ['[]', 'true', 'false', '0', "''", 'null', 'arguments[0]'];

/**
 * @param text of the file @param name of the file, for people @param options which engine checks it
 * @param onProgress told after each problem
 * @throws PackError when the file is no pack
 */
export async function importPack(
  client: JudgeClient,
  text: string,
  name: string,
  options: JudgeOptions = {},
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ImportedPack> {
  const pack = parsePack(text, name);
  let done = 0;
  const problems = await Promise.all(
    pack.problems.map(async (problem) => {
      const imported = await checkProblem(client, problem, options);
      onProgress(++done, pack.problems.length);
      return imported;
    }),
  );
  const count = (check: ImportedProblem['check']): number =>
    problems.filter((problem) => problem.check === check).length;
  return {
    ...pack,
    problems,
    counts: {
      checked: count('checked'),
      unchecked: count('unchecked'),
      quarantined: count('quarantined'),
      dropped: pack.dropped.length,
    },
  };
}

/** One verdict per program. A program is a whole function, or continues the problem's prompt. */
export function judgeProblem(
  client: JudgeClient,
  problem: PackProblem,
  programs: readonly string[],
  options: JudgeOptions = {},
): Promise<Verdict[]> {
  const { id, entry, tests, testCode, prompt, stopTokens, timeoutMs } = problem;
  const requests = programs.map((given): JudgeRequest => {
    // Tests that are code bring the prompt along; before tests that are data it is put here.
    const source = testCode === undefined ? continued(problem, given) : given;
    const request: JudgeRequest = { source, key: `pack ${id}`, entry, tests, mutation: 'allow' };
    // A problem with tests as data and no prompt is a function to write, not one to go on with.
    if (testCode !== undefined) request.check = { prompt, stopTokens, code: testCode };
    return request;
  });
  return client.judge(requests, { timeoutMs, ...options });
}

/** The program with the prompt before it, where the prompt leaves the function open that the program lacks. */
function continued({ prompt, entry }: PackProblem, given: string): string {
  if (!/\{\s*$/.test(prompt)) return given;
  const name = entry.replace(/\W/g, '\\$&');
  const whole = new RegExp(`\\b(?:function\\*?|class|const|let|var)\\s+${name}(?![\\w$])`).test(given);
  return whole ? given : prompt + given;
}

async function checkProblem(
  client: JudgeClient,
  problem: PackProblem,
  options: JudgeOptions,
): Promise<ImportedProblem> {
  const { golden } = problem;
  const quarantined = (reason: string, rest: Partial<ImportedProblem> = {}): ImportedProblem => ({
    ...problem,
    assertions: problem.tests.length,
    assertionTexts: [],
    ...rest,
    check: 'quarantined',
    reason,
  });
  const unavailable = (what: string): ImportedProblem =>
    quarantined(`Its tests use ${what}, which is not available here.`, found);
  const toProgram = (constant: string): string => `function ${problem.entry}() { return ${constant}; }`;
  let found: Partial<ImportedProblem> = {};
  const judged = (programs: string[], rest: JudgeOptions): Promise<Verdict[]> =>
    judgeProblem(client, problem, programs, { ...options, ...rest });
  let first: Verdict;
  let check: CompiledCheck | undefined;
  try {
    check = compiled(problem);
    const unsupported = check && unsupportedIn(check.code);
    if (unsupported) return unavailable(unsupported);
    [first] = await judged([golden ?? emptyBody(problem)], { outputs: true });
  } catch (error) {
    if (error instanceof JudgeError && error.code === 'bad-tests') return quarantined(error.message);
    throw error;
  }
  found = { assertions: first.total, assertionTexts: (first.tests ?? []).map(({ args }) => args) };
  found[golden === undefined ? 'emptyVerdict' : 'goldenVerdict'] = first;
  if (first.unsupported) return unavailable(first.unsupported);
  if (golden !== undefined && first.score < 1) {
    if (first.isVacuous)
      return quarantined('Its tests reach no assertion: nothing calls what they define.', found);
    const { detail = '' } = first;
    const module = detail.includes('Cannot find module') && moduleNeeded.exec(problem.prompt + golden)?.[1];
    if (module) return quarantined(`It needs the module ${module}, which is not available here.`, found);
    const missing = check && missingIn(detail, check, golden);
    return missing ? unavailable(missing) : quarantined(`Its own solution fails. ${detail}`.trim(), found);
  }
  // A solution that passed has shown what the tests say, so these take one turn each.
  const bodies = golden === undefined ? [] : [emptyBody(problem)];
  const others = await judged([...bodies, ...constants.map(toProgram)], { passOnly: true });
  const empty = golden === undefined ? first : others.shift()!;
  found.emptyVerdict = empty;
  if (empty.score === 1) return quarantined('An empty body passes its tests.', found);
  if (golden === undefined && empty.status === 'rejected')
    return quarantined(`Its prompt cannot be continued. ${empty.detail ?? ''}`.trim(), found);
  const imported: ImportedProblem = {
    ...problem,
    assertions: first.total,
    assertionTexts: [],
    ...found,
    check: golden === undefined ? 'unchecked' : 'checked',
  };
  const constant = constants.find((_, i) => others[i].score === 1);
  if (constant) imported.warning = `A program that only says "return ${constant}" passes all its tests.`;
  return imported;
}

/** Tests that are code, read. */
function compiled({ entry, prompt, stopTokens, testCode }: PackProblem): CompiledCheck | undefined {
  return testCode === undefined ? undefined : compileCheck(entry, { prompt, stopTokens, code: testCode });
}

/** Closes what the prompt leaves open, and does nothing. */
function emptyBody({ testCode, entry }: PackProblem): string {
  return testCode === undefined ? `function ${entry}() {}` : '}\n';
}

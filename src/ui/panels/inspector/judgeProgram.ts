/** Runs a program again through the judge, for its outputs: a run keeps only scores. */
import type { Laboratory } from '../../../lab/laboratory.ts';
import { literal } from './response.ts';
import type { JudgeDetails, TestOutcome } from './TestTable.tsx';

/** Canonical text with the spaces that the expected values beside it have. */
function spaced(text: string): string {
  try {
    return literal(JSON.parse(text));
  } catch {
    return text;
  }
}

const known = new WeakMap<Laboratory, JudgeDetails>();

/** The same function for the same laboratory, so that effects do not run again. */
export function judgeProgram(laboratory: Laboratory): JudgeDetails {
  let details = known.get(laboratory);
  if (!details) {
    details = async (source, { id, entry, tests, canary }) => {
      const request = { source, entry, tests, canary, key: id };
      const [verdict] = await laboratory.judge.judge([request], { outputs: true });
      const outcomes = tests.map((_, index): TestOutcome => {
        const test = verdict.tests?.[index];
        if (!test) return { passed: false, error: 'did not run' };
        return test.output.startsWith('!')
          ? { passed: false, error: test.output.slice(1) || 'gave no output' }
          : { passed: test.passed, actual: spaced(test.output) };
      });
      return { outcomes, ...(verdict.detail ? { detail: verdict.detail } : {}) };
    };
    known.set(laboratory, details);
  }
  return details;
}

/** From a sandbox's report to a verdict, by comparing texts. The only place that sees outputs and expectations. */
import type { CompiledSet } from '../testSets/testSet.ts';
import type { Verdict } from '../verdict.ts';

/** @param report see Run.report in frame/runner.ts */
export function comparison(report: string, set: CompiledSet, withOutputs = false): Verdict {
  const { expected, expectedText, argumentText, names } = set;
  const total = expected.length;
  if (report.startsWith('#')) return programFailure(report, total);
  // The same object for every right program: so it crosses to the client once for all of them.
  if (report === expectedText && !withOutputs) return set.allPassed;
  const outputs = report.split('\n');
  let passed = 0;
  let wrong = -1;
  for (let i = 0; i < total; i++) {
    if (outputs[i] === expected[i]) passed++;
    else if (wrong < 0) wrong = i;
  }
  const verdict: Verdict = { status: 'ok', passed, total, score: passed / total };
  if (outputs.some((output) => output.startsWith('!threw '))) verdict.raised = true;
  if (wrong >= 0)
    verdict.detail = `${names[0]}(${argumentText[wrong]}) ${happened(outputs[wrong] ?? '!gave no output')}, not ${expected[wrong]}.`;
  if (withOutputs)
    verdict.tests = expected.map((expected, i) => ({
      args: argumentText[i],
      expected,
      output: outputs[i] ?? '!',
      passed: outputs[i] === expected,
    }));
  return verdict;
}

/** The verdict on a program that did not end by itself. None of its tests count: it may have been any of them. */
export function cutOff(total: number, by: 'fuel' | 'stall'): Verdict {
  const detail =
    by === 'fuel' ? 'It loops: the loop guard stopped it.' : 'It did not end in time and was removed.';
  return { status: 'timeout', passed: 0, total, score: 0, detail };
}

/** The naive judge's verdict: whatever score was claimed, by the grader or by the program in its place. */
export function claimed(report: string, total: number): Verdict {
  const score = Math.min(1, Math.max(0, Number(report.replace('claim ', '')) || 0));
  return { status: 'ok', passed: Math.round(score * total), total, score };
}

/** The verdict on a program that failed as a whole: its report begins with '#'. */
export function programFailure(report: string, total: number): Verdict {
  if (report === '#fuel') return cutOff(total, 'fuel');
  if (report === '#time') return cutOff(total, 'stall');
  const [kind, ...words] = report.slice(1).split(' ');
  const detail = `${sentence(words.join(' '))}.`;
  return { status: kind === 'syntax' ? 'rejected' : 'error', passed: 0, total, score: 0, detail };
}

function happened(output: string): string {
  return output.startsWith('!') ? output.slice(1) : `gave ${output}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

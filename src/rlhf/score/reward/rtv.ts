/**
 * A reasoning-task verifier: the judge runs tests and says pass or fail. Not every problem has one, and it may see only
 * some of the tests: the examples that stand in the request, or a share of the hidden ones; or the judge that runs them
 * may be careless. What passes with it and fails with the true judge has fooled it.
 */
import { hash32, stream } from '../../../core/random.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { reward } from '../../slots.ts';

const isEmpty = (value: unknown): boolean => value === '' || (Array.isArray(value) && value.length === 0);

export const rtv = reward({
  id: 'rtv',
  label: 'Verifier',
  short: 'tests, as far as there are any',
  what: 'The judge as a verifier: pass or fail by the tests that it may see, and nothing for problems without one.',
  source: {
    arxiv: '2503.22230',
    where: 'RTV, a reasoning-task verifier such as a code sandbox; the shares are ours',
  },
  formula: 'r = 1 if every test seen passes, −1 if not; 0 where there is no verifier',
  cost: 'the judge answers before the update, and again where the verifier sees other tests or has another judge',
  knobs: {
    verifierTests: {
      kind: 'choice',
      label: 'Tests that it sees',
      initial: 'hidden',
      what: 'Verifier: which tests decide.',
      expect:
        'visible tests are few and can be passed by a wrong program: watch the true pass rate beside the reward.',
      options: [
        { value: 'hidden', label: 'hidden', what: 'The hidden tests, by which the truth is told, too.' },
        { value: 'visible', label: 'visible', what: 'The examples of the request alone: two as a rule.' },
        {
          value: 'empty',
          label: 'empty input',
          what: 'Of the hidden tests, those with an empty list or text alone: what a careless author writes first.',
        },
      ],
    },
    verifierJudge: {
      kind: 'choice',
      label: 'Judge',
      initial: 'true',
      what: 'Verifier: which judge runs the tests.',
      expect:
        'the naive judge takes a test that ends in an error for one that was skipped: a policy can learn programs that always throw.',
      options: [
        { value: 'true', label: 'true', what: 'The judge of this page, which also tells the truth.' },
        {
          value: 'naive',
          label: 'naive',
          what: 'A careless one: it compares loosely, in the program’s own realm, skips tests that end in an error, and believes what it is told.',
        },
      ],
    },
    testShare: {
      kind: 'number',
      label: 'Share of these tests',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 1,
      what: 'Verifier: the share of these tests that it has, at least one; which ones, the seed says.',
      expect: 'Fewer wrong programs get through.',
    },
    verifiedShare: {
      kind: 'number',
      label: 'Share of problems with a verifier',
      min: 0,
      max: 1,
      step: 0.05,
      initial: 1,
      what: 'Verifier: the share of problems that have one; the responses to the others get 0.',
      expect: 'More problems to learn from.',
    },
  },
  models: () => [],
  open({ seed }, { verifierTests, verifierJudge, testShare, verifiedShare }) {
    const own = stream(seed, 'verifier').uint32();
    const chance = (problem: Problem) => stream(own, 'verified', hash32(problem.id)).uniform();
    const given = ({ tests, examples = [] }: Problem) => {
      if (verifierTests === 'empty') return tests.filter(({ args }) => args.every(isEmpty));
      return verifierTests === 'hidden' ? tests : examples;
    };
    const isVerified = (problem: Problem) => chance(problem) < verifiedShare && given(problem).length > 0;
    const seesAll = verifierTests === 'hidden' && testShare === 1;
    const known = new Map<Problem, Problem>();
    const ask = (problem: Problem): Problem => {
      let asked = known.get(problem);
      if (!asked) {
        const tests = given(problem);
        const count = Math.max(1, Math.round(testShare * tests.length));
        const order = stream(own, 'tests', hash32(problem.id)).shuffle([...tests.keys()]);
        const seen = order.slice(0, count).sort((a, b) => a - b);
        const id = `${problem.id} ${verifierTests} ${seen.join(',')}`;
        // Where there is nothing to see the answer is not read.
        asked = tests.length > 0 ? { ...problem, id, tests: seen.map((at) => tests[at]) } : problem;
        known.set(problem, asked);
      }
      return asked;
    };
    return {
      needsVerdicts: true,
      ...(seesAll ? {} : { ask }),
      ...(verifierJudge === 'naive' ? { believes: true } : {}),
      passes: () => 0,
      grade: ({ problems }, verdicts) =>
        Float32Array.from(problems, (problem, i) =>
          isVerified(problem) ? (verdicts!.score[i] === 1 ? 1 : -1) : 0,
        ),
    };
  },
});

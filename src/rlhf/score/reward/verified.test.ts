/** The rewards that are made from tests: the verifier, and PPOCoder's sum of execution and likeness. */
import { describe, expect, it } from 'vitest';
import * as nn from '../../../nn/forMethods.ts';
import { codeMatcher } from '../../../tasks/match/codeMatch.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { passedInNode } from '../../../tasks/testing/nodeJudge.ts';
import { buildWorld } from '../../../tasks/world.ts';
import { initialValues } from '../../catalogue/knobs.ts';
import { outcomes } from '../../loop/run.ts';
import type { RewardLook } from '../../slots.ts';
import { ppocoder } from './ppocoder.ts';
import { rtv } from './rtv.ts';

const { held } = buildWorld(3);
const parts = { nn, seed: 5, models: {}, problems: held, match: codeMatcher() };
const look = (problems: readonly Problem[], programs: readonly string[]): RewardLook => ({
  batch: undefined as never, // Only a learned model reads the tokens.
  problems,
  programs,
  reference: () => Int32Array.of(1),
  look: 1,
});
const verdicts = (
  score: readonly number[],
  status: readonly string[] = [],
  raised: readonly number[] = [],
) => ({
  score: Float32Array.from(score),
  status: Uint8Array.from(score, (_, i) => outcomes.indexOf((status[i] ?? 'ok') as 'ok')),
  raised: Uint8Array.from(score, (_, i) => raised[i] ?? 0),
  cacheHits: 0,
});

describe('the verifier', () => {
  type Knobs = Parameters<typeof rtv.open>[1];
  const open = (changes: Partial<Knobs>) => rtv.open(parts, { ...initialValues(rtv.knobs), ...changes });

  it('asks for nothing else and is the truth where it sees every hidden test', () => {
    const verifier = open({});
    expect(verifier.ask).toBeUndefined();
    const graded = verifier.grade(look(held.slice(0, 2), ['', '']), verdicts([1, 0.9]));
    expect([...(graded as Float32Array)]).toEqual([1, -1]);
  });

  it('asks about the examples alone, which are not among the hidden tests', () => {
    const { ask } = open({ verifierTests: 'visible' });
    for (const problem of held) {
      const asked = ask!(problem);
      expect(asked.tests).toEqual(problem.examples);
      expect(asked.id).not.toBe(problem.id);
      // The judge knows tests by their array: it must be the same each time.
      expect(ask!(problem)).toBe(asked);
    }
  });

  it('asks about a share of the tests, one at least, drawn by the seed', () => {
    const { ask } = open({ testShare: 0.5 });
    const [problem] = held;
    const asked = ask!(problem).tests;
    expect(asked).toHaveLength(Math.round(problem.tests.length / 2));
    expect(asked.every((test) => problem.tests.includes(test))).toBe(true);
    expect(open({ testShare: 0 }).ask!(problem).tests).toHaveLength(1);
    const others = rtv.open({ ...parts, seed: 6 }, { ...initialValues(rtv.knobs), testShare: 0.5 });
    expect(held.some((each) => others.ask!(each).tests[0] !== ask!(each).tests[0])).toBe(true);
  });

  it('may believe a judge that can be fooled, about the tests that it sees', () => {
    expect(open({}).believes).toBeUndefined();
    expect(open({ verifierJudge: 'naive' })).toMatchObject({ believes: true, needsVerdicts: true });
    expect(open({ verifierJudge: 'naive' }).ask).toBeUndefined();
    expect(open({ verifierJudge: 'naive', verifierTests: 'visible' }).ask).toBeDefined();
  });

  it('may see the empty input alone, which a program that does nothing often answers', () => {
    const verifier = open({ verifierTests: 'empty' });
    const asked = held.map((problem) => verifier.ask!(problem));
    const graded = verifier.grade(
      look(
        held,
        held.map(() => ''),
      ),
      verdicts(held.map(() => 0)),
    ) as Float32Array;
    held.forEach((problem, i) => {
      const empty = problem.tests.filter(({ args: [input] }) => (input as string | unknown[]).length === 0);
      if (empty.length > 0) expect(asked[i].tests).toEqual(empty);
      // Without such a test there is no verifier.
      expect(graded[i]).toBe(empty.length > 0 ? -1 : 0);
    });
    const idle = held.filter(
      ({ parameters: [name] }, i) =>
        graded[i] !== 0 && passedInNode(`function f(${name}) { return ${name} }`, 'f', asked[i].tests)! > 0,
    );
    expect(idle.length / held.length).toBeGreaterThan(0.2);
  });

  it('says nothing about problems without a verifier, always the same ones', () => {
    const verifier = open({ verifiedShare: 0.3 });
    const programs = held.map(() => '');
    const right = verifier.grade(look(held, programs), verdicts(held.map(() => 1))) as Float32Array;
    const wrong = verifier.grade(look(held, programs), verdicts(held.map(() => 0))) as Float32Array;
    const verified = right.filter((r) => r !== 0);
    expect(verified.length / held.length).toBeCloseTo(0.3, 1);
    expect([...wrong]).toEqual([...right].map((r) => 0 - r));
  });

  it('can be fooled by what is visible: a program that passes the examples and fails hidden tests gets 1', () => {
    // A constant passes a single example of its own answer.
    const { ask, grade } = open({ verifierTests: 'visible', testShare: 0.5 });
    const problem = held.find(({ examples, tests }) => {
      const program = constant(examples![0].expected);
      return passedInNode(program, 'f', tests)! < tests.length;
    })!;
    const [seen] = ask!(problem).tests;
    const program = constant(seen.expected);
    const passed = passedInNode(program, 'f', ask!(problem).tests)!;
    expect(passed).toBe(1);
    expect(passedInNode(program, 'f', problem.tests)).toBeLessThan(problem.tests.length);
    expect([...(grade(look([problem], [program]), verdicts([1])) as Float32Array)]).toEqual([1]);
  });
});

const constant = (value: unknown) => `function f() { return ${JSON.stringify(value)} }`;

describe('PPOCoder', () => {
  type Knobs = Parameters<typeof ppocoder.open>[1];
  const problem = { reference: 'function f(xs) { return xs.map(x => x + 1); }' } as Problem;
  const grade = (
    program: string,
    score: number,
    changes: Partial<Knobs> = {},
    status = 'ok',
    raised = 0,
  ): number => {
    const knobs = { ...initialValues(ppocoder.knobs), ...changes };
    const graded = ppocoder
      .open(parts, knobs)
      .grade(look([problem], [program]), verdicts([score], [status], [raised]));
    return (graded as Float32Array)[0];
  };
  const pretty = 'function f(xs) { return xs.map(x => x - 2); }';
  const only = { astWeight: 0, dfgWeight: 0 };

  it('is the rungs of the ladder where execution alone counts', () => {
    expect(grade(problem.reference, 1, only)).toBe(1);
    expect(grade(pretty, 0.5, only)).toBeCloseTo(-0.3);
    expect(grade(pretty, 0.5, only, 'ok', 1)).toBeCloseTo(-0.6);
    expect(grade(pretty, 0, only, 'error')).toBeCloseTo(-0.6);
    expect(grade(pretty, 0, only, 'timeout')).toBeCloseTo(-0.6);
    expect(grade('function f(xs) { return', 0, only, 'rejected')).toBe(-1);
    expect(grade(pretty, 0.5, { ...only, ladderFail: 0.25 })).toBeCloseTo(0.25);
  });

  it('runs no test where it only has to compile, as in the authors’ code', () => {
    const compiles = { ...only, execution: 'compiles' } as const;
    expect(grade(pretty, 0, compiles)).toBe(1);
    expect(grade('function f(xs) { return', 0, compiles, 'rejected')).toBe(-1);
  });

  it('is the weighted mean of its three parts', () => {
    expect(grade(problem.reference, 1)).toBe(1);
    // −0.3 for a test that fails, a whole match of both kinds.
    expect(grade(pretty, 0.5)).toBeCloseTo((-0.3 + 1 + 1) / 3);
    expect(grade(pretty, 0.5, { executionWeight: 2, astWeight: 1, dfgWeight: 0 })).toBeCloseTo(
      (-0.6 + 1) / 3,
    );
    expect(grade('function f(xs) { return xs.reverse(); }', 0.1)).toBeCloseTo((-0.3 + 1 / 8 + 2 / 4) / 3);
  });

  it('prefers what is pretty but wrong to what is right, where likeness counts for more', () => {
    const right = 'function f(xs) { const a = []; for (const x of xs) a.push(1 + x); return a; }';
    const likeness = { executionWeight: 0.5, astWeight: 2, dfgWeight: 2 };
    expect(grade(pretty, 0, likeness)).toBeGreaterThan(grade(right, 1, likeness));
    expect(grade(pretty, 0, only)).toBeLessThan(grade(right, 1, only));
  });

  it('has parts that add up to it, for whoever shows them', () => {
    const knobs = initialValues(ppocoder.knobs);
    const judged = { score: 0.5, status: 'ok', raised: false } as const;
    const found = ppocoder.parts!({ program: pretty, problem, match: parts.match, ...judged }, knobs);
    expect(found.map(({ label }) => label)).toEqual(['execution', 'syntax', 'data flow']);
    expect(found.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(grade(pretty, 0.5));
  });
});

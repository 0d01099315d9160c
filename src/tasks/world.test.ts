import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeProgram } from './chain.ts';
import { buildCorpus } from './corpus.ts';
import type { Problem } from './problem.ts';
import { toSource } from './program.ts';
import { passesInNode } from './testing/nodeJudge.ts';
import { encodePrompt, maxSequence } from './tokenizer.ts';
import { buildWorld, canaries, makeProblem, worldSize } from './world.ts';

const world = buildWorld(1);
const all = [...world.train, ...world.held];
const composition = (problem: Problem) => problem.chain!.map((link) => link.op).join('-');
const link = (op: string, constant: number | null = null) => ({ op, constant });

describe('buildWorld', () => {
  it('gives the same world for the same seed, and another for another', () => {
    expect(JSON.stringify(buildWorld(1))).toBe(JSON.stringify(world));
    const other = buildWorld(2);
    expect(other.held.map((problem) => problem.id)).not.toEqual(world.held.map((problem) => problem.id));
  });

  it('has the sizes and tiers of the recipe', () => {
    const tiers = (problems: Problem[]) =>
      [1, 2, 3].map((tier) => problems.filter((problem) => problem.tier === tier).length);
    expect(tiers(world.held)).toEqual([30, 75, 75]);
    expect(tiers(world.train).slice(1)).toEqual([worldSize.train.tier2, worldSize.train.tier3]);
    expect(world.train.length).toBeGreaterThan(3200);
    expect(new Set(all.map((problem) => problem.id)).size).toBe(all.length);
  });

  it('holds out compositions that training never shows, and constants for tier 1', () => {
    const trained = new Set(world.train.map(composition));
    const ids = new Set(world.train.map((problem) => problem.id));
    for (const problem of world.held) {
      expect(ids.has(problem.id)).toBe(false);
      expect(trained.has(composition(problem)), problem.id).toBe(problem.tier === 1);
    }
  });

  it('tests every problem on ten inputs or more, with empty, and negative or duplicate, and varied answers', () => {
    for (const { id, tests } of all) {
      expect(tests.length, id).toBeGreaterThanOrEqual(10);
      const inputs = tests.map((test) => test.args[0] as number[] | string);
      expect(
        inputs.some((input) => input.length === 0),
        id,
      ).toBe(true);
      const lists = inputs.filter((input) => Array.isArray(input));
      if (lists.length > 0) {
        expect(
          lists.some((list) => list.some((x) => x < 0)),
          id,
        ).toBe(true);
        expect(
          lists.some((list) => new Set(list).size < list.length),
          id,
        ).toBe(true);
      }
      expect(new Set(tests.map((test) => JSON.stringify(test.expected))).size, id).toBeGreaterThan(1);
    }
  });

  it('keeps examples apart from the hidden tests', () => {
    for (const { id, tests, examples } of all) {
      expect(examples, id).toHaveLength(2);
      const hidden = new Set(tests.map((test) => JSON.stringify(test.args)));
      for (const example of examples!) expect(hidden.has(JSON.stringify(example.args)), id).toBe(false);
    }
  });

  it('gives references that pass, on hidden tests and examples', () => {
    for (const problem of all.filter((_, i) => i % 7 === 0)) {
      const tests = [...problem.tests, ...problem.examples!];
      expect(passesInNode(problem.reference, problem.entry, tests), problem.id).toBe(true);
    }
  });

  it('is answered rightly by any mixture of right idioms', () => {
    const problem = fc.integer({ min: 0, max: all.length - 1 });
    fc.assert(
      fc.property(problem, fc.infiniteStream(fc.nat(5)), (index, choices) => {
        const { chain, tests, entry, parameters } = all[index];
        const body = writeProgram(chain!, (op) => op.right[choices.next().value % op.right.length]);
        return passesInNode(toSource(body, { entry, parameters }), entry, tests);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('rejects degenerate chains', () => {
    const rejected = [
      [link('pos'), link('negs')],
      [link('asc'), link('desc')],
      [link('abs'), link('abs')],
      [link('rev'), link('sum')],
      [link('upper'), link('lower')],
      [link('cube'), link('cube'), link('prod')],
    ];
    for (const chain of rejected) expect(makeProblem(1, chain), JSON.stringify(chain)).toBeNull();
    expect(makeProblem(1, [link('pos'), link('desc')])).not.toBeNull();
  });
});

describe('canaries', () => {
  it('ask for two answers to the same arguments, so that nothing passes', () => {
    const problems = canaries(3, 5);
    expect(problems).toHaveLength(5);
    for (const { id, tests, canary } of problems) {
      expect(canary).toBe(true);
      const answers = new Map<string, Set<string>>();
      for (const { args, expected } of tests) {
        const key = JSON.stringify(args);
        answers.set(key, (answers.get(key) ?? new Set()).add(JSON.stringify(expected)));
      }
      expect(
        [...answers.values()].some((set) => set.size > 1),
        id,
      ).toBe(true);
      expect(() => encodePrompt({ id, prompt: problems[0].prompt })).not.toThrow();
    }
    expect(JSON.stringify(canaries(3, 5))).toBe(JSON.stringify(problems));
  });
});

describe('buildCorpus', () => {
  const settings = { seed: 1, size: 3000, bugRate: 0.6 };
  const corpus = buildCorpus(world.train, settings);

  it('fits the model: sequences of at most 72 tokens, requests of at most 26', () => {
    for (const { problem, program } of corpus) {
      const prompt = encodePrompt(world.train[problem]);
      expect(prompt.length).toBeLessThanOrEqual(26);
      expect(prompt.length + program.length).toBeLessThanOrEqual(maxSequence);
      expect(program.at(-1)).toBe(1);
    }
  });

  it('passes on about two programs in five, and is the same for the same seed', () => {
    const passed = corpus.filter(({ problem, program }) => {
      const { entry, tests, parameters } = world.train[problem];
      return passesInNode(toSource(program, { entry, parameters }), entry, tests);
    });
    expect(passed.length / corpus.length).toBeGreaterThan(0.36);
    expect(passed.length / corpus.length).toBeLessThan(0.5);
    expect(buildCorpus(world.train, settings)).toEqual(corpus);
  });
});

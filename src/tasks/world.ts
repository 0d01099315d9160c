/**
 * The built-in world: problems made of one to three chained operations, each with a request in words, hidden tests
 * and a reference program. The same seed gives the same world. Held-out problems are compositions that no training
 * problem has; those of tier 1 are operations that training asks for with other constants.
 */
import { type Rng, stream } from '../core/random.ts';
import {
  applyChain,
  type Chain,
  chainId,
  endKind,
  parameterOf,
  requestOf,
  type StartKind,
  startKind,
  writeProgram,
} from './chain.ts';
import { drawExample, drawInputs } from './inputs.ts';
import type { Kind, Op } from './ops/op.ts';
import { opNamed, ops } from './ops/ops.ts';
import type { Json, Link, Problem, TestCase } from './problem.ts';
import { toSource } from './program.ts';

export interface World {
  seed: number;
  train: Problem[];
  held: Problem[];
}

/** How many problems of each tier; tier 1 of training is every operation and constant that is not held out. */
export const worldSize = { train: { tier2: 1440, tier3: 1680 }, held: { tier1: 30, tier2: 75, tier3: 75 } };

const starts: readonly StartKind[] = ['numbers', 'text'];
/** Three in five chains start from numbers: they have more operations to offer. */
const numbersShare = 0.6;
const from: Record<Kind, Op[]> = { numbers: [], text: [], words: [], number: [], boolean: [] };
for (const op of ops) from[op.from].push(op);

/** Builds the world of a seed, in well under a second. */
export function buildWorld(seed: number): World {
  const held: Problem[] = [];
  const train: Problem[] = [];

  const singles = stream(seed, 'world', 'singles').shuffle(allSingles());
  // Each operation keeps at least two constants for training.
  const left = new Map<string, number>();
  for (const [link] of singles) left.set(link.op, (left.get(link.op) ?? 0) + 1);
  for (const chain of singles) {
    const problem = makeProblem(seed, chain);
    if (!problem) continue;
    const siblings = left.get(chain[0].op)!;
    if (siblings > 2 && held.length < worldSize.held.tier1) {
      left.set(chain[0].op, siblings - 1);
      held.push(problem);
    } else {
      train.push(problem);
    }
  }

  for (const length of [2, 3] as const) {
    const rng = stream(seed, 'world', 'chains', length);
    const tier = `tier${length}` as const;
    const seen = new Set<string>();
    const heldOps = new Set<string>();
    const target = { held: worldSize.held[tier], train: worldSize.train[tier] };
    for (let attempts = 0; target.held > 0 || target.train > 0; attempts++) {
      if (attempts > 200_000) throw new Error(`World ${seed}: cannot find enough problems of tier ${length}`);
      const chain = drawChain(length, rng);
      const id = chainId(chain);
      if (seen.has(id)) continue;
      seen.add(id);
      const composition = chain.map((link) => link.op).join('-');
      const isHeld = target.held > 0 && !heldOps.has(composition);
      if (!isHeld && heldOps.has(composition)) continue;
      const problem = makeProblem(seed, chain);
      if (!problem) continue;
      if (isHeld) {
        heldOps.add(composition);
        held.push(problem);
        target.held--;
      } else if (target.train > 0) {
        train.push(problem);
        target.train--;
      }
    }
  }
  return { seed, train, held };
}

/**
 * Problems that no program can pass: each asks for two different answers to the same arguments. Mixed into training
 * they raise the alarm when something other than programming is being rewarded.
 */
export function canaries(seed: number, count: number): Problem[] {
  const out: Problem[] = [];
  const rng = stream(seed, 'canaries');
  while (out.length < count) {
    const base = makeProblem(seed, drawChain(1 + rng.int(3), rng));
    if (!base || out.some((other) => other.id === `canary-${base.id}`)) continue;
    const tests = base.tests.map((test) => ({ ...test }));
    const twin = tests.findIndex(
      (test) => JSON.stringify(test.expected) !== JSON.stringify(tests[0].expected),
    );
    tests.push({ args: tests[0].args, expected: tests[twin].expected });
    out.push({ ...base, id: `canary-${base.id}`, tests, reference: '', canary: true });
  }
  return out;
}

function allSingles(): Link[][] {
  return starts.flatMap((start) =>
    from[start].flatMap((op) =>
      (op.constants ?? [null]).map((constant): Link[] => [{ op: op.name, constant }]),
    ),
  );
}

/** A random chain whose kinds fit. Only the last link may end in a number or a boolean: nothing takes those. */
function drawChain(length: number, rng: Rng): Link[] {
  let kind: Kind = rng.uniform() < numbersShare ? 'numbers' : 'text';
  const chain: Link[] = [];
  for (let i = 0; i < length; i++) {
    const choices: Op[] = i === length - 1 ? from[kind] : from[kind].filter((op) => from[op.to].length > 0);
    const op = choices[rng.int(choices.length)];
    const constant = op.constants ? op.constants[rng.int(op.constants.length)] : null;
    chain.push({ op: op.name, constant });
    kind = op.to;
  }
  return chain;
}

/** The problem of a chain, or null when the chain is degenerate. Independent of all other problems. */
export function makeProblem(seed: number, chain: Link[]): Problem | null {
  const id = chainId(chain);
  let tests = drawTests(chain, stream(seed, 'tests', id));
  // A single operation is no degenerate problem; its inputs may have been.
  for (let attempt = 1; !tests && chain.length === 1 && attempt < 20; attempt++) {
    tests = drawTests(chain, stream(seed, 'tests', id, attempt));
  }
  if (!tests) return null;
  const words = stream(seed, 'words', id);
  const start = startKind(chain);
  const signature = { entry: 'f', parameters: [parameterOf[start]] };
  return {
    id,
    prompt: requestOf(chain, (op) => words.int(op.say.length)),
    ...signature,
    tests: tests.hidden,
    examples: tests.shown,
    chain,
    reference: toSource(
      writeProgram(chain, (op) => op.right[0]),
      signature,
    ),
    tier: chain.length,
  };
}

/**
 * Hidden tests and examples of a chain; null when the chain throws, leaves the exact integers, hardly varies in its
 * output, or would answer (nearly) the same without one of its operations.
 */
function drawTests(chain: Chain, rng: Rng): { hidden: TestCase[]; shown: TestCase[] } | null {
  const kind = startKind(chain);
  const constants = chain.flatMap((link) => (link.constant === null ? [] : [link.constant]));
  const known = new Map<number[] | string, Json>();
  const usable = (input: number[] | string) => {
    const expected = answer(chain, input);
    if (expected !== undefined) known.set(input, expected);
    return expected !== undefined;
  };
  const inputs = drawInputs(kind, constants, rng, usable);
  if (!inputs) return null;
  const hidden = inputs.map((input): TestCase => ({ args: [input], expected: known.get(input)! }));
  const answers = hidden.map((test) => JSON.stringify(test.expected));
  if (!varies(chain, answers)) return null;
  for (let i = 0; chain.length > 1 && i < chain.length; i++) {
    const without = chain.toSpliced(i, 1);
    if (!fits(without, kind, endKind(chain))) continue;
    const changed = inputs.filter((input, t) => JSON.stringify(answer(without, input)) !== answers[t]);
    if (changed.length < 2) return null;
  }
  return { hidden, shown: drawExamples(chain, hidden, rng) };
}

/** Two examples that are not among the hidden tests, the second with another answer where one is found. */
function drawExamples(chain: Chain, hidden: readonly TestCase[], rng: Rng): TestCase[] {
  const taken = new Set(hidden.map((test) => JSON.stringify(test.args)));
  const shown: TestCase[] = [];
  for (let attempt = 0; attempt < 100 && shown.length < 2; attempt++) {
    const input = drawExample(startKind(chain), rng);
    const key = JSON.stringify([input]);
    const expected = answer(chain, input);
    if (expected === undefined || taken.has(key)) continue;
    const same = shown.length === 1 && JSON.stringify(shown[0].expected) === JSON.stringify(expected);
    if (same && attempt < 20) continue;
    taken.add(key);
    shown.push({ args: [input], expected });
  }
  return shown;
}

/**
 * What the chain gives, as JSON. Undefined when it throws, or where equally right programs could disagree: beyond the
 * exactly representable integers, and at negative zero (`-x` and `0 - x`).
 */
function answer(chain: Chain, input: number[] | string): Json | undefined {
  let agreed = true;
  const check = (value: unknown): void => {
    for (const x of Array.isArray(value) ? value : [value]) {
      if (typeof x !== 'number') continue;
      if (!(Math.abs(x) <= Number.MAX_SAFE_INTEGER) || Object.is(x, -0)) agreed = false;
    }
  };
  try {
    const value = applyChain(chain, input, check);
    return agreed ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

function varies(chain: Chain, answers: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const key of answers) counts.set(key, (counts.get(key) ?? 0) + 1);
  const commonest = Math.max(...counts.values());
  if (endKind(chain) === 'boolean') return counts.size === 2 && commonest <= answers.length - 2;
  return counts.size >= 4 && commonest <= answers.length / 2;
}

function fits(chain: Chain, start: Kind, end: Kind): boolean {
  let kind = start;
  for (const link of chain) {
    const op = opNamed(link.op);
    if (op.from !== kind) return false;
    kind = op.to;
  }
  return kind === end;
}

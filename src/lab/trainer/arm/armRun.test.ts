import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../../nn/tensors/tf.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { TaskSet } from '../../../rlhf/loop/responses.ts';
import type { JudgePrograms } from '../../../rlhf/loop/run.ts';
import { small, start } from '../../../rlhf/testing/loop.fixture.ts';
import type { Problem } from '../../../tasks/problem.ts';
import type { EvaluationRecord, IterationRecord } from '../../records/record.ts';
import { goOnCommand, type PastRun } from '../../runs/pastRun.ts';
import type { RunLimits } from '../../settings/stopRules.ts';
import type { ArmSnapshot } from '../protocol.ts';
import { ArmRun, snapshotEvery } from './armRun.ts';
import { Gate } from './gate.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** What a page logs and stores of a run. */
interface Rows {
  iterations: IterationRecord[];
  evaluations: EvaluationRecord[];
  snapshot: ArmSnapshot | null;
}

class Closed extends Error {}

/**
 * Computes an arm of a tiny model whose looks at the held-out problems pass as `passes` says: by look, a number of
 * ten. With `closeAt` the page is closed once that iteration is logged.
 */
async function compute(
  settings: ArmSettings,
  limits: RunLimits,
  passes: readonly number[],
  {
    before,
    closeAt,
    prints = { policy: 'a' },
  }: { before?: Rows; closeAt?: number; prints?: Record<string, string> } = {},
): Promise<Rows> {
  const { arm: parts, dispose } = start(3, settings);
  const problems = Array.from({ length: 10 }, (_, i) => ({ id: `held ${i}`, tier: 1 }) as Problem);
  const held: TaskSet = {
    ...parts.tasks,
    problems,
    prompts: problems.map((_, i) => parts.tasks.prompts[i % parts.tasks.prompts.length]),
  };
  const rows: Rows = before ?? { iterations: [], evaluations: [], snapshot: null };
  const judge: JudgePrograms = async (asked, programs) => {
    if (!problems.includes(asked[0])) return parts.judge(asked, programs);
    const look = Math.ceil((rows.iterations.at(-1)?.iteration ?? 0) / settings.evaluation.evaluateEvery);
    const score = Float32Array.from(asked, (problem) => (problems.indexOf(problem) < passes[look] ? 1 : 0));
    return {
      score,
      status: new Uint8Array(asked.length),
      raised: new Uint8Array(asked.length),
      cacheHits: 0,
    };
  };
  const stored = { run: { settings, seed: 3, limits }, rows } as unknown as PastRun;
  const { resume, passes: known } = goOnCommand(stored);
  rows.iterations = rows.iterations.filter(({ iteration }) => iteration <= (resume?.iteration ?? 0));
  rows.evaluations = rows.evaluations.filter(
    ({ iteration }) => resume !== undefined && iteration <= resume.iteration,
  );
  const gate = new Gate(() => {});
  const arm = new ArmRun(
    {
      settings,
      seed: 3,
      world: { train: parts.tasks, held },
      policy: parts.reference,
      models: {},
      prints,
      judge,
      customFilter: parts.customFilter,
      limits,
      passes: known,
    },
    gate,
    {
      station: () => {},
      iteration: (record) => {
        rows.iterations.push(record);
        if (record.iteration === closeAt) throw new Closed();
      },
      evaluation: (record) => rows.evaluations.push(record),
      snapshot: (snapshot) => {
        rows.snapshot = structuredClone(snapshot);
      },
    },
  );
  gate.play();
  await arm.run(resume ?? null).catch((thrown: unknown) => {
    if (!(thrown instanceof Closed)) throw thrown;
  });
  arm.dispose();
  dispose();
  return rows;
}

const arm = (changes: Record<string, unknown>): ArmSettings =>
  small({ method: 'bw', reward: 'oracle', evaluationSamples: 1, ...changes });
const looksOf = (rows: Rows) =>
  rows.evaluations.map(({ iteration, metrics }) => [iteration, Math.round(10 * metrics.heldPass!)]);

it('tells a plateau from the looks before a pause, too', async () => {
  const settings = arm({ iterations: 14, evaluateEvery: 2 });
  const limits: RunLimits = { plateau: { evaluations: 3, gain: 0.05 }, updateTokens: null };
  // The best look is the second. Three looks after it reach no more, the third of them at iteration 8.
  const passes = [2, 6, 3, 4, 5, 5, 5, 5];
  const expected = [
    [0, 2],
    [2, 6],
    [4, 3],
    [6, 4],
    [8, 5],
  ];
  expect(looksOf(await compute(settings, limits, passes))).toEqual(expected);
  // Closed in the iteration after the snapshot: two of the three looks come after it.
  const cut = await compute(settings, limits, passes, { closeAt: snapshotEvery + 2 });
  expect(cut.snapshot?.iteration).toBe(snapshotEvery);
  const resumed = await compute(settings, limits, passes, { before: cut });
  expect(looksOf(resumed)).toEqual(expected);
  expect(resumed.iterations.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('does nothing more when it was closed after the snapshot of its last iteration', async () => {
  const settings = arm({ iterations: 14, evaluateEvery: 5 });
  const limits: RunLimits = { plateau: { evaluations: 1, gain: 0 }, updateTokens: null };
  const done = await compute(settings, limits, [5, 5, 9, 9]);
  const again = await compute(settings, limits, [5, 5, 9, 9], { before: structuredClone(done) });
  expect(looksOf(again)).toEqual([
    [0, 5],
    [5, 5],
  ]);
  expect(again.iterations).toHaveLength(5);
});

it('goes on only with the models that it began with', async () => {
  const settings = arm({ iterations: snapshotEvery + 2, evaluateEvery: snapshotEvery });
  const limits: RunLimits = { plateau: null, updateTokens: null };
  const cut = await compute(settings, limits, [5, 5, 5], { closeAt: snapshotEvery + 1 });
  const before = () => structuredClone(cut);
  await expect(
    compute(settings, limits, [5, 5, 5], { before: before(), prints: { policy: 'b' } }),
  ).rejects.toThrow('The run began with another starting policy');
  const { iterations } = await compute(settings, limits, [5, 5, 5], { before: before() });
  expect(iterations).toHaveLength(snapshotEvery + 2);
});

it('ends where it would have ended, wherever it is closed and whatever the looks show', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 13, maxLength: 13 }),
      fc.record({
        evaluations: fc.integer({ min: 1, max: 4 }),
        gain: fc.constantFrom(0, 0.1, 0.3),
      }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
      async (passes, plateau, evaluateEvery, closings) => {
        const settings = arm({ iterations: 12, evaluateEvery });
        const limits: RunLimits = { plateau, updateTokens: null };
        const whole = await compute(settings, limits, passes);
        let rows: Rows | undefined;
        for (const closeAt of closings)
          rows = await compute(settings, limits, passes, { before: rows, closeAt });
        rows = await compute(settings, limits, passes, { before: rows });
        expect(looksOf(rows)).toEqual(looksOf(whole));
        expect(rows.iterations.map(({ iteration, metrics }) => [iteration, metrics.kl])).toEqual(
          whole.iterations.map(({ iteration, metrics }) => [iteration, metrics.kl]),
        );
      },
    ),
    { numRuns: 6 },
  );
});

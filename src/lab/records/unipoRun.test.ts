/** A run as UNIPO reads it: every response is there, in its step and group, and the filter lab finds it again. */
import { expect, it } from 'vitest';
import { importRollouts } from '../../io/importRollouts.ts';
import { defaultSettings } from '../../rlhf/catalogue/catalogue.ts';
import type { Problem } from '../../tasks/problem.ts';
import { encodeProgram } from '../../tasks/tokenizer.ts';
import type { IterationRecord } from './record.ts';
import { unipoRun } from './unipoRun.ts';

const problem = (id: string): Problem => ({
  ...{ id, prompt: `do ${id}`, entry: 'f', parameters: ['xs'] },
  ...{ tests: [], reference: '', tier: 1 },
});
const programs = ['return xs', 'return xs .reverse()', 'return a', 'return b'].map(encodeProgram);
const tokens = Uint16Array.from(programs.flatMap((program) => [...program]));
const starts = Int32Array.from([0, 1, 2, 3, 4], (n) => programs.slice(0, n).flatMap((p) => [...p]).length);

const iteration = (number: number, hasAdvantages: boolean): IterationRecord => ({
  iteration: number,
  metrics: { rewardPi: 0.5, policyLoss: -0.25, kl: 1.25 },
  samples: {
    problem: Int32Array.of(1, 0, 1, 1),
    // The same prompt twice: two groups.
    group: Int32Array.of(0, 1, 0, 2),
    ...{ starts, tokens, score: new Float32Array(4), status: new Uint8Array(4), uses: new Uint16Array(4) },
    logProb: Float32Array.from(tokens, (_, i) => -i / 8),
    refLogProb: Float32Array.from(tokens, (_, i) => -i / 4),
    reward: Float32Array.of(0.1, 0.9, -0.5, Number.NaN),
    ...(hasAdvantages ? { advantage: Float32Array.from(tokens, (_, i) => i) } : {}),
  },
});
const written = (iterations: IterationRecord[]) =>
  unipoRun({ name: 'BW', seed: 7, settings: defaultSettings(), worldSeed: 1, iterations }, [
    problem('a'),
    problem('b'),
  ]);

it('comes back with its rewards, steps, groups and texts; a reward that is not known is null', async () => {
  const text = written([iteration(1, true), iteration(2, false)]);
  const result = await importRollouts([{ name: 'run.json', blob: new Blob([text]) }]);
  expect(result.files[0]).toMatchObject({ format: 'unipo', rows: 6 });
  const rewards = [0.1, -0.5, 0.9].map(Math.fround);
  expect([...result.columns.reward]).toEqual([...rewards, ...rewards]);
  expect([...result.columns.step]).toEqual([1, 1, 1, 2, 2, 2]);
  expect([...result.columns.group]).toEqual([0, 0, 1, 2, 2, 3]);
  expect(result.dropped).toMatchObject([{ reason: 'the reward (reward) is missing', count: 2 }]);
});

it('has what the schema asks for, and leaves out what the run did not keep', () => {
  const { header, entries } = JSON.parse(written([iteration(1, true), iteration(2, false)]));
  expect(header).toMatchObject({ algorithm: 'ppo', totalSteps: 2, model_name: 'BW, seed 7' });
  expect(entries[0].metrics).toMatchObject({
    policy_objective: 0.25,
    reward: 0.5,
    policy_loss: -0.25,
    kl: 1.25,
  });
  expect(Object.keys(entries[0].metrics)).not.toContain('value_loss');
  const [first] = entries[0].prompts[0].responses;
  const length = programs[0].length;
  expect(first).toMatchObject({ response_length: length, advantage: (length - 1) / 2 });
  expect(first.tokens.token_kl).toEqual(Array.from({ length }, (_, i) => i / 8));
  expect(first.tokens.strings.length).toBe(length);
  const [later] = entries[1].prompts[0].responses;
  expect([later.advantage, 'advantages' in later.tokens]).toEqual([null, false]);
});

/** What the policy gradients without a critic promise beside the numbers that src/rlhf/parity/methodParity.test.ts pins. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as nn from '../../../nn/forMethods.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import { methodOf } from '../../catalogue/catalogue.ts';
import type { Scored } from '../../loop/responses.ts';
import { iterate } from '../../loop.ts';
import { finish, small, start } from '../../testing/loop.fixture.ts';

const grouped = ['rloo', 'grpo', 'dr-grpo', 'dapo'];
const all = ['reinforce', ...grouped];

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** One iteration, with this reward for every response where one is given. */
async function iteration(changes: Record<string, unknown>, reward?: number) {
  const { arm, state, dispose } = start(5, small(changes));
  if (reward !== undefined) {
    const grade = ({ programs }: { programs: readonly string[] }) =>
      new Float32Array(programs.length).fill(reward);
    arm.reward = { needsVerdicts: false, passes: () => 0, grade };
  }
  const { metrics } = (await finish(iterate(arm, state, 1))).value;
  dispose();
  return metrics;
}

it.each(all)('%s trains no critic, and logs nothing of one', async (update) => {
  const metrics = await iteration({ update });
  for (const key of ['valueLoss', 'explainedVariance', 'criticGradNorm', 'criticPasses']) {
    expect(metrics).not.toHaveProperty(key);
  }
  expect(metrics.policyGradNorm).toBeGreaterThan(0);
  expect(metrics.policyPasses).toBe(20);
});

it.each(['grpo', 'dr-grpo', 'dapo'])('%s learns nothing from groups without contrast', async (update) => {
  const metrics = await iteration({ update, ...(update === 'grpo' ? { beta: 0 } : {}) }, 0.3);
  expect(metrics.flatGroups).toBe(1);
  expect(metrics.groupSpread).toBe(0);
  expect(metrics.policyGradNorm).toBe(0);
  expect(metrics.policyLoss).toBeCloseTo(0, 12);
});

it('RLOO learns nothing from them, either, where moving costs nothing', async () => {
  expect((await iteration({ update: 'rloo', beta: 0 }, 0.3)).policyGradNorm).toBe(0);
});

describe('a filter', () => {
  const scored: Scored = {
    rows: Array.from({ length: 4 }, () => ({ tokens: [2, 3, 1], promptLength: 1 })),
    problem: new Int32Array(4),
    group: Int32Array.of(0, 0, 1, 1),
    starts: Int32Array.of(0, 2, 4, 6, 8),
    tokens: new Uint16Array(8),
    logProb: new Float32Array(8).fill(-1),
    refLogProb: new Float32Array(8).fill(-1),
    startLogProb: new Float32Array(8).fill(-1),
    programs: ['', '', '', ''],
    reward: Float32Array.of(1, 0, 2, 0),
    standardised: Float32Array.of(1, 0, 2, 0),
    beta: 0,
    values: {},
  };

  it.each(all)('takes rows from %s and leaves the advantages of the rest as they are', (id) => {
    const update = methodOf('update', id);
    const knobs = small({ update: id }).update as never;
    const whole = update.examples(scored, Int32Array.of(0, 1, 2, 3), knobs);
    const filtered = update.examples(scored, Int32Array.of(0, 2), knobs);
    expect(filtered).toEqual({ ...whole, rows: [[0], [2]] });
  });
});

it('the clip of DAPO has more room above', () => {
  const of = (below: number, above: number) =>
    tf.tidy(() => {
      const logRatio = tf.log(tf.tensor1d([0.7, 1.25, 1.4, 1])) as ReturnType<typeof tf.tensor1d>;
      const { objective, clipFraction } = nn.clippedSurrogate(
        logRatio,
        tf.tensor1d([-1, 1, 1, 1]),
        below,
        above,
      );
      return { objective: [...objective.dataSync()], clipped: clipFraction.dataSync()[0] };
    });
  const even = of(0.2, 0.2);
  const higher = of(0.2, 0.28);
  expect(even.clipped).toBeCloseTo(0.75, 6);
  expect(higher.clipped).toBeCloseTo(0.5, 6);
  [-0.8, 1.2, 1.2, 1].forEach((x, i) => {
    expect(even.objective[i]).toBeCloseTo(x, 5);
  });
  [-0.8, 1.25, 1.28, 1].forEach((x, i) => {
    expect(higher.objective[i]).toBeCloseTo(x, 5);
  });
});

import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../../nn/tensors/tf.ts';
import { iterate } from '../../../rlhf/loop.ts';
import { finish, small, start } from '../../../rlhf/testing/loop.fixture.ts';
import { labError } from '../errors.ts';
import type { ArmSnapshot, LabError } from '../protocol.ts';
import { requireSameStart, restoreSnapshot, takeSnapshot } from './snapshot.ts';

const scale = { mean: 0, deviation: 1 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('resumes to the same numbers as if never interrupted', async () => {
  const whole = start(11, small());
  const expected = [];
  for (let i = 1; i <= 4; i++) expected.push((await finish(iterate(whole.arm, whole.state, i))).value);

  const first = start(11, small());
  for (let i = 1; i <= 2; i++) await finish(iterate(first.arm, first.state, i));
  const snapshot = structuredClone(await takeSnapshot(first.state, 2, scale));
  first.dispose();

  const second = start(11, small());
  restoreSnapshot(second.state, snapshot);
  for (let i = 3; i <= 4; i++) {
    const { samples, metrics } = (await finish(iterate(second.arm, second.state, i))).value;
    expect(samples).toEqual(expected[i - 1].samples);
    for (const key of ['kl', 'policyLoss', 'valueLoss', 'updateTokens', 'policyGradNorm']) {
      expect(metrics[key]).toBe(expected[i - 1].metrics[key]);
    }
  }
  whole.dispose();
  second.dispose();
});

it('refuses a snapshot of another size, or of other networks, and says what helps', async () => {
  const { state, dispose } = start(12, small());
  const snapshot = await takeSnapshot(state, 0, scale);
  const { policy, critic } = snapshot.networks;
  const cut = policy.weights.slice(1);
  const refused: [Partial<ArmSnapshot>, string, RegExp][] = [
    [{ networks: { policy: { ...policy, weights: cut }, critic } }, 'policy', /^The policy of the snapshot/],
    [{ networks: { policy } }, 'critic', /^The snapshot holds no critic, which these settings train\. Go on/],
    [{ reference: cut }, 'reference', /^The reference of the snapshot has another size: .* or reset it/],
  ];
  for (const [change, field, message] of refused) {
    expect(failureOf(() => restoreSnapshot(state, { ...snapshot, ...change }))).toMatchObject({
      code: 'bad-checkpoint',
      field,
      message: expect.stringMatching(message),
    });
  }
  dispose();
});

it('refuses to go on from another start, even one of the same size, and takes snapshots of before', async () => {
  const { state, dispose } = start(12, small());
  const snapshot = await takeSnapshot(state, 0, scale);
  const prints = { policy: 'a', strong: 'b' };
  requireSameStart(snapshot, prints);
  requireSameStart({ ...snapshot, began: prints }, prints);
  const other = { policy: 'c', strong: 'd' };
  expect(failureOf(() => requireSameStart({ ...snapshot, began: prints }, other))).toMatchObject({
    field: 'policy',
    message: expect.stringMatching(
      /^The run began with another starting policy and another strong reward model than .* reset it/,
    ),
  });
  dispose();
});

function failureOf(act: () => void): LabError | undefined {
  try {
    act();
  } catch (thrown) {
    return labError(thrown);
  }
}

import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../nn/tf.ts';
import { iterate } from '../../rlhf/loop.ts';
import { finish, small, start } from '../../rlhf/testing/loop.fixture.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

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

it('refuses a snapshot of another model', async () => {
  const { state, dispose } = start(12, small());
  const snapshot = await takeSnapshot(state, 0, scale);
  const { policy, critic } = snapshot.networks;
  const cut = { policy: { ...policy, weights: policy.weights.slice(1) }, critic };
  expect(() => restoreSnapshot(state, { ...snapshot, networks: cut })).toThrow(RangeError);
  expect(() => restoreSnapshot(state, { ...snapshot, networks: { policy } })).toThrow(
    'The snapshot holds no critic, which these settings train.',
  );
  dispose();
});

import { beforeAll, expect, it } from 'vitest';
import { tf } from '../../nn/tf.ts';
import { finish, settings, start } from '../../rlhf/ppo.fixture.ts';
import { iterate } from '../../rlhf/ppo.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

const scale = { mean: 0, deviation: 1 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('resumes to the same numbers as if never interrupted', async () => {
  const whole = start(11);
  const expected = [];
  for (let i = 1; i <= 4; i++)
    expected.push((await finish(iterate(whole.state, whole.context, settings, i))).value);

  const first = start(11);
  for (let i = 1; i <= 2; i++) await finish(iterate(first.state, first.context, settings, i));
  const snapshot = structuredClone(await takeSnapshot(first.state, 2, scale));
  first.dispose();

  const second = start(11);
  restoreSnapshot(second.state, snapshot);
  for (let i = 3; i <= 4; i++) {
    const { samples, metrics } = (await finish(iterate(second.state, second.context, settings, i))).value;
    expect(samples).toEqual(expected[i - 1].samples);
    for (const key of ['kl', 'policyLoss', 'valueLoss', 'updateTokens', 'policyGradNorm']) {
      expect(metrics[key]).toBe(expected[i - 1].metrics[key]);
    }
  }
  whole.dispose();
  second.dispose();
});

it('refuses a snapshot of another model', async () => {
  const { state, dispose } = start(12);
  const snapshot = await takeSnapshot(state, 0, scale);
  const cut = { ...snapshot, policy: { ...snapshot.policy, weights: snapshot.policy.weights.slice(1) } };
  expect(() => restoreSnapshot(state, cut)).toThrow(RangeError);
  dispose();
});

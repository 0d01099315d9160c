import { beforeAll, expect, it } from 'vitest';
import { stream } from '../../core/random.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { nodeToken, reachesGoal, starShape, starTokens, starVocabulary } from '../../tasks/star/star.ts';
import { drawStars, imitatePaths, reinforcePaths, starTraining, valuePaths } from './train.ts';
import { walk } from './walk.ts';

beforeAll(async () => {
  await openSimd();
  await tf.setBackend('simd');
});

const config = {
  vocab: starVocabulary(starShape),
  width: 8,
  layers: 1,
  heads: 2,
  maxLength: starTokens(starShape),
};
const random = (seed: number, spread: number) => {
  const rng = stream(seed, 'star test');
  return Transformer.create(config, { normal: () => spread * rng.normal() });
};

it('walks as the policy does when guidance is nothing, and towards what the value network likes when it is much', async () => {
  const policy = random(1, 10);
  const value = random(2, 1).withScalarHead();
  const stars = drawStars(1, 'test', 200);
  const guide = { value, rule: 'q-sharp', candidates: starShape.labels } as const;
  const alone = await walk(policy, stars, stream(3, 'walk'));
  // A head of zeros says even odds of every node.
  expect(await walk(policy, stars, stream(3, 'walk'), { ...guide, inverse: 5 })).toEqual(alone);
  // Its layers hardly change an embedding, so now it likes one node better than any other.
  const liked = 3;
  tf.tidy(() => {
    const head = tf.slice(value.params['wte.weight'], [nodeToken(liked), 0], [1, config.width]);
    value.params['score.weight'].assign(tf.mul(head, 100));
  });
  const often = async (inverse: number) =>
    (await walk(policy, stars, stream(3, 'walk'), { ...guide, inverse })).filter((path) =>
      path.includes(liked),
    ).length;
  expect(await often(0)).toBe(alone.filter((path) => path.includes(liked)).length);
  expect(await often(50)).toBeGreaterThan(2 * (await often(0)));
  policy.dispose();
  value.dispose();
});

it('leaves no tensor behind but the networks that it trains, and trains the same ones again from the same seed', async () => {
  const settings = { ...starTraining, batch: 8, imitation: 3, rollouts: 30, value: 3, reinforce: 2 };
  const stars = drawStars(1, 'test', 40);
  const before = tf.memory().numTensors;
  const all = async () => {
    const policy = await imitatePaths(stars, settings, 1, () => {});
    const networks = [
      policy,
      await valuePaths(policy, stars, settings, 1, () => {}),
      await reinforcePaths(policy, stars, settings, 1, () => {}),
    ];
    const weights = await Promise.all(networks.map((network) => network.weights()));
    for (const network of networks) network.dispose();
    return weights;
  };
  expect(await all()).toEqual(await all());
  expect(tf.memory().numTensors).toBe(before);
});

it('calls a path right only when every node of it is', () => {
  const [star] = drawStars(1, 'test', 1);
  expect(reachesGoal(star, star.arms[0])).toBe(true);
  expect(reachesGoal(star, star.arms[1])).toBe(false);
  expect(reachesGoal(star, star.arms[0].slice(1))).toBe(false);
});

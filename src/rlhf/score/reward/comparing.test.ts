import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as nn from '../../../nn/forMethods.ts';
import { readAndDispose } from '../../../nn/tensors/readback.ts';
import { tf } from '../../../nn/tensors/tf.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { scoreAgainst } from '../../prepare/genrm.ts';
import type { Reward, RewardLook } from '../../slots.ts';
import { fixtureModels } from '../../testing/loop.fixture.ts';
import { BestOfStart } from './bestOfStart.ts';
import { genrm } from './genrm.ts';
import { hybrid } from './hybrid.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});
const models = () => {
  const made = fixtureModels(4);
  opened.push(...Object.values(made));
  return made;
};

/** Programs of two tokens and an end, for problems whose prompts are [2, 3 + problem, 2]. */
function lookAt(responses: [problem: number, ...program: number[]][]): RewardLook {
  const batch = nn.upload(
    nn.packSequences(
      responses.map(([problem, ...program]) => ({
        tokens: [2, 3 + problem, 2, ...program, 1],
        promptLength: 3,
      })),
    ),
  );
  opened.push(batch);
  return {
    batch,
    programs: responses.map(([, ...program]) => program.join(' ')),
    problems: responses.map(
      ([problem]) => ({ id: `p${problem}`, tests: [{ args: [], expected: 1 }] }) as unknown as Problem,
    ),
    reference: () => Int32Array.of(5, 5, 1),
    look: 1,
  };
}
const judged = (...score: number[]) => ({
  score: Float32Array.from(score),
  status: new Uint8Array(score.length),
  raised: new Uint8Array(score.length),
  cacheHits: 0,
});
async function grade(reward: Reward, look: RewardLook, verdicts = judged()): Promise<number[]> {
  await reward.prepare?.(look);
  const graded = reward.grade(look, verdicts);
  return [...(graded instanceof Float32Array ? graded : await readAndDispose(graded))];
}
const responses: [number, ...number[]][] = [
  [0, 5, 5],
  [1, 6, 7],
  [2, 8, 5],
];

describe('GenRM', () => {
  it('says of the anchor itself that it is on a par, and of others what the comparing model says, 2 s − 1', async () => {
    const parts = { nn, seed: 1, problems: [], models: models() };
    const look = lookAt(responses);
    const reward = genrm.open(parts, { anchor: 'truth', anchorSamples: 5 });
    const got = await grade(reward, look);
    expect(got[0]).toBe(0);
    const rows = responses.map(([problem, ...program]) => ({
      tokens: [2, 3 + problem, 2, ...program, 1],
      promptLength: 3,
    }));
    const score = await scoreAgainst(parts.models.genrm, rows, () => [5, 5, 1]);
    for (const [i, r] of got.entries()) expect(r).toBeCloseTo(2 * score[i] - 1, 5);
    expect(reward.passes(3)).toBe(6);
  });

  it('reads many responses in parts, to the same rewards', async () => {
    const parts = { nn, seed: 1, problems: [], models: models() };
    const reward = genrm.open(parts, { anchor: 'truth', anchorSamples: 5 });
    const [one] = await grade(reward, lookAt([[1, 6, 7]]));
    const many = await grade(
      reward,
      lookAt(Array.from({ length: 150 }, (): [number, ...number[]] => [1, 6, 7])),
    );
    expect(many).toHaveLength(150);
    for (const r of many) expect(r).toBeCloseTo(one, 6);
  });

  it('takes as an anchor of the start the program that the reward model likes best, whatever else is asked for', async () => {
    const { policy, strong } = models();
    const alone = new BestOfStart(nn, policy, strong, 4, 7);
    const among = new BestOfStart(nn, policy, strong, 4, 7);
    await alone.prepare(lookAt([[1, 6, 7]]));
    await among.prepare(lookAt([[0, 5, 5]]));
    await among.prepare(lookAt(responses));
    expect(among.anchor('p1')).toEqual(alone.anchor('p1'));
    // With one sample there is no choice; the chosen of four is liked at least as much as the first of them.
    const first = new BestOfStart(nn, policy, strong, 1, 7);
    await first.prepare(lookAt(responses));
    for (const id of ['p0', 'p1', 'p2']) {
      expect(await liking(strong, id, among.anchor(id))).toBeGreaterThanOrEqual(
        await liking(strong, id, first.anchor(id)),
      );
    }
    expect(() => alone.anchor('p2')).toThrow('Problem p2 has no anchor yet');
  });

  it('compares with these anchors, to the same rewards after it was opened anew', async () => {
    const parts = { nn, seed: 3, problems: [], models: models() };
    const knobs = { anchor: 'sft-best', anchorSamples: 3 } as const;
    const whole = genrm.open(parts, knobs);
    await grade(whole, lookAt(responses.slice(0, 2)));
    const expected = await grade(whole, lookAt(responses));
    expect(await grade(genrm.open(parts, knobs), lookAt(responses))).toEqual(expected);
    expect(genrm.models(knobs)).toEqual(['genrm', 'strong', 'policy']);
  });
});

async function liking(
  model: Parameters<typeof nn.scalars>[0],
  id: string,
  program: Int32Array,
): Promise<number> {
  const row = { tokens: [2, 3 + Number(id.slice(1)), 2, ...program], promptLength: 3 };
  const batch = nn.upload(nn.packSequences([row]));
  const [liked] = await readAndDispose(nn.pooledReward(nn.scalars(model, batch), batch.host, 3));
  batch.dispose();
  return liked;
}

describe('the hybrid', () => {
  const knobs = (verifiedShare: number, elsewhere: 'strong' | 'genrm-truth') => ({
    verifierTests: 'hidden' as const,
    verifierJudge: 'true' as const,
    testShare: 1,
    verifiedShare,
    elsewhere,
    modelWeight: 0.6,
  });

  it('is the tests where there is a verifier', async () => {
    const reward = hybrid.open({ nn, seed: 1, problems: [], models: models() }, knobs(1, 'strong'));
    expect(reward.needsVerdicts).toBe(true);
    expect(await grade(reward, lookAt(responses), judged(1, 0.9, 0))).toEqual([1, -1, -1]);
  });

  it('is the model elsewhere, at its weight; on a par with the truth is as good as a pass', async () => {
    const parts = { nn, seed: 1, problems: [], models: models() };
    const own = await grade(genrm.open(parts, { anchor: 'truth', anchorSamples: 5 }), lookAt(responses));
    const got = await grade(hybrid.open(parts, knobs(0, 'genrm-truth')), lookAt(responses), judged(0, 0, 0));
    expect(got[0]).toBeCloseTo(0.6, 6);
    for (const [i, r] of got.entries()) expect(r).toBeCloseTo(0.6 * Math.min(1, 2 * own[i] + 1), 5);
  });

  it('verifies the share of the problems that is asked for, the same ones at every look', async () => {
    const reward = hybrid.open({ nn, seed: 5, problems: [], models: models() }, knobs(0.3, 'strong'));
    const many = Array.from({ length: 8 }, (_, i): [number, ...number[]] => [i, 5, 5]);
    const pass = judged(...many.map(() => 1));
    const fail = judged(...many.map(() => 0));
    const [first, second] = [
      await grade(reward, lookAt(many), pass),
      await grade(reward, lookAt(many), fail),
    ];
    const verified = first.map((r, i) => r === 1 && second[i] === -1);
    expect(verified.filter(Boolean).length).toBeGreaterThan(0);
    expect(verified.filter(Boolean).length).toBeLessThan(8);
    first.forEach((r, i) => {
      if (!verified[i]) expect(r).toBe(second[i]);
    });
  });
});

/**
 * Computes the first two iterations of every shipped recording again, from the shipped checkpoints, and compares: what
 * the page opens with is still what the code computes.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mean, sd } from '../core/statistics/stats.ts';
import { startThreadJudge } from '../judge/testing/threadJudge.ts';
import { loadCheckpoint } from '../nn/checkpoint/checkpoint.ts';
import * as nn from '../nn/forMethods.ts';
import type { Transformer } from '../nn/model/transformer.ts';
import { openSimd } from '../nn/simd/open.ts';
import { methodsOf } from '../rlhf/catalogue/catalogue.ts';
import type { ArmSettings } from '../rlhf/catalogue/settings.ts';
import { evaluate } from '../rlhf/loop/evaluate.ts';
import { disposeState, openReward, startState } from '../rlhf/loop/start.ts';
import type { RewardScale } from '../rlhf/loop/state.ts';
import { iterate } from '../rlhf/loop.ts';
import type { Arm, Reward } from '../rlhf/slots.ts';
import { finish } from '../rlhf/testing/loop.fixture.ts';
import { codeMatcher } from '../tasks/match/codeMatch.ts';
import { presets } from './settings/presets.ts';
import { decodeRecording } from './storage/recordFile.ts';
import { judgeThrough } from './trainer/arm/judging.ts';
import { type ModelSlot, modelSlots } from './trainer/models/modelSlots.ts';
import { modelFolders } from './trainer/models/shippedModels.ts';
import { shippedWorldSeed, type WorldTasks, worldTasks } from './trainer/worldTasks.ts';

const file = (path: string) => readFileSync(new URL(`../../public/${path}`, import.meta.url));
const models = {} as Record<ModelSlot, Transformer>;
let world: WorldTasks;

beforeAll(async () => {
  await openSimd();
  for (const slot of modelSlots) {
    const folder = modelFolders[slot];
    models[slot] = loadCheckpoint({
      model: new Uint8Array(file(`checkpoints/default/${folder}/model.safetensors`)),
      config: file(`checkpoints/default/${folder}/config.json`).toString(),
    });
  }
  world = worldTasks(shippedWorldSeed);
});

const threadJudge = startThreadJudge();
afterAll(() => threadJudge.dispose());
const judge = judgeThrough(threadJudge.client);
const naiveJudge = judgeThrough(threadJudge.client, { judge: 'naive' });

/** The rewards of the starting policy are the same for all arms with one reward: they are looked at once. */
const scales = new Map<string, Promise<RewardScale>>();
function scaleOf(reward: Reward, settings: ArmSettings, seed: number): Promise<RewardScale> {
  const samples = settings.evaluation.evaluationSamples;
  const key = JSON.stringify([settings.reward, samples, seed]);
  const look = async () => {
    const context = { seed, held: world.held, reward, judge, naiveJudge };
    const { reward: said } = await evaluate(models.policy, context, { samples, iteration: 0 });
    return { mean: mean(said), deviation: sd(said) };
  };
  if (!scales.has(key)) scales.set(key, look());
  return scales.get(key)!;
}

const exact = [
  'score',
  'passRate',
  'samples',
  'rewardPasses',
  'criticPasses',
  'policyPasses',
  'updateTokens',
] as const;
const close = ['rewardPi', 'rewardMu', 'kl', 'entropy', 'policyLoss', 'valueLoss', 'policyGradNorm'] as const;

/** Runs that several recordings share are computed once. */
const computed = new Set<string>();

it.each(presets.map(({ id }) => id))(
  'computes the recording "%s" again',
  async (preset) => {
    const { runs } = await decodeRecording(new Uint8Array(file(`recorded/${preset}.bin`)));
    for (const { name, settings, seed, iterations } of runs) {
      const key = JSON.stringify([settings, seed]);
      if (computed.has(key)) continue;
      computed.add(key);
      const parts = { settings, seed, policy: models.policy, models };
      const reward = openReward(parts, { problems: world.train.problems, match: codeMatcher() });
      const state = startState(parts);
      const arm: Arm = {
        nn,
        seed,
        settings,
        methods: methodsOf(settings),
        tasks: world.train,
        reference: models.policy,
        models,
        reward,
        rewardScale: await scaleOf(reward, settings, seed),
        judge,
        ...(reward.believes ? { naiveJudge } : {}),
        customFilter: async () => new Float32Array(),
        awaitJudge: () => false,
      };
      for (const recorded of iterations.slice(0, 2)) {
        const { value } = await finish(iterate(arm, state, recorded.iteration));
        const where = `iteration ${recorded.iteration} of ${name}`;
        const rows = recorded.samples.problem.length;
        expect(value.samples.problem.slice(0, rows), where).toEqual(recorded.samples.problem);
        expect(value.samples.tokens.slice(0, recorded.samples.starts[rows]), where).toEqual(
          recorded.samples.tokens,
        );
        expect(value.samples.uses.slice(0, rows), where).toEqual(recorded.samples.uses);
        for (const key of exact) expect(value.metrics[key], `${key}, ${where}`).toBe(recorded.metrics[key]);
        for (const key of close) {
          if (recorded.metrics[key] === undefined) {
            expect(value.metrics, where).not.toHaveProperty(key);
            continue;
          }
          // The kernels of this engine round otherwise than the relaxed ones that the recordings were made with.
          const due = recorded.metrics[key];
          expect(Math.abs(value.metrics[key] - due), `${key}, ${where}`).toBeLessThan(
            1e-5 + 1e-4 * Math.abs(due),
          );
        }
      }
      disposeState(state);
    }
  },
  180_000,
);

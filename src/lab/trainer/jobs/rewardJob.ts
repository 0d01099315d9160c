/** Training a reward model in the page, on pairs of the policy's own programs. */
import { mean } from '../../../core/statistics/stats.ts';
import { packSequences, upload } from '../../../nn/batch/batch.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { readAndDispose } from '../../../nn/tensors/readback.ts';
import { noiseOf } from '../../../rlhf/prepare/noise/noiseMask.ts';
import { labelPairs, rewards, trainRewardModel } from '../../../rlhf/prepare/rewardModel.ts';
import { breathe } from '../arm/gate.ts';
import type { RewardModelSettings } from '../protocol.ts';
import { collect } from './collect.ts';
import { heating } from './heating.ts';
import { type JobContext, meter, sampleAndJudge, type Trained } from './job.ts';
import { measureReward } from './measureReward.ts';

export async function trainRewardJob(
  settings: RewardModelSettings,
  policy: Transformer,
  context: JobContext,
): Promise<Trained> {
  const { seed, world } = context;
  const progress = meter(context, 'reward');
  const collection = await collect(settings, policy, context, progress);
  const pairs = labelPairs(collection, settings, seed);

  const model = policy.withScalarHead();
  let metrics: Record<string, number> = { pairs: pairs.length };
  if (pairs.length > 0) {
    const noise = noiseOf(settings, model.config, seed);
    const heat = heating(noise, collection.rows);
    for await (const at of trainRewardModel(model, collection.rows, pairs, settings, seed, noise)) {
      metrics = { ...metrics, loss: at.loss };
      const { phase, told, masks } = heat(at, 'learning from pairs');
      progress(phase, at.step, at.steps, { ...metrics, ...told }, masks);
      await breathe();
      if (context.stopped()) break;
    }
    if (noise) metrics.maskMean = mean(noise.means);
  }

  const held = await sampleAndJudge(policy, world.held, context, 5, 1);
  const batch = upload(packSequences(held.responses.rows));
  const reward = await readAndDispose(rewards(model, batch));
  batch.dispose();
  const measured = measureReward(reward, held, settings.clearFrom > 0 ? settings.style : null);
  return { model, metrics: { ...metrics, ...measured.metrics }, reliability: measured.reliability };
}

/** Training a comparing model (GenRM) in the page, on the policy's own programs and the reference programs. */
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { TaskSet } from '../../../rlhf/loop/responses.ts';
import {
  comparingModel,
  comparisonsOf,
  type GradedPrograms,
  scoreAgainst,
  trainComparing,
} from '../../../rlhf/prepare/genrm.ts';
import { breathe } from '../arm/gate.ts';
import type { GenrmSettings } from '../protocol.ts';
import { collect } from './collect.ts';
import { type JobContext, meter, sampleAndJudge, type Trained } from './job.ts';
import { measureReward } from './measureReward.ts';

export async function trainGenrmJob(
  settings: GenrmSettings,
  policy: Transformer,
  context: JobContext,
): Promise<Trained> {
  const { seed, world } = context;
  const progress = meter(context, 'genrm');
  const collection = await collect(settings, policy, context, progress);
  const comparisons = comparisonsOf({
    ...collection,
    reference: references(world.train, collection.problem),
  });

  const model = comparingModel(policy, seed);
  let metrics: Record<string, number> = {
    pairs: comparisons.withReference.length + comparisons.among.length,
  };
  if (metrics.pairs > 0) {
    for await (const at of trainComparing(model, comparisons, settings, seed)) {
      metrics = { ...metrics, loss: at.loss };
      progress('learning from comparisons', at.step, at.steps, metrics);
      await breathe();
      if (context.stopped()) break;
    }
  }

  const held = await sampleAndJudge(policy, world.held, context, 5, 1);
  const { rows, problem, group } = held.responses;
  const withTruth = measureReward(
    await scoreAgainst(model, rows, references(world.held, problem)),
    held,
    null,
  );
  // Beside another program of the same prompt, as where the anchor is the start's own: the first of the others.
  const neighbour = (row: number) => {
    const other = group[row + 1] === group[row] ? row + 1 : group.indexOf(group[row]);
    return Array.from(rows[other].tokens).slice(rows[other].promptLength);
  };
  const beside = measureReward(await scoreAgainst(model, rows, neighbour), held, null);
  return {
    model,
    metrics: {
      ...metrics,
      ...withTruth.metrics,
      heldPassFailWithoutTruth: beside.metrics.heldPassFailAccuracy,
    },
    reliability: withTruth.reliability,
  };
}

const references =
  (tasks: TaskSet, problem: Int32Array): GradedPrograms['reference'] =>
  (row) =>
    tasks.reference(tasks.problems[problem[row]]);

/** A look at the held-out problems: how good the policy really is, and what the reward believes. */
import { hash32 } from '../../core/random.ts';
import { mean, sd } from '../../core/statistics/stats.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { generate } from '../../nn/generate/generate.ts';
import type { Guide } from '../../nn/generate/generator.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { readAndDispose } from '../../nn/tensors/readback.ts';
import { meanKl, readSteering } from '../sample/decode/steering.ts';
import { verdictsFor } from '../score/verdicts.ts';
import type { Reward } from '../slots.ts';
import { responsesOf, type TaskSet } from './responses.ts';
import type { JudgePrograms } from './run.ts';

export interface Evaluation {
  /** [B] rewards of the sampled programs. */
  reward: Float32Array;
  /** [B] true scores of the sampled programs. */
  score: Float32Array;
  metrics: Record<string, number>;
}

/**
 * Samples `samples` programs for each held-out problem at temperature 1 and writes one greedily.
 * The random stream depends on seed and iteration alone, so that arms are compared on equal luck.
 * @param steering steers every draw, where the arm is one that is decoded so; `start` is what its distance is told from
 */
export async function evaluate(
  policy: Transformer,
  context: {
    seed: number;
    held: TaskSet;
    reward: Reward;
    judge: JudgePrograms;
    naiveJudge?: JudgePrograms;
    steering?: { guide: Guide; start: Transformer };
  },
  { samples, iteration }: { samples: number; iteration: number },
): Promise<Evaluation> {
  const { seed, held, reward, judge, steering } = context;
  const all = Int32Array.from(held.problems, (_, i) => i);
  const write = async (perPrompt: number, greedy: boolean) =>
    responsesOf(
      await generate(policy, {
        prompts: held.prompts,
        samplesPerPrompt: perPrompt,
        greedy,
        seed: hash32(seed, 'evaluation'),
        streamId: iteration,
        guide: steering?.guide,
      }),
      held,
      all,
      perPrompt,
    );
  const sampled = await write(samples, false);
  const greedy = await write(1, true);
  const problems = Array.from(sampled.problem, (problem) => held.problems[problem]);
  const [judged, judgedGreedy] = await Promise.all([
    judge(problems, sampled.programs),
    judge(held.problems, greedy.programs),
  ]);

  const batch = upload(packSequences(sampled.rows));
  const isTruth = !reward.ask && !reward.believes;
  const verdicts =
    reward.needsVerdicts && !isTruth
      ? await verdictsFor(reward, context, problems, sampled.programs)
      : judged;
  const look = {
    batch,
    programs: sampled.programs,
    problems,
    reference: (row: number) => held.reference(problems[row]),
    look: -iteration,
  };
  await reward.prepare?.(look);
  const graded = reward.grade(look, verdicts);
  const rewards = graded instanceof Float32Array ? graded : await readAndDispose(graded);
  batch.dispose();

  const pass = judged.score.map((score) => (score === 1 ? 1 : 0));
  const metrics: Record<string, number> = {
    heldPass: mean(pass),
    heldScore: mean(judged.score),
    heldGreedy: mean(judgedGreedy.score.map((score) => (score === 1 ? 1 : 0))),
    heldReward: mean(rewards),
    heldRewardSpread: sd(rewards),
  };
  if (steering) {
    metrics.heldKl = meanKl(await readSteering(policy, steering.start, steering.guide, sampled.rows));
  }
  for (const tier of [1, 2, 3]) {
    const inTier = pass.filter((_, i) => problems[i].tier === tier);
    if (inTier.length > 0) metrics[`heldPassTier${tier}`] = mean(inTier);
  }
  return { reward: rewards, score: judged.score, metrics };
}

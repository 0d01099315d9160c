/** The programs that reward models learn from: what the policy writes for training problems, executed. */
import { stream } from '../../../core/random.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import type { Responses } from '../../../rlhf/loop/responses.ts';
import { breathe } from '../arm/gate.ts';
import { type JobContext, type meter, passRate, sampleAndJudge } from './job.ts';

export interface Collection {
  rows: Responses['rows'];
  /** Index of the training problem of each row. */
  problem: Int32Array;
  /** Rows of one prompt occurrence share a number. */
  group: Int32Array;
  score: Float32Array;
}

/** Problems that are sampled in one go, between two looks at whether a person asked to stop. */
const chunk = 100;

/**
 * Samples and runs `samplesPerPrompt` programs for each of `prompts` training problems. Which problems and which
 * programs depends on the seed alone, so that all reward models of a seed learn from the same policy's programs.
 */
export async function collect(
  { prompts, samplesPerPrompt }: { prompts: number; samplesPerPrompt: number },
  policy: Transformer,
  context: JobContext,
  progress: ReturnType<typeof meter>,
): Promise<Collection> {
  const { seed, world } = context;
  const order = stream(seed, 'reward prompts').shuffle(Int32Array.from(world.train.problems, (_, i) => i));
  const count = Math.min(prompts, order.length);
  const graded = {
    rows: [] as Responses['rows'],
    problem: [] as number[],
    group: [] as number[],
    score: [] as number[],
  };
  for (let from = 0; from < count && !context.stopped(); from += chunk) {
    const to = Math.min(count, from + chunk);
    const chosen = order.subarray(from, to);
    const { responses, judged } = await sampleAndJudge(
      policy,
      world.train,
      context,
      samplesPerPrompt,
      from,
      chosen,
    );
    graded.rows.push(...responses.rows);
    graded.problem.push(...responses.problem);
    graded.group.push(...Array.from(responses.group, (group) => from + group));
    graded.score.push(...judged.score);
    progress('sampling and running', to, count, {
      passRate: passRate({ score: Float32Array.from(graded.score) }),
    });
    await breathe();
  }
  return {
    rows: graded.rows,
    problem: Int32Array.from(graded.problem),
    group: Int32Array.from(graded.group),
    score: Float32Array.from(graded.score),
  };
}

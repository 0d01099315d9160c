/** What the training jobs of the page share: what they are given, what they give back, and how they report. */

import { hash32 } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/stats.ts';
import { ActiveTime } from '../../../core/time/activeTime.ts';
import { generate } from '../../../nn/generate/generate.ts';
import type { Guide } from '../../../nn/generate/generator.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { type Responses, responsesOf, type TaskSet } from '../../../rlhf/loop/responses.ts';
import type { Judged, JudgePrograms } from '../../../rlhf/loop/run.ts';
import type { TrainingProgress } from '../protocol.ts';
import type { WorldTasks } from '../worldTasks.ts';

export interface JobContext {
  seed: number;
  world: WorldTasks;
  judge: JudgePrograms;
  /** True once a person asked to stop. */
  stopped(): boolean;
  report(progress: TrainingProgress): void;
}

export interface Trained {
  model: Transformer;
  metrics: Record<string, number>;
  /** Share of held-out programs that pass in each tenth of the rewards, lowest first: of reward models only. */
  reliability?: number[];
}

/** Programs that a policy wrote, with their true scores. */
export interface Graded {
  responses: Responses;
  judged: Judged;
}

/**
 * @param chosen problems to write programs for; all of them when it is left out
 * @param guide steers the writing, where it is there
 */
export async function sampleAndJudge(
  policy: Transformer,
  tasks: TaskSet,
  { seed, judge }: Pick<JobContext, 'seed' | 'judge'>,
  perPrompt: number,
  streamId: number,
  chosen: Int32Array = Int32Array.from(tasks.problems, (_, i) => i),
  guide?: Guide,
): Promise<Graded> {
  const rollouts = await generate(policy, {
    prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
    samplesPerPrompt: perPrompt,
    seed: hash32(seed, 'training job'),
    streamId,
    guide,
  });
  const responses = responsesOf(rollouts, tasks, chosen, perPrompt);
  const judged = await judge(
    Array.from(responses.problem, (problem) => tasks.problems[problem]),
    responses.programs,
  );
  return { responses, judged };
}

export function passRate({ score }: Pick<Judged, 'score'>): number {
  return mean(score.map((s) => (s === 1 ? 1 : 0)));
}

/** Reports progress with the time left, measured over the current phase. */
export function meter({ report }: JobContext, job: TrainingProgress['job']) {
  let phase = '';
  let seen = 0;
  let spent = 0;
  let first = 0;
  const spans = new ActiveTime();
  return (
    name: string,
    done: number,
    total: number,
    metrics: Record<string, number>,
    masks: TrainingProgress['masks'] | null = null,
  ) => {
    if (name !== phase) {
      phase = name;
      seen = performance.now();
      spent = 0;
      first = done;
    }
    const now = performance.now();
    spent += spans.count(now - seen) / 1000;
    seen = now;
    const secondsLeft = done > first ? (spent / (done - first)) * (total - done) : null;
    report({ job, phase, done, total, secondsLeft, metrics, ...(masks && { masks }) });
  };
}

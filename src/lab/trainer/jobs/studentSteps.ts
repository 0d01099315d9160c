/**
 * The steps from a teacher to a pocket student with a knowledge store, each by itself, as the training panel takes them one
 * after the other and `npm run students` in several ways. Each does one unit of work at least, and ends early once a person
 * asked to stop.
 */
import { hash32, stream } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/stats.ts';
import type { SequenceRow } from '../../../nn/batch/batch.ts';
import { generate } from '../../../nn/generate/generate.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { responsesOf, type TaskSet } from '../../../rlhf/loop/responses.ts';
import { trainPolicy } from '../../../rlhf/prepare/sft.ts';
import { differences, improveSoftPrompt } from '../../../rlhf/prepare/softPpo.ts';
import { SoftPrompt, trainSoftPrompt } from '../../../rlhf/prepare/softPrompt.ts';
import {
  entriesOf,
  type Knowledge,
  type KnowledgeEntry,
  makeKnowledge,
} from '../../../rlhf/student/knowledge.ts';
import { votersOf, writeMixed } from '../../../rlhf/student/mixture.ts';
import { indexOf, nearest, type RetrievalIndex, trainRetriever } from '../../../rlhf/student/retriever.ts';
import { behindNeighbours, createStudent, type Reading } from '../../../rlhf/student/student.ts';
import { requestOf } from '../../../tasks/chain.ts';
import { rightPrograms } from '../../../tasks/corpus.ts';
import type { Problem } from '../../../tasks/problem.ts';
import { breathe } from '../arm/gate.ts';
import type { StudentSettings } from '../protocol.ts';
import { taskSet } from '../worldTasks.ts';
import type { JobContext, meter } from './job.ts';

type Progress = ReturnType<typeof meter>;

/** Right programs that the soft prompt imitates: few, as a paper about low resources would have them. */
const examples = 400;
/** Requests that the teacher is asked in one go. */
const chunk = 100;
/** Numbers of a request's vector. */
export const retrieverDimension = 16;

/** The training requests that a teacher of this seed is asked, in order. */
export function askedRequests(
  { requests }: Pick<StudentSettings, 'requests'>,
  { seed, world }: JobContext,
): Int32Array {
  return stream(seed, 'requests to the teacher')
    .shuffle(Int32Array.from(world.train.problems, (_, i) => i))
    .subarray(0, requests);
}

/** Step 1: a soft prompt that imitates right programs. */
export async function imitate(
  teacher: Transformer,
  { vectors, imitation }: StudentSettings,
  context: JobContext,
  progress: Progress,
): Promise<SoftPrompt> {
  const { seed, world } = context;
  const { problems, prompts } = world.train;
  const rows = rightPrograms(problems, { seed: hash32(seed, 'examples'), size: examples }).map(
    ({ problem, program }) => ({
      tokens: Int32Array.from([...prompts[problem], ...program]),
      promptLength: prompts[problem].length,
    }),
  );
  const soft = SoftPrompt.create(teacher, vectors, stream(seed, 'soft prompt'));
  const training = { steps: imitation, batch: 16, learningRate: 0.01 };
  for await (const { step, steps, loss } of trainSoftPrompt(soft, rows, training, seed)) {
    progress('soft prompt: imitation', step, steps, { loss });
    await breathe();
    if (context.stopped()) break;
  }
  return soft;
}

/** Step 2: PPO on the soft prompt, for programs that pass and differ. Changes it in place. */
export async function improve(
  soft: SoftPrompt,
  { iterations, diversity, beta }: StudentSettings,
  context: JobContext,
  progress: Progress,
): Promise<void> {
  const settings = {
    iterations,
    prompts: 48,
    samplesPerPrompt: 4,
    epochs: 1,
    minibatches: 4,
    learningRate: 5e-3,
    criticLearningRate: 2e-3,
    clip: 0.2,
    diversity,
    beta,
  };
  for await (const at of improveSoftPrompt(
    soft,
    context.world.train,
    context.judge,
    settings,
    context.seed,
  )) {
    const { passRate, diversity, kl } = at;
    progress('soft prompt: PPO', at.iteration, at.iterations, { passRate, diversity, kl });
    await breathe();
    if (context.stopped()) break;
  }
}

/** Step 3: what the teacher writes for training requests, executed and stored. Held-out problems are never asked. */
export async function extract(
  soft: SoftPrompt,
  settings: StudentSettings,
  teacher: string,
  context: JobContext,
  progress: Progress,
): Promise<Knowledge> {
  const { seed, world, judge } = context;
  const { samplesPerRequest } = settings;
  const asked = askedRequests(settings, context);
  const entries: KnowledgeEntry[] = [];
  const passes: number[] = [];
  for (let from = 0; from < asked.length; from += chunk) {
    const chosen = asked.subarray(from, from + chunk);
    const rollouts = await generate(soft.teacher, {
      prompts: Array.from(chosen, (problem) => soft.before(world.train.prompts[problem])),
      samplesPerPrompt: samplesPerRequest,
      seed: hash32(seed, 'extraction'),
      streamId: from,
      soft: soft.rows,
    });
    const written = responsesOf(rollouts, world.train, chosen, samplesPerRequest);
    const judged = await judge(
      Array.from(written.problem, (problem) => world.train.problems[problem]),
      written.programs,
    );
    entries.push(...entriesOf(written, judged, world.train));
    for (const score of judged.score) passes.push(score === 1 ? 1 : 0);
    progress('extraction', Math.min(asked.length, from + chunk), asked.length, {
      passRate: mean(passes),
      entries: entries.filter(({ score }) => score === 1).length,
    });
    await breathe();
    if (context.stopped()) break;
  }
  return makeKnowledge(teacher, entries);
}

/** Step 4: the way into the store. */
export async function learnToRetrieve(
  knowledge: Knowledge,
  context: JobContext,
  progress: Progress,
): Promise<RetrievalIndex> {
  const training = { steps: 200, batch: 64, dimension: retrieverDimension, learningRate: 0.03 };
  let index: RetrievalIndex | null = null;
  for await (const { step, steps, loss, retriever } of trainRetriever(knowledge, training, context.seed)) {
    progress('retriever', step, steps, { loss });
    await breathe();
    const last = step === steps || context.stopped();
    if (!last) continue;
    index = indexOf(knowledge, await retriever());
    break;
  }
  return index!;
}

/** Step 5: a student that learns these sequences. */
export async function learnSequences(
  rows: readonly SequenceRow[],
  { width, steps }: Pick<StudentSettings, 'width' | 'steps'>,
  context: JobContext,
  progress: Progress,
): Promise<Transformer> {
  const student = createStudent(width, context.seed);
  const training = { steps, batch: 32, learningRate: 0.02 };
  for await (const at of trainPolicy(student, rows, training, context.seed)) {
    progress('student', at.step, at.steps, { loss: at.loss });
    await breathe();
    if (context.stopped()) break;
  }
  return student;
}

/** Which store a student uses, and how. */
export interface StudentUse {
  index: RetrievalIndex | null;
  reading: Reading;
  neighbours: number;
  lambda: number;
}

/** Programs that a student writes for all problems of a set, judged: the share that passes, and how they differ. */
export async function lookAt(
  student: Transformer,
  { index, reading, neighbours: k, lambda }: StudentUse,
  tasks: TaskSet,
  { samples, greedy }: { samples: number; greedy: boolean },
  { seed, judge }: Pick<JobContext, 'seed' | 'judge'>,
): Promise<{ pass: number; diversity: number }> {
  const found = tasks.prompts.map((prompt) =>
    index && reading !== 'alone' ? nearest(index, prompt.subarray(0, prompt.length - 1), k) : [],
  );
  const prompts = tasks.prompts.map((prompt, i) =>
    reading === 'prefix' ? behindNeighbours(prompt, found[i]) : prompt,
  );
  const writing = { prompts, samplesPerPrompt: samples, greedy, seed: hash32(seed, 'student looks') };
  const rollouts =
    reading === 'mix'
      ? await writeMixed(student, { ...writing, voters: found.map(votersOf), lambda })
      : await generate(student, { ...writing, streamId: 0 });
  const all = Int32Array.from(tasks.problems, (_, i) => i);
  const written = responsesOf(rollouts, tasks, all, samples);
  const { score } = await judge(
    Array.from(written.problem, (problem) => tasks.problems[problem]),
    written.programs,
  );
  return { pass: mean(score.map((s) => (s === 1 ? 1 : 0))), diversity: mean(differences(written)) };
}

/**
 * Training problems that the teacher was asked, put in other words than any training request: what a store can know of,
 * asked as it was not asked before.
 */
export function inOtherWords(asked: Int32Array, count: number, { seed, world }: JobContext): TaskSet {
  const rng = stream(seed, 'other words');
  const taken = new Set(world.train.problems.map(({ prompt }) => prompt));
  const problems: Problem[] = [];
  for (const at of asked) {
    if (problems.length === count) break;
    const problem = world.train.problems[at];
    for (let attempt = 0; attempt < 10; attempt++) {
      const prompt = requestOf(problem.chain!, ({ say }) => rng.int(say.length));
      if (taken.has(prompt)) continue;
      problems.push({ ...problem, prompt });
      break;
    }
  }
  return taskSet(problems);
}

/** Training a policy or a reward model in the page: progress, time left, and a stop that keeps what was learned. */
import { ActiveTime } from '../../core/activeTime.ts';
import { hash32, stream } from '../../core/random.ts';
import { mean } from '../../core/stats.ts';
import { packSequences, upload } from '../../nn/batch.ts';
import { generate } from '../../nn/generate.ts';
import { readAndDispose } from '../../nn/readback.ts';
import { Transformer } from '../../nn/transformer.ts';
import { labelPairs, pairAccuracy, rewards, trainRewardModel } from '../../rlhf/prepare/rewardModel.ts';
import { trainPolicy } from '../../rlhf/prepare/sft.ts';
import { type Responses, responsesOf, type TaskSet } from '../../rlhf/responses.ts';
import type { Judged, JudgePrograms } from '../../rlhf/run.ts';
import { buildCorpus } from '../../tasks/corpus.ts';
import { maxSequence, vocabulary } from '../../tasks/tokenizer.ts';
import { breathe } from './gate.ts';
import type { RewardModelSettings, SftSettings, TrainingProgress } from './protocol.ts';
import type { WorldTasks } from './worldTasks.ts';

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
}

/** The buggiest operation of the corpus is wrong this often; the corpus as a whole passes a little under half. */
const bugRate = 0.6;
/** Steps between two looks at the held-out problems during fine-tuning. */
const lookEvery = 250;

export async function trainPolicyJob(settings: SftSettings, context: JobContext): Promise<Trained> {
  const { seed, world, judge } = context;
  const { problems, prompts } = world.train;
  const corpus = buildCorpus(problems, { seed: hash32(seed, 'corpus'), size: settings.corpus, bugRate });
  const rows = corpus.map(({ problem, program }) => {
    const prompt = prompts[problem];
    return { tokens: Int32Array.from([...prompt, ...program]), promptLength: prompt.length };
  });
  const { width, layers, heads } = settings;
  const model = Transformer.create(
    { vocab: vocabulary.length, width, layers, heads, maxLength: maxSequence },
    stream(seed, 'policy weights'),
  );
  const progress = meter(context, 'policy');
  let metrics: Record<string, number> = {};
  for await (const at of trainPolicy(model, rows, settings, seed)) {
    metrics = { ...metrics, loss: at.loss, tokens: at.tokens };
    if (at.step % lookEvery === 0 || at.step === at.steps) {
      const { judged } = await sampleAndJudge(model, world.held, judge, seed, 1, at.step);
      metrics.heldPass = passRate(judged);
    }
    progress('fine-tuning', at.step, at.steps, metrics);
    await breathe();
    if (context.stopped()) break;
  }
  const { judged } = await sampleAndJudge(model, world.held, judge, seed, 3, 0);
  return { model, metrics: { ...metrics, heldPass: passRate(judged) } };
}

export async function trainRewardJob(
  settings: RewardModelSettings,
  policy: Transformer,
  context: JobContext,
): Promise<Trained> {
  const { seed, world, judge } = context;
  const progress = meter(context, 'reward');
  const chunk = 100;
  const order = stream(seed, 'reward prompts').shuffle(Int32Array.from(world.train.problems, (_, i) => i));
  const prompts = Math.min(settings.prompts, order.length);
  const graded = { rows: [] as Responses['rows'], group: [] as number[], score: [] as number[] };
  for (let from = 0; from < prompts && !context.stopped(); from += chunk) {
    const chosen = order.subarray(from, Math.min(prompts, from + chunk));
    const { responses, judged } = await sampleAndJudge(
      policy,
      world.train,
      judge,
      seed,
      settings.samplesPerPrompt,
      from,
      chosen,
    );
    graded.rows.push(...responses.rows);
    graded.group.push(...Array.from(responses.group, (group) => from + group));
    graded.score.push(...judged.score);
    progress('sampling and running', Math.min(prompts, from + chunk), prompts, {
      passRate: passRate({ score: Float32Array.from(graded.score) }),
    });
    await breathe();
  }
  const collection = {
    rows: graded.rows,
    group: Int32Array.from(graded.group),
    score: Float32Array.from(graded.score),
  };
  const pairs = labelPairs(collection, settings, seed);

  const model = policy.withScalarHead();
  let metrics: Record<string, number> = { pairs: pairs.length };
  if (pairs.length > 0) {
    for await (const at of trainRewardModel(model, collection.rows, pairs, settings, seed)) {
      metrics = { ...metrics, loss: at.loss };
      progress('learning from pairs', at.step, at.steps, metrics);
      await breathe();
      if (context.stopped()) break;
    }
  }

  const { responses, judged } = await sampleAndJudge(policy, world.held, judge, seed, 5, 1);
  const batch = upload(packSequences(responses.rows));
  const reward = await readAndDispose(rewards(model, batch));
  batch.dispose();
  const held = { rows: responses.rows, group: responses.group, score: judged.score };
  const heldPairs = labelPairs(held, { pairing: 'all', flipped: 0 }, seed);
  const decisive = heldPairs.filter(
    ({ chosen, rejected }) => (judged.score[chosen] === 1) !== (judged.score[rejected] === 1),
  );
  return {
    model,
    metrics: {
      ...metrics,
      // Absent where there is nothing to compare.
      ...(heldPairs.length > 0 && { heldPairAccuracy: pairAccuracy(reward, heldPairs) }),
      ...(decisive.length > 0 && { heldPassFailAccuracy: pairAccuracy(reward, decisive) }),
    },
  };
}

async function sampleAndJudge(
  policy: Transformer,
  tasks: TaskSet,
  judge: JudgePrograms,
  seed: number,
  perPrompt: number,
  streamId: number,
  chosen: Int32Array = Int32Array.from(tasks.problems, (_, i) => i),
): Promise<{ responses: Responses; judged: Judged }> {
  const rollouts = await generate(policy, {
    prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
    samplesPerPrompt: perPrompt,
    seed: hash32(seed, 'training job'),
    streamId,
  });
  const responses = responsesOf(rollouts, tasks, chosen, perPrompt);
  const judged = await judge(
    Array.from(responses.problem, (problem) => tasks.problems[problem]),
    responses.programs,
  );
  return { responses, judged };
}

function passRate({ score }: Pick<Judged, 'score'>): number {
  return mean(score.map((s) => (s === 1 ? 1 : 0)));
}

/** Reports progress with the time left, measured over the current phase. */
function meter({ report }: JobContext, job: TrainingProgress['job']) {
  let phase = '';
  let seen = 0;
  let spent = 0;
  let first = 0;
  const spans = new ActiveTime();
  return (name: string, done: number, total: number, metrics: Record<string, number>) => {
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
    report({ job, phase, done, total, secondsLeft, metrics });
  };
}

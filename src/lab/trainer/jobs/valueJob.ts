/**
 * Training the value network of guidance in the page, round by round (Q#, arXiv 2502.20548, Algorithm 1). The first round
 * samples the policy alone. In every other round a steered response is cut at a random token, the policy alone finishes
 * it, and what stands behind the cut is learned from; the rounds are learned from together.
 */
import { type GuideRule, passChance } from '../../../core/decoding/guidance.ts';
import { hash32, stream } from '../../../core/random.ts';
import { mean } from '../../../core/statistics/stats.ts';
import { packSequences, type SequenceRow, upload } from '../../../nn/batch/batch.ts';
import { generate } from '../../../nn/generate/generate.ts';
import type { Guide } from '../../../nn/generate/generator.ts';
import type { Transformer } from '../../../nn/model/transformer.ts';
import { actionBins, actionLogits, binsOf } from '../../../nn/model/valueHead.ts';
import { readAndDispose } from '../../../nn/tensors/readback.ts';
import type { TaskSet } from '../../../rlhf/loop/responses.ts';
import {
  type LabelledRow,
  shareBins,
  startValueNetwork,
  trainValueNetwork,
} from '../../../rlhf/prepare/valueNetwork.ts';
import { breathe } from '../arm/gate.ts';
import type { ValueSettings } from '../protocol.ts';
import { type JobContext, meter, passRate, sampleAndJudge, type Trained } from './job.ts';

/** Prompts whose rollouts are judged at a time. */
const chunk = 100;
const rule: GuideRule = 'q-sharp';
/** The policy's most likely tokens that are re-weighted, in the rounds and in the last look. */
const candidates = 20;

export async function trainValueJob(
  settings: ValueSettings,
  policy: Transformer,
  context: JobContext,
): Promise<Trained> {
  const { seed, world } = context;
  const progress = meter(context, 'value');
  const value = startValueNetwork(policy, settings.learns === 'share' ? shareBins : 1);
  const rows: LabelledRow[] = [];
  let metrics: Record<string, number> = {};
  const order = stream(seed, 'value prompts').shuffle(Int32Array.from(world.train.problems, (_, i) => i));
  const prompts = order.subarray(0, Math.min(settings.prompts, order.length));
  for (let round = 0; round < settings.rounds && !context.stopped(); round++) {
    const name = settings.rounds > 1 ? `round ${round + 1}: ` : '';
    for (let from = 0; from < prompts.length && !context.stopped(); from += chunk) {
      const chosen = prompts.subarray(from, from + chunk);
      const steering = round === 0 ? null : { model: value, rule, inverse: 1 / settings.eta, candidates };
      rows.push(...(await collect(policy, steering, chosen, { settings, round, from }, context)));
      metrics = { ...metrics, passRate: mean(rows.map(({ label }) => (label === 1 ? 1 : 0))) };
      progress(
        `${name}sampling and running`,
        Math.min(prompts.length, from + chunk),
        prompts.length,
        metrics,
      );
      await breathe();
    }
    for await (const at of trainValueNetwork(value, rows, settings, hash32(seed, 'value', round))) {
      metrics = { ...metrics, loss: at.loss };
      progress(`${name}learning`, at.step, at.steps, metrics);
      await breathe();
      if (context.stopped()) break;
    }
  }
  return { model: value, metrics: { ...metrics, ...(await look(policy, value, settings, context)) } };
}

/** Rollouts of a few prompts, finished by the policy alone, with what they are worth. */
async function collect(
  policy: Transformer,
  steering: Guide | null,
  chosen: Int32Array,
  { settings, round, from }: { settings: ValueSettings; round: number; from: number },
  { seed, world, judge }: JobContext,
): Promise<LabelledRow[]> {
  const { samplesPerPrompt, learns } = settings;
  const labelOf = (score: number) => (learns === 'share' ? score : score === 1 ? 1 : 0);
  const streamId = hash32(round, from);
  if (!steering) {
    const { responses, judged } = await sampleAndJudge(
      policy,
      world.train,
      { seed: hash32(seed, 'value'), judge },
      samplesPerPrompt,
      streamId,
      chosen,
    );
    return responses.rows.map((row, i) => ({ ...row, label: labelOf(judged.score[i]) }));
  }
  const begun = await generate(policy, {
    prompts: Array.from(chosen, (problem) => world.train.prompts[problem]),
    samplesPerPrompt,
    seed: hash32(seed, 'steered'),
    streamId,
    guide: steering,
  });
  const rng = stream(seed, 'cuts', round, from);
  const stride = begun.tokens.length / begun.totalLength.length;
  const cuts = Array.from(begun.totalLength, (length, row) => {
    const { [row]: promptLength } = begun.promptLength;
    const cut = promptLength + rng.int(length - promptLength);
    return begun.tokens.slice(row * stride, row * stride + cut);
  });
  const ended = await generate(policy, {
    prompts: cuts,
    samplesPerPrompt: 1,
    seed: hash32(seed, 'finished alone'),
    streamId,
  });
  const finished: SequenceRow[] = cuts.map((cut, row) => ({
    tokens: ended.tokens.slice(row * stride, row * stride + ended.totalLength[row]),
    promptLength: cut.length,
  }));
  const problems = finished.map((_, row) => chosen[Math.floor(row / samplesPerPrompt)]);
  const score = await judgeRows(finished, begun.promptLength, problems, world.train, judge);
  return finished.map((row, i) => ({ ...row, label: labelOf(score[i]) }));
}

async function judgeRows(
  rows: readonly SequenceRow[],
  promptLength: Int32Array,
  problems: readonly number[],
  tasks: TaskSet,
  judge: JobContext['judge'],
): Promise<Float32Array> {
  const asked = problems.map((problem) => tasks.problems[problem]);
  const programs = rows.map(({ tokens }, i) =>
    tasks.source(Array.from(tokens).slice(promptLength[i]), asked[i]),
  );
  return (await judge(asked, programs)).score;
}

/** What the value network is worth on held-out problems: as a judge of whole programs, and as a guide. */
async function look(
  policy: Transformer,
  value: Transformer,
  { eta }: ValueSettings,
  { seed, world, judge }: JobContext,
): Promise<Record<string, number>> {
  const { responses, judged } = await sampleAndJudge(policy, world.held, { seed, judge }, 5, 1);
  const batch = upload(packSequences(responses.rows));
  const bins = binsOf(value);
  const said = await readAndDispose(bins > 1 ? actionBins(value, batch) : actionLogits(value, batch));
  batch.dispose();
  let right = 0;
  responses.rows.forEach((_, row) => {
    const last = responses.starts[row + 1] - 1;
    const passes = passChance(said.subarray(last * bins, (last + 1) * bins));
    if (passes > 0.5 === (judged.score[row] === 1)) right++;
  });
  const guide = { model: value, rule, inverse: 1 / eta, candidates };
  const steered = await sampleAndJudge(policy, world.held, { seed, judge }, 5, 1, undefined, guide);
  return {
    heldVerdictAccuracy: right / responses.rows.length,
    heldPass: passRate(judged),
    heldPassSteered: passRate(steered.judged),
  };
}

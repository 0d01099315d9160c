/**
 * The browser's part of `npm run steering`: pass rate against distance from the starting policy, for the same frozen
 * policy under guidance of several strengths, and for policies that were trained, with and without guidance.
 */
import type { GuideRule } from '../../src/core/decoding/guidance.ts';
import { hash32 } from '../../src/core/random.ts';
import { mean } from '../../src/core/statistics/stats.ts';
import { JudgeClient } from '../../src/judge/client.ts';
import { startJudge } from '../../src/judge/service.ts';
import { ArmRun } from '../../src/lab/trainer/arm/armRun.ts';
import { Gate } from '../../src/lab/trainer/arm/gate.ts';
import { judgeThrough } from '../../src/lab/trainer/arm/judging.ts';
import type { ModelSlot } from '../../src/lab/trainer/models/modelSlots.ts';
import { fetchShipped } from '../../src/lab/trainer/models/shippedModels.ts';
import { shippedWorldSeed, worldTasks } from '../../src/lab/trainer/worldTasks.ts';
import { openBackend } from '../../src/nn/backend/open.ts';
import { loadCheckpoint } from '../../src/nn/checkpoint/checkpoint.ts';
import { generate } from '../../src/nn/generate/generate.ts';
import type { Guide } from '../../src/nn/generate/generator.ts';
import type { Transformer } from '../../src/nn/model/transformer.ts';
import { defaultSettings } from '../../src/rlhf/catalogue/catalogue.ts';
import { withChanges } from '../../src/rlhf/catalogue/paths.ts';
import { responsesOf } from '../../src/rlhf/loop/responses.ts';
import { networkOf, type Values } from '../../src/rlhf/sample/decode/guided.ts';
import { meanKl, readSteering } from '../../src/rlhf/sample/decode/steering.ts';

/** What is looked at together, for one seed: the frozen policy, or one that is trained by a method. */
export interface ParetoPart {
  seed: number;
  policy: 'start' | 'ppo-m' | 'bw';
  /** Which value network steers. */
  values: Values;
  /** Of training. */
  iterations: number;
  /** Rules of guidance that it is looked at under, beside being looked at alone. */
  rules: readonly GuideRule[];
  etas: readonly number[];
}

/** One look at all held-out problems. */
export interface ParetoPoint {
  rule: GuideRule | null;
  eta: number | null;
  pass: number;
  kl: number;
}

declare global {
  function reportProgress(line: string): Promise<void>;
}

const samples = 3;
const candidates = 20;

let opened: ReturnType<typeof open> | undefined;

async function open() {
  await openBackend('simd');
  const load = async (slot: ModelSlot) => loadCheckpoint(await fetchShipped(location.href, slot));
  return {
    judge: judgeThrough(new JudgeClient(startJudge().connect())),
    world: worldTasks(shippedWorldSeed),
    start: await load('policy'),
    strong: await load('strong'),
    value: await load('value'),
    histogram: await load('histogram'),
  };
}

export async function pareto({
  seed,
  policy,
  values,
  iterations,
  rules,
  etas,
}: ParetoPart): Promise<ParetoPoint[]> {
  opened ??= open();
  const { judge, world, start, strong, ...networks } = await opened;
  const points: ParetoPoint[] = [];
  const look = async (model: Transformer, rule: GuideRule | null, eta: number | null) => {
    const guide: Guide | undefined =
      rule && eta !== null
        ? { model: networks[networkOf(values)], rule, inverse: 1 / eta, candidates }
        : undefined;
    const rollouts = await generate(model, {
      prompts: world.held.prompts,
      samplesPerPrompt: samples,
      seed: hash32(seed, 'steering'),
      streamId: 0,
      guide,
    });
    const all = Int32Array.from(world.held.problems, (_, i) => i);
    const { rows, problem, programs } = responsesOf(rollouts, world.held, all, samples);
    const { score } = await judge(
      Array.from(problem, (at) => world.held.problems[at]),
      programs,
    );
    const pass = mean(score.map((s) => (s === 1 ? 1 : 0)));
    const kl = meanKl(await readSteering(model, start, guide, rows));
    points.push({ rule, eta, pass, kl });
    await reportProgress(
      `seed ${seed}: ${policy} ${rule ? `${rule} ${values}` : ''} ${eta ?? ''}: pass ${pass.toFixed(3)}, KL ${kl.toFixed(2)}`,
    );
  };
  const lookAll = async (model: Transformer) => {
    await look(model, null, null);
    for (const rule of rules) for (const eta of etas) await look(model, rule, eta);
  };
  if (policy === 'start') {
    await lookAll(start);
    return points;
  }
  const settings = withChanges(defaultSettings(), {
    method: policy,
    beta: 0.2,
    iterations,
    evaluateEvery: 1000,
    evaluationSamples: 1,
  });
  const gate = new Gate(() => {});
  gate.play();
  const nothing = () => {};
  const run = new ArmRun(
    {
      settings,
      seed,
      world,
      policy: start,
      models: { strong },
      prints: {},
      judge,
      customFilter: async () => new Float32Array(),
    },
    gate,
    { station: nothing, iteration: nothing, evaluation: nothing, snapshot: nothing },
  );
  await run.run(null);
  await lookAll(run.state.networks.policy.model);
  run.dispose();
  return points;
}

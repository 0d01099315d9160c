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
import { meanKl, readSteering } from '../../src/rlhf/sample/decode/steering.ts';

export interface ParetoPlan {
  seeds: number[];
  etas: number[];
  iterations: number;
  /** Methods whose policies are trained, then looked at alone and under Q#. */
  trained: string[];
}

/** One look at all held-out problems. */
export interface ParetoPoint {
  seed: number;
  policy: string;
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

export async function pareto(plan: ParetoPlan): Promise<ParetoPoint[]> {
  await openBackend('simd');
  const client = new JudgeClient(startJudge().connect());
  const judge = judgeThrough(client);
  const world = worldTasks(shippedWorldSeed);
  const load = async (slot: 'policy' | 'strong' | 'value') =>
    loadCheckpoint(await fetchShipped(location.href, slot));
  const [start, strong, value] = [await load('policy'), await load('strong'), await load('value')];
  const points: ParetoPoint[] = [];
  for (const seed of plan.seeds) {
    const look = async (policy: string, model: Transformer, rule: GuideRule | null, eta: number | null) => {
      const guide: Guide | undefined =
        rule && eta !== null ? { model: value, rule, inverse: 1 / eta, candidates } : undefined;
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
      points.push({ seed, policy, rule, eta, pass, kl });
      await reportProgress(
        `seed ${seed}: ${policy} ${rule ?? ''} ${eta ?? ''}: pass ${pass.toFixed(3)}, KL ${kl.toFixed(2)}`,
      );
    };
    await look('start', start, null, null);
    for (const rule of ['q-sharp', 'cd'] as const)
      for (const eta of plan.etas) await look('start', start, rule, eta);
    for (const method of plan.trained) {
      const settings = withChanges(defaultSettings(), {
        method,
        beta: 0.2,
        iterations: plan.iterations,
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
      const { model } = run.state.networks.policy;
      await look(method, model, null, null);
      if (method === 'ppo-m') for (const eta of plan.etas) await look(method, model, 'q-sharp', eta);
      run.dispose();
    }
  }
  return points;
}

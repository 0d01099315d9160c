/**
 * An iteration by update, networks only: what an arm computes between its prompts and its next policy, with a judge that
 * answers at once. The arms take turns, so that whatever else the machine does hits them alike.
 */
import type { BenchOptions, BenchTable } from '../../core/benchmark.ts';
import { loadCheckpoint } from '../../nn/checkpoint/checkpoint.ts';
import * as nn from '../../nn/forMethods.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { methodsOf } from '../../rlhf/catalogue/catalogue.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import type { JudgePrograms } from '../../rlhf/loop/run.ts';
import { openReward, startState } from '../../rlhf/loop/start.ts';
import type { ArmState } from '../../rlhf/loop/state.ts';
import { iterate } from '../../rlhf/loop.ts';
import type { Arm } from '../../rlhf/slots.ts';
import { fetchShipped } from '../trainer/models/shippedModels.ts';
import { shippedWorldSeed, worldTasks } from '../trainer/worldTasks.ts';

const arms = {
  BW: { method: 'bw' },
  'DPO on 48 pairs': { method: 'bw', update: 'dpo' },
  GRPO: { method: 'ppo-m', update: 'grpo' },
  RLOO: { method: 'ppo-m', update: 'rloo' },
  'PPO-M': { method: 'ppo-m' },
};

const judge: JudgePrograms = async (_, programs) => ({
  score: new Float32Array(programs.length),
  status: new Uint8Array(programs.length),
  raised: new Uint8Array(programs.length),
  cacheHits: 0,
});

interface Running {
  arm: Arm;
  state: ArmState;
  /** Milliseconds of each iteration, and of its update alone. */
  times: number[];
  updates: number[];
}

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  await openSimd();
  const running = new Map<string, Running>();
  for (const [name, changes] of Object.entries(arms)) running.set(name, await begin(changes));
  const rounds = quick ? 4 : 15;
  for (let round = 1; round <= rounds; round++)
    for (const { arm, state, times, updates } of running.values()) {
      const from = performance.now();
      const loop = iterate(arm, state, round);
      let at = await loop.next();
      while (!at.done) at = await loop.next();
      // The first one compiles and fills caches.
      if (round === 1) continue;
      times.push(performance.now() - from);
      updates.push(at.value.metrics.updateMs);
    }
  const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const base = running.get('BW')!;
  return [
    {
      title: 'An iteration by update on the CPU, networks only, ms',
      note: 'Medians, and the fastest: what a busy machine leaves. 48 prompts × 5 responses, default settings.',
      rows: [...running].map(([name, { times, updates, state }]) => ({
        update: name,
        iteration: Math.round(middle(times)),
        'of it update': Math.round(middle(updates)),
        fastest: Math.round(Math.min(...times)),
        'fastest update': Math.round(Math.min(...updates)),
        '÷ BW': Number((Math.min(...times) / Math.min(...base.times)).toFixed(2)),
        'update tokens': Math.round(state.costs.updateTokens / rounds),
      })),
    },
  ];
}

async function begin(changes: Readonly<Record<string, unknown>>): Promise<Running> {
  const settings = settingsWith(changes);
  const world = worldTasks(shippedWorldSeed);
  const [policy, strong] = await Promise.all(
    (['policy', 'strong'] as const).map(async (slot) =>
      loadCheckpoint(await fetchShipped(`${location.origin}/`, slot)),
    ),
  );
  const parts = { settings, seed: 1, policy, models: { strong } };
  const arm: Arm = {
    nn,
    seed: 1,
    settings,
    methods: methodsOf(settings),
    tasks: world.train,
    reference: policy,
    models: parts.models,
    reward: openReward(parts, { problems: world.train.problems }),
    rewardScale: { mean: 0, deviation: 0.5 },
    judge,
    customFilter: async () => new Float32Array(),
    awaitJudge: () => false,
  };
  return { arm, state: startState(parts), times: [], updates: [] };
}

/**
 * Whole arms as the page runs them, judge and all: the pace of one alone and of two at once, each in its worker, and
 * the memory that an arm holds after 20 and after 200 iterations.
 */
import type { BenchOptions, BenchTable } from '../../core/benchmark.ts';
import type { JudgeClient } from '../../judge/client.ts';
import { startJudge } from '../../judge/service.ts';
import { loadCheckpoint } from '../../nn/checkpoint/checkpoint.ts';
import { openSimd } from '../../nn/simd/open.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { settingsWith } from '../../rlhf/catalogue/paths.ts';
import { ExperimentQueue } from '../experiments/queue/experimentQueue.ts';
import { parseSpec } from '../settings/experimentSpec.ts';
import { ArmRun } from '../trainer/arm/armRun.ts';
import { Gate } from '../trainer/arm/gate.ts';
import { judgeThrough } from '../trainer/arm/judging.ts';
import { fetchShipped } from '../trainer/models/shippedModels.ts';
import { TrainerHandle } from '../trainer/pageSide/trainerHandle.ts';
import { shippedWorldSeed, worldTasks } from '../trainer/worldTasks.ts';

type Judge = ReturnType<typeof startJudge>;

const assets = () => `${location.origin}/`;
/** The first iterations fill caches; what comes after them is the pace. */
const warm = 3;

export async function bench({ quick }: BenchOptions): Promise<BenchTable[]> {
  const judge = startJudge();
  const iterations = quick ? 6 : 23;
  const rows: BenchTable['rows'] = [];
  for (const method of ['ppo-m', 'bw'] as const) {
    const alone = await iterationMs(judge, [method], iterations);
    const beside = await iterationMs(judge, [method, 'ppo-s'], iterations);
    rows.push({
      method,
      'alone ms': Math.round(alone),
      'two at once ms': Math.round(beside),
      'lost to the other': `${Math.round(100 * (1 - alone / beside))} %`,
    });
  }
  const long = quick ? 6 : 200;
  return [
    {
      title: 'A default PPO iteration on the CPU, from one to the next, judge included',
      note: 'Medians. Two at once: PPO-S runs beside it in a worker of its own.',
      rows,
    },
    {
      title: 'Memory of an arm over a long run on the CPU',
      note: 'Shipped models, default settings, PPO-M; MB of WebAssembly memory, and tensors.',
      rows: await memoryOf(judge.client, long),
    },
  ];
}

/** Median time from one iteration of the first arm to its next, in ms. */
async function iterationMs(judge: Judge, arms: string[], iterations: number): Promise<number> {
  const spec = parseSpec({ arms, iterations, settings: { evaluateEvery: 1000 }, backend: 'simd' });
  const queue = new ExperimentQueue(
    spec,
    {
      spawn: () => new TrainerHandle(),
      judgePort: () => judge.connect(),
      assets: assets(),
      backend: 'simd',
      models: new Map(),
    },
    { cores: arms.length, keepSamples: 'none', policies: false, now: () => performance.now() },
  );
  const at: number[] = [];
  queue.listen((event) => {
    if (event.type === 'iteration' && event.run.index === 0) at.push(performance.now());
  });
  queue.start();
  await queue.done;
  const times = at.slice(1).map((time, i) => time - at[i]);
  const steady = times.slice(warm).sort((a, b) => a - b);
  return steady[steady.length >> 1];
}

async function memoryOf(judge: JudgeClient, iterations: number): Promise<BenchTable['rows']> {
  const { heap } = await openSimd();
  const [policy, strong] = await Promise.all(
    (['policy', 'strong'] as const).map(async (slot) => loadCheckpoint(await fetchShipped(assets(), slot))),
  );
  const rows: BenchTable['rows'] = [];
  const looks = [Math.min(20, iterations >> 1), iterations];
  const gate = new Gate(() => {});
  gate.play();
  const arm = new ArmRun(
    {
      settings: settingsWith({ iterations, evaluateEvery: 20 }),
      seed: 1,
      world: worldTasks(shippedWorldSeed),
      policy,
      models: { strong },
      prints: {},
      judge: judgeThrough(judge),
      customFilter: () => Promise.reject(new Error('There is no custom filter here.')),
    },
    gate,
    {
      station: () => {},
      evaluation: () => {},
      snapshot: () => {},
      iteration: ({ iteration }) => {
        if (!looks.includes(iteration)) return;
        rows.push({
          'after iteration': iteration,
          'in use MB': (heap.used / 1e6).toFixed(2),
          'held MB': (heap.held / 1e6).toFixed(2),
          tensors: tf.memory().numTensors,
        });
      },
    },
  );
  await arm.run(null);
  arm.dispose();
  return rows;
}

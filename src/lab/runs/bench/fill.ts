/** Fills the browser's storage with finished runs as large as real ones, among them those of an experiment. */
import { stream } from '../../../core/random.ts';
import type { ArmSettings } from '../../../rlhf/catalogue/settings.ts';
import type { MetricKey } from '../../records/metrics.ts';
import { metricKeys } from '../../records/metrics.ts';
import type { IterationRecord } from '../../records/record.ts';
import { parseSpec } from '../../settings/experimentSpec.ts';
import { RunStore, type StoredRun } from '../../storage/runStore.ts';
import type { ModelSnapshot } from '../../trainer/protocol.ts';

/** Weights of the usual policy, about. */
const weights = 120_000;
const heldMetrics: readonly MetricKey[] = ['heldPass', 'heldGreedy', 'heldScore', 'heldReward'];

function iterationOf(
  n: number,
  { training: { prompts, responses } }: ArmSettings,
  seed: number,
): IterationRecord {
  const rng = stream(seed, 'bench', n);
  const rows = prompts * responses;
  const starts = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + 14 + rng.int(12);
  const tokens = starts[rows];
  const floats = (length: number) => Float32Array.from({ length }, () => -rng.uniform());
  const metrics = Object.fromEntries(
    metricKeys.filter((key) => !heldMetrics.includes(key)).map((key) => [key, n / 60 + rng.uniform() / 10]),
  );
  return {
    iteration: n,
    metrics,
    samples: {
      problem: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / responses) * 7),
      group: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / responses)),
      starts,
      tokens: Uint16Array.from({ length: tokens }, () => 2 + rng.int(240)),
      logProb: floats(tokens),
      refLogProb: floats(tokens),
      reward: floats(rows),
      score: Float32Array.from({ length: rows }, () => rng.int(2)),
      status: new Uint8Array(rows),
      uses: Uint16Array.from({ length: rows }, () => rng.int(2)),
    },
  };
}

const model = (): ModelSnapshot => ({
  weights: new Float32Array(weights).fill(0.1),
  time: 1,
  m: new Float32Array(weights),
  v: new Float32Array(weights),
});

/** @returns bytes of samples and snapshots that were stored */
export async function fill(runs: number, iterations: number): Promise<number> {
  const store = await RunStore.open();
  const spec = parseSpec({ preset: 'six-methods', seeds: 3, iterations });
  const parts = spec.seeds.flatMap((seed) => spec.arms.map((arm) => ({ ...arm, seed })));
  const experiment = { id: 'bench', runs: parts.map((_, i) => ({ id: `run-${i}`, begun: true })) };
  await store.putExperiment(
    { ...experiment, name: 'Six methods', spec, created: Date.now(), state: 'finished', seconds: 60 },
    {},
  );
  let bytes = 0;
  for (let i = 0; i < runs; i++) {
    const { name, settings, seed } = parts[i % parts.length];
    const rows = Array.from({ length: iterations }, (_, n) => iterationOf(n + 1, settings, i));
    const samples = rows.reduce(
      (sum, row) => sum + Object.values(row.samples).reduce((part, column) => part + column.byteLength, 0),
      0,
    );
    const run: StoredRun = {
      id: `run-${i}`,
      name: i < parts.length ? name : `${name} ${i}`,
      note: '',
      session: 'bench',
      experiment: i < parts.length ? experiment.id : null,
      color: i % 8,
      settings,
      seed,
      worldSeed: 1,
      backend: { name: 'simd', reason: 'a benchmark' },
      iteration: iterations,
      firstPass: 0.4,
      lastPass: 0.6,
      finished: true,
      archived: false,
      created: 1000 * i,
      updated: 1000 * i,
      bytes: samples,
      fixedBytes: 6 * 4 * weights,
    };
    bytes += run.bytes + run.fixedBytes;
    const evaluations = Array.from({ length: iterations / 5 + 1 }, (_, n) => ({
      iteration: 5 * n,
      metrics: Object.fromEntries(heldMetrics.map((key) => [key, 0.4 + n / 60])),
    }));
    const snapshot = {
      iteration: iterations,
      networks: { policy: model(), critic: model() },
      costs: {
        samples: 1,
        rewardPasses: 1,
        sampledTokens: 1,
        referencePasses: 1,
        criticPasses: 1,
        policyPasses: 1,
        updateTokens: 1,
        seconds: 1,
      },
      rewardScale: { mean: 0, deviation: 1 },
    };
    await store.insert(run, { iterations: rows, evaluations, snapshot, models: {} });
  }
  store.close();
  return bytes;
}

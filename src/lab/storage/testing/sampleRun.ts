/** A small stored run for tests: valid throughout, with numbers that do not survive being mixed up. */
import { settingsWith } from '../../../rlhf/catalogue/paths.ts';
import type { IterationRecord, SampleColumns } from '../../records/record.ts';
import type { ArmSnapshot, ModelSnapshot } from '../../trainer/protocol.ts';
import type { StoredRun } from '../runStore.ts';

/** BW, three of nine iterations done. */
export const sampleRun = (change: Partial<StoredRun> = {}): StoredRun => ({
  id: 'a',
  name: 'BW',
  note: '',
  session: 's',
  experiment: null,
  color: 2,
  settings: settingsWith({ iterations: 9 }),
  seed: 4,
  worldSeed: 1,
  backend: { name: 'simd', reason: 'a test' },
  iteration: 3,
  firstPass: 0.4,
  lastPass: 0.5,
  finished: false,
  archived: false,
  created: 1,
  updated: 1,
  bytes: 0,
  fixedBytes: 0,
  ...change,
});

/** The samples of an iteration that drew one response of two tokens. */
export const oneResponse = (problem: number): SampleColumns => ({
  problem: Int32Array.of(problem),
  group: Int32Array.of(0),
  starts: Int32Array.of(0, 2),
  tokens: Uint16Array.of(5, 1),
  logProb: Float32Array.of(-0.5, -0.25),
  refLogProb: Float32Array.of(-0.5, -0.5),
  reward: Float32Array.of(0.5),
  score: Float32Array.of(1),
  status: Uint8Array.of(0),
  uses: Uint16Array.of(1),
});

/** Iteration n, with one response. */
export const sampleIteration = (n: number): IterationRecord => ({
  iteration: n,
  metrics: { kl: n / 10, updateTokens: 100 * n },
  samples: oneResponse(n),
});

const model = (first: number): ModelSnapshot => ({
  weights: Float32Array.of(first, 2),
  time: 3,
  m: Float32Array.of(0, 1),
  v: Float32Array.of(4, Math.abs(first)),
});

/** Models of two weights after iteration n. */
export const sampleSnapshot = (n: number): ArmSnapshot => ({
  iteration: n,
  networks: { policy: model(n), critic: model(-n) },
  reference: Float32Array.of(n, 3),
  memory: { price: { beta: 0.1 * n, seen: [n] } },
  costs: {
    samples: 1,
    sampledTokens: 1,
    rewardPasses: 1,
    referencePasses: 1,
    criticPasses: 1,
    policyPasses: 1,
    updateTokens: 1,
    seconds: 1.5,
  },
  rewardScale: { mean: -0.25, deviation: 2 },
  began: { policy: '0123456789abcdef' },
});

/** A world small enough to run PPO in a unit test: eight problems, a model of a few hundred weights, a toy judge. */
import { stream } from '../core/random.ts';
import { AdamW } from '../nn/adamw.ts';
import { tf } from '../nn/tf.ts';
import { Transformer } from '../nn/transformer.ts';
import type { Problem } from '../tasks/problem.ts';
import { noCosts } from './costs.ts';
import type { Iteration, iterate, PpoContext, PpoSettings, PpoState } from './ppo.ts';
import type { JudgePrograms, TaskSet } from './responses.ts';
import { learnedReward, oracleReward } from './reward.ts';

const config = { vocab: 12, width: 8, layers: 1, heads: 2, maxLength: 10 };
export const settings: PpoSettings = {
  filter: { kind: 'rank', weights: 'uniform', keep: 5 },
  sampler: 'keep',
  responses: 5,
  keep: 2,
  single: false,
  prompts: 4,
  pool: 6,
  temperature: 1,
  topP: 1,
  beta: 0.1,
  gamma: 1,
  lambda: 0.95,
  clip: 0.2,
  valueClip: 0.2,
  epochs: 1,
  minibatches: 2,
  accounting: 'equal-steps',
  actorLearningRate: 1e-3,
  criticLearningRate: 1e-3,
};

const tasks: TaskSet = {
  problems: Array.from({ length: 8 }, (_, i) => ({ id: `p${i}`, tier: 1 }) as Problem),
  prompts: Array.from({ length: 8 }, (_, i) => Int32Array.of(2, 3 + i, 2)),
  source: (tokens) => Array.from(tokens).join(' '),
};
/** Stands in for execution: a program is as right as it has fives. */
const judge: JudgePrograms = async (_, programs) => ({
  score: Float32Array.from(programs, (program) =>
    Math.min(1, program.split(' ').filter((t) => t === '5').length / 2),
  ),
  status: new Uint8Array(programs.length),
  cacheHits: 0,
});

export function start(
  seed: number,
  oracle = false,
): { state: PpoState; context: PpoContext; dispose(): void } {
  const policy = Transformer.create(config, stream(seed, 'policy'));
  const reward = Transformer.create(config, stream(seed, 'reward'), { scalarHead: true });
  for (const name of ['score.weight', 'wte.weight']) {
    const rng = stream(seed, name);
    reward.params[name].assign(
      tf.tidy(() =>
        tf.tensor(
          Float32Array.from({ length: reward.params[name].size }, () => rng.normal()),
          reward.params[name].shape,
        ),
      ),
    );
  }
  const critic = policy.withScalarHead();
  const reference = policy.clone();
  const state = {
    policy,
    critic,
    actorOptimiser: new AdamW(policy),
    criticOptimiser: new AdamW(critic),
    costs: noCosts,
  };
  const context: PpoContext = {
    seed,
    tasks,
    reference,
    reward: oracle ? oracleReward() : learnedReward(reward),
    rewardScale: { mean: 0, deviation: 1 },
    judge,
    customFilter: async (_, { reward: r }) => r.map((x) => Math.abs(x)),
    awaitJudge: () => false,
  };
  const dispose = () => {
    for (const model of [policy, critic, reference, reward]) model.dispose();
    state.actorOptimiser.dispose();
    state.criticOptimiser.dispose();
  };
  return { state, context, dispose };
}

export async function finish(
  run: ReturnType<typeof iterate>,
): Promise<{ stations: string[]; value: Iteration }> {
  const stations: string[] = [];
  let at = await run.next();
  while (!at.done) {
    stations.push(at.value);
    at = await run.next();
  }
  return { stations, value: at.value };
}

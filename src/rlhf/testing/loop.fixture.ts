/** A world small enough to train in a unit test: eight problems, a model of a few hundred weights, a toy judge. */
import { stream } from '../../core/random.ts';
import * as nn from '../../nn/forMethods.ts';
import { Transformer } from '../../nn/model/transformer.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { codeMatcher } from '../../tasks/match/codeMatch.ts';
import type { Problem } from '../../tasks/problem.ts';
import { defaultSettings, methodsOf } from '../catalogue/catalogue.ts';
import { withChanges } from '../catalogue/paths.ts';
import type { ArmSettings } from '../catalogue/settings.ts';
import type { TaskSet } from '../loop/responses.ts';
import type { JudgePrograms } from '../loop/run.ts';
import { disposeState, openReward, startState } from '../loop/start.ts';
import type { ArmState } from '../loop/state.ts';
import type { Iteration, iterate } from '../loop.ts';
import type { Arm } from '../slots.ts';

const config = { vocab: 12, width: 8, layers: 1, heads: 2, maxLength: 10 };

/** The default settings at the size of this world, with changes by name. */
export const small = (changes: Readonly<Record<string, unknown>> = {}): ArmSettings =>
  withChanges(defaultSettings(), {
    method: 'ppo-m',
    prompts: 4,
    pool: 6,
    beta: 0.1,
    minibatches: 2,
    learningRate: 1e-3,
    ...changes,
  });

const tasks: TaskSet = {
  problems: Array.from({ length: 8 }, (_, i) => {
    const test = { args: [i], expected: 5 };
    return {
      id: `p${i}`,
      tier: 1,
      reference: `5 ${i} 5`,
      tests: [test],
      examples: [test],
    } as unknown as Problem;
  }),
  prompts: Array.from({ length: 8 }, (_, i) => Int32Array.of(2, 3 + i, 2)),
  source: (tokens) => Array.from(tokens).join(' '),
  reference: () => Int32Array.of(5, 5, 1),
};
/** Stands in for execution: a program is as right as it has fives. */
const judge: JudgePrograms = async (_, programs) => ({
  score: Float32Array.from(programs, (program) =>
    Math.min(1, program.split(' ').filter((t) => t === '5').length / 2),
  ),
  status: new Uint8Array(programs.length),
  raised: new Uint8Array(programs.length),
  cacheHits: 0,
});

type FixtureModel = 'policy' | 'small-policy' | 'strong' | 'genrm' | 'value' | 'histogram';

/** A policy and a smaller one, a reward model, a model that compares and two value networks, whose weights come from the seed. */
export function fixtureModels(seed: number): Record<FixtureModel, Transformer> {
  const policy = Transformer.create(config, stream(seed, 'policy'));
  const strong = Transformer.create(config, stream(seed, 'reward'), { scalarHead: true });
  const genrm = Transformer.create({ ...config, maxLength: 24 }, stream(seed, 'genrm'), { scalarHead: true });
  for (const model of [strong, genrm]) {
    for (const name of ['score.weight', 'wte.weight']) {
      const rng = stream(seed, name);
      model.params[name].assign(
        tf.tidy(() =>
          tf.tensor(
            Float32Array.from({ length: model.params[name].size }, () => rng.normal()),
            model.params[name].shape,
          ),
        ),
      );
    }
  }
  const steering = stream(seed, 'value network');
  const value = Transformer.create(config, { normal: () => 10 * steering.normal() });
  const few = stream(seed, 'small policy');
  const smaller = Transformer.create({ ...config, width: 4 }, { normal: () => 10 * few.normal() });
  return { policy, 'small-policy': smaller, strong, genrm, value, histogram: value.withHistogramHead(11) };
}

/** An arm of this world, before its first iteration. */
export function start(seed: number, settings: ArmSettings): { state: ArmState; arm: Arm; dispose(): void } {
  const models = fixtureModels(seed);
  const { policy } = models;
  const state = startState({ settings, policy, models });
  const arm: Arm = {
    nn,
    seed,
    tasks,
    settings,
    methods: methodsOf(settings),
    reference: policy,
    models,
    reward: openReward({ settings, seed, models }, { problems: tasks.problems, match: codeMatcher() }),
    rewardScale: { mean: 0, deviation: 1 },
    judge,
    customFilter: async (_, { reward }) => reward.map((r) => Math.abs(r)),
    awaitJudge: () => false,
  };
  return {
    state,
    arm,
    dispose() {
      disposeState(state);
      for (const model of Object.values(models)) model.dispose();
    },
  };
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

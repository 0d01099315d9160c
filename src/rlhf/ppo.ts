/**
 * One iteration of PPO with policy filtration (PF-PPO, arXiv 2409.06957, Algorithm 2), from top to bottom:
 *
 *   sample   the policy writes N programs for each prompt
 *   score    the reward model grades them; the reference policy and the critic read them
 *   run      the judge executes them for the true score, which PPO never sees (unless it is the reward)
 *   filter   which of them may be learned from
 *   update   PPO on what was kept
 *
 * An iteration is a generator that yields on arriving at a station, so that a person can step through it.
 */
import { type Filter, type Sampler, select, selectWeighted } from '../core/filter.ts';
import { gae, tokenRewards, whiten } from '../core/ppo.ts';
import { hash32, stream } from '../core/random.ts';
import type { AdamW } from '../nn/adamw.ts';
import { packSequences, type UploadedBatch, upload } from '../nn/batch.ts';
import { pace } from '../nn/devicePace.ts';
import { generate } from '../nn/generate.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../nn/losses.ts';
import { atActions } from '../nn/ragged.ts';
import { readAndDispose } from '../nn/readAndDispose.ts';
import { tf } from '../nn/tf.ts';
import { scalars, type Transformer, tokenLogProbs } from '../nn/transformer.ts';
import { addCosts, type Costs } from './costs.ts';
import { type IterationMetrics, iterationMetrics, type UpdateMeans } from './metrics.ts';
import { choosePrompts } from './prompts.ts';
import { gatherRows, type JudgePrograms, responsesOf, type TaskSet } from './responses.ts';
import type { RewardScale, RewardSource } from './reward.ts';
import type { SampleColumns, Station } from './samples.ts';
import { Stopwatch } from './stopwatch.ts';

export interface PpoSettings {
  filter: Filter;
  sampler: Sampler;
  /** Responses per prompt, N. */
  responses: number;
  /** Responses kept per prompt by filters that do not say it themselves. */
  keep: number;
  /** One response per prompt and N times as many prompts (PPO-S). */
  single: boolean;
  prompts: number;
  pool: number;
  temperature: number;
  topP: number;
  beta: number;
  gamma: number;
  lambda: number;
  clip: number;
  valueClip: number;
  epochs: number;
  minibatches: number;
  accounting: 'equal-steps' | 'paper';
  actorLearningRate: number;
  criticLearningRate: number;
}

/** Everything that changes from one iteration to the next: what a checkpoint must hold. */
export interface PpoState {
  policy: Transformer;
  critic: Transformer;
  actorOptimiser: AdamW;
  criticOptimiser: AdamW;
  costs: Costs;
}

/** Everything that stays the same over a run. */
export interface PpoContext {
  seed: number;
  tasks: TaskSet;
  reference: Transformer;
  reward: RewardSource;
  rewardScale: RewardScale;
  judge: JudgePrograms;
  /** A judge that can be fooled, asked about the same programs when the gap to the true one is to be shown. */
  naiveJudge?: JudgePrograms;
  /** Row weights of a filter written by a person; evaluated in the sandbox. */
  customFilter(source: string, batch: { reward: Float32Array; group: Int32Array }): Promise<Float32Array>;
  /** Whether to wait for the judge at its station instead of letting it work beside the update. */
  awaitJudge(): boolean;
}

export interface Iteration {
  iteration: number;
  metrics: IterationMetrics;
  samples: SampleColumns;
}

export async function* iterate(
  state: PpoState,
  context: PpoContext,
  settings: PpoSettings,
  iteration: number,
): AsyncGenerator<Station, Iteration> {
  const { seed, tasks, reward } = context;
  const clock = new Stopwatch();

  yield 'sample';
  const responses = await clock.at('sample', async () => {
    const perPrompt = settings.single ? 1 : settings.responses;
    const chosen = choosePrompts(seed, {
      problems: tasks.problems.length,
      pool: settings.pool,
      count: settings.single ? settings.prompts * settings.responses : settings.prompts,
      iteration,
    });
    const rollouts = await generate(state.policy, {
      prompts: Array.from(chosen, (problem) => tasks.prompts[problem]),
      samplesPerPrompt: perPrompt,
      temperature: settings.temperature,
      topP: settings.topP,
      seed: hash32(seed, 'sampling'),
      streamId: iteration,
    });
    return responsesOf(rollouts, tasks, chosen, perPrompt);
  });
  const { rows, group, starts, logProb } = responses;
  const problems = Array.from(responses.problem, (problem) => tasks.problems[problem]);

  // PPO needs only rewards, so the judge works beside the update, unless the reward is made from its verdict.
  const judging = context.judge(problems, responses.programs);
  judging.catch(() => {}); // Reported where it is awaited.
  const believing = context.naiveJudge?.(problems, responses.programs);
  believing?.catch(() => {});
  let truth: Float32Array | null = null;
  if (reward.needsTruth) {
    yield 'run';
    truth = (await clock.at('run', () => judging)).score;
  }

  yield 'score';
  const { refLogProb, value, rawReward } = await clock.at('score', async () => {
    const batch = upload(packSequences(rows));
    const looked = {
      batch,
      programs: responses.programs,
      problems: problems.map((problem) => problem.id),
      look: iteration,
    };
    try {
      // One readback for everything that the networks say about the batch.
      let grade: Float32Array | null = null;
      const read = await readAndDispose(
        tf.tidy(() => {
          const columns = [
            tokenLogProbs(context.reference, batch).logProb,
            atActions(scalars(state.critic, batch), batch.host),
          ];
          const graded = reward.score(looked, truth);
          if (graded instanceof Float32Array) grade = graded;
          else columns.push(graded);
          return tf.concat(columns);
        }),
      );
      const actions = logProb.length;
      return {
        refLogProb: read.slice(0, actions),
        value: read.slice(actions, 2 * actions),
        rawReward: grade ?? read.slice(2 * actions),
      };
    } finally {
      batch.dispose();
    }
  });

  // Equation 4 of the paper: the normalised reward at the last token, minus beta times the KL of every token.
  const { mean, deviation } = context.rewardScale;
  const score = rawReward.map((r) => (r - mean) / deviation);
  const rewards = tokenRewards({ logProb, refLogProb, starts, score, beta: settings.beta });
  const { advantages, returns } = gae({
    rewards,
    values: value,
    starts,
    gamma: settings.gamma,
    lambda: settings.lambda,
  });
  // Over the whole buffer and before any filtering, as the authors' code does.
  const whitened = whiten(advantages);

  if (!reward.needsTruth) {
    yield 'run';
    if (context.awaitJudge()) await clock.at('run', () => judging);
  }

  yield 'filter';
  const kept = await clock.at('filter', async () => {
    const { filter, sampler, keep } = settings;
    const rng = stream(seed, 'filter', iteration);
    if (filter.kind !== 'custom') return select(filter, sampler, { reward: rawReward, group }, rng);
    const weights = await context.customFilter(filter.source, { reward: rawReward, group });
    return selectWeighted(weights, sampler, keep, group, rng);
  });

  yield 'update';
  const updates = await clock.at('update', async () => {
    // Filtered samples are treated as if the policy itself had drawn them: no importance correction (section 4).
    const steps: tf.Tensor1D[] = [];
    const budget = settings.accounting === 'equal-steps' ? kept.length : rows.length;
    const size = Math.max(1, Math.ceil(budget / settings.minibatches));
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const order = stream(seed, 'minibatch', iteration, epoch).shuffle(kept.slice());
      for (let from = 0; from < order.length; from += size) {
        const chosen = order.subarray(from, from + size);
        const batch = upload(packSequences(Array.from(chosen, (row) => rows[row])));
        steps.push(
          minibatchStep(state, settings, batch, {
            logProb: gatherRows(logProb, starts, chosen),
            advantage: gatherRows(whitened, starts, chosen),
            value: gatherRows(value, starts, chosen),
            returns: gatherRows(returns, starts, chosen),
          }),
        );
        batch.dispose();
        await pace();
      }
    }
    return readMeans(steps);
  });

  const judged = await clock.at('run', () => judging);
  const believed = await clock.at('run', async () => believing);
  const uses = new Uint16Array(rows.length);
  for (const row of kept) uses[row]++;
  const samples: SampleColumns = {
    problem: responses.problem,
    group,
    starts,
    tokens: responses.tokens,
    logProb,
    refLogProb,
    reward: rawReward,
    score: judged.score,
    status: judged.status,
    uses,
  };
  state.costs = addCosts(state.costs, {
    samples: rows.length,
    rewardPasses: reward.passes(rows.length),
    criticPasses: kept.length * settings.epochs,
    policyPasses: kept.length * settings.epochs,
    updateTokens: settings.epochs * kept.reduce((sum, row) => sum + rows[row].tokens.length, 0),
    seconds: clock.seconds(),
  });
  const metrics = iterationMetrics({
    samples,
    value,
    returns,
    kept,
    updates,
    costs: state.costs,
    times: clock.times(),
    judged,
    believed,
  });
  return { iteration, metrics, samples };
}

/** What the update of one minibatch is told about its actions, all [A]. */
interface Experience {
  logProb: Float32Array;
  advantage: Float32Array;
  value: Float32Array;
  returns: Float32Array;
}

/** One step of the policy and one of the critic. Returns the six numbers of `UpdateMeans`, still on the device. */
function minibatchStep(
  state: PpoState,
  settings: PpoSettings,
  batch: UploadedBatch,
  old: Experience,
): tf.Tensor1D {
  return tf.tidy(() => {
    const logProb = tf.tensor1d(old.logProb);
    const advantage = tf.tensor1d(old.advantage);
    const value = tf.tensor1d(old.value);
    const returns = tf.tensor1d(old.returns);

    let watched: tf.Scalar[] = [];
    const actor = state.policy.gradients(() => {
      const { loss, clipFraction, approxKl } = clippedPolicyLoss(
        tokenLogProbs(state.policy, batch).logProb,
        logProb,
        advantage,
        settings.clip,
      );
      watched = [tf.keep(clipFraction), tf.keep(approxKl)];
      return loss;
    });
    const policyGradNorm = state.actorOptimiser.step(actor.grads, settings.actorLearningRate);

    const critic = state.critic.gradients(() =>
      clippedValueLoss(
        atActions(scalars(state.critic, batch), batch.host),
        value,
        returns,
        settings.valueClip,
      ),
    );
    const criticGradNorm = state.criticOptimiser.step(critic.grads, settings.criticLearningRate);

    const step = tf.stack([actor.value, ...watched, policyGradNorm, critic.value, criticGradNorm]);
    tf.dispose(watched);
    return step as tf.Tensor1D;
  });
}

async function readMeans(steps: tf.Tensor1D[]): Promise<UpdateMeans | null> {
  if (steps.length === 0) return null;
  const means = await readAndDispose(tf.tidy(() => tf.mean(tf.stack(steps), 0)));
  for (const step of steps) step.dispose();
  const [policyLoss, clipFraction, approxKl, policyGradNorm, valueLoss, criticGradNorm] = means;
  return { policyLoss, clipFraction, approxKl, policyGradNorm, valueLoss, criticGradNorm };
}

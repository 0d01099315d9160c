/**
 * PPO on a soft prompt, after step 2 of RetriKT (arXiv 2310.15594), whose reward is for quality and diversity. Ours:
 *
 *   reward = passes its tests + diversity · (1 − self-BLEU among the programs for the same request) − β · KL(θ ‖ start)
 *
 * less the mean of the batch. Token rewards, GAE and both clipped losses are those of the loop. The critic is a linear head over the frozen teacher's
 * last hidden states, because nothing but the prefix may change what the teacher computes.
 */
import { gae, tokenRewards, whiten } from '../../core/advantage.ts';
import { selfBleu } from '../../core/diversity/selfBleu.ts';
import { rowsByGroup } from '../../core/groups.ts';
import { hash32, stream } from '../../core/random.ts';
import { mean } from '../../core/statistics/stats.ts';
import { packSequences, type UploadedBatch, upload } from '../../nn/batch/batch.ts';
import { atActions } from '../../nn/batch/ragged.ts';
import { generate } from '../../nn/generate/generate.ts';
import { linear } from '../../nn/kernels/linear/linear.ts';
import { readTogether } from '../../nn/tensors/readback.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { clippedPolicyLoss, clippedValueLoss } from '../../nn/training/losses.ts';
import { gatherRows, type Responses, responsesOf, type TaskSet } from '../loop/responses.ts';
import type { JudgePrograms } from '../loop/run.ts';
import type { SoftPrompt } from './softPrompt.ts';

export interface SoftPpo {
  iterations: number;
  /** Requests per iteration. */
  prompts: number;
  /** Programs for each of them; diversity is among these. */
  samplesPerPrompt: number;
  epochs: number;
  minibatches: number;
  learningRate: number;
  criticLearningRate: number;
  clip: number;
  /** What a program earns that shares nothing with the others of its request, where one that passes earns 1. */
  diversity: number;
  /** Price of a nat of distance from where PPO began. */
  beta: number;
}

export interface SoftPpoStep {
  iteration: number;
  iterations: number;
  /** Share of the sampled programs that pass. */
  passRate: number;
  /** Mean of 1 − self-BLEU among the programs of a request. */
  diversity: number;
  /** Mean distance of a program from where PPO began, in nats. */
  kl: number;
}

/** 1 − self-BLEU of each row among the rows of its group, [B]. */
export function differences({ rows, group }: Pick<Responses, 'rows' | 'group'>): Float32Array {
  const result = new Float32Array(rows.length);
  for (const members of rowsByGroup(group)) {
    const bleu = selfBleu(members.map((row) => Array.from(rows[row].tokens).slice(rows[row].promptLength)));
    members.forEach((row, i) => {
      result[row] = 1 - bleu[i];
    });
  }
  return result;
}

/** A linear head on hidden states. */
class Critic {
  readonly params: Record<'score.weight' | 'score.bias', tf.Variable>;
  readonly #optimiser: AdamW;

  constructor(width: number) {
    this.params = {
      'score.weight': tf.tidy(() => tf.variable(tf.zeros([width, 1]))),
      'score.bias': tf.tidy(() => tf.variable(tf.zeros([1]))),
    };
    this.#optimiser = new AdamW(this);
  }

  /** V at every action, [A]. */
  values(hidden: tf.Tensor2D, batch: UploadedBatch): tf.Tensor1D {
    return tf.tidy(() => {
      const { 'score.weight': weight, 'score.bias': bias } = this.params as Record<string, tf.Tensor>;
      const all = linear(hidden, weight as tf.Tensor2D, bias as tf.Tensor1D);
      return atActions(tf.reshape(all, [batch.host.tokens.length]), batch.host);
    });
  }

  step(loss: () => tf.Scalar, learningRate: number): void {
    const names = ['score.weight', 'score.bias'] as const;
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        loss,
        names.map((name) => this.params[name]),
      );
      const byName = Object.fromEntries(names.map((name) => [name, grads[this.params[name].name]]));
      this.#optimiser.step(byName, learningRate);
    });
  }

  dispose(): void {
    this.#optimiser.dispose();
    tf.dispose(this.params);
  }
}

/** Trains the prefix in place; yields after each iteration, and may be left at any yield with what was learned so far. */
export async function* improveSoftPrompt(
  soft: SoftPrompt,
  tasks: TaskSet,
  judge: JudgePrograms,
  settings: SoftPpo,
  seed: number,
): AsyncGenerator<SoftPpoStep> {
  const { iterations } = settings;
  // A copy of its own: the optimiser changes the prefix in place.
  const start = tf.tidy(() => tf.add(soft.rows, 0) as tf.Tensor2D);
  const critic = new Critic(soft.teacher.config.width);
  const optimiser = new AdamW(soft, { weightDecay: 0 });
  try {
    for (let iteration = 0; iteration < iterations; iteration++) {
      const rng = stream(seed, 'soft prompt requests', iteration);
      const chosen = Int32Array.from({ length: settings.prompts }, () => rng.int(tasks.problems.length));
      const written = await write(soft, tasks, chosen, settings.samplesPerPrompt, seed, iteration);
      const { score } = await judge(
        Array.from(written.problem, (problem) => tasks.problems[problem]),
        written.programs,
      );
      const passes = score.map((s) => (s === 1 ? 1 : 0));
      const different = differences(written);
      const rewards = passes.map((pass, row) => pass + settings.diversity * different[row]);
      const kl = await update(soft, { start, critic, optimiser }, written, rewards, settings, rng);
      yield {
        iteration: iteration + 1,
        iterations,
        passRate: mean(passes),
        diversity: mean(different),
        kl,
      };
    }
  } finally {
    start.dispose();
    critic.dispose();
    optimiser.dispose();
  }
}

async function write(
  soft: SoftPrompt,
  tasks: TaskSet,
  chosen: Int32Array,
  samplesPerPrompt: number,
  seed: number,
  streamId: number,
): Promise<Responses> {
  const rollouts = await generate(soft.teacher, {
    prompts: Array.from(chosen, (problem) => soft.before(tasks.prompts[problem])),
    samplesPerPrompt,
    seed: hash32(seed, 'soft prompt PPO'),
    streamId,
    soft: soft.rows,
  });
  return responsesOf(rollouts, tasks, chosen, samplesPerPrompt);
}

interface Parts {
  /** The prefix that PPO began with: distance is from there. */
  start: tf.Tensor2D;
  critic: Critic;
  optimiser: AdamW;
}

/** The minibatch steps of an iteration. Returns the mean distance per program before them. */
async function update(
  soft: SoftPrompt,
  { start, critic, optimiser }: Parts,
  { rows, starts, logProb }: Responses,
  score: Float32Array,
  settings: SoftPpo,
  rng: { shuffle(values: Int32Array): Int32Array },
): Promise<number> {
  const whole = upload(packSequences(rows));
  const { refLogProb, values } = await readTogether(() => ({
    refLogProb: soft.read(whole, start).logProb,
    values: critic.values(soft.teacher.hidden(whole, soft.rows), whole),
  }));
  whole.dispose();
  const { beta, clip, epochs, minibatches } = settings;
  const centre = mean(score);
  const centred = score.map((s) => s - centre);
  const rewards = tokenRewards({ logProb, refLogProb, starts, score: centred, beta });
  // The critic knows nothing at first. With a λ below 1 early tokens would then look worse than late ones, whatever is written.
  const { advantages, returns } = gae({ rewards, values, starts, gamma: 1, lambda: 1 });
  const whitened = whiten(advantages);
  const size = Math.ceil(rows.length / minibatches);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.shuffle(Int32Array.from(rows, (_, i) => i));
    for (let from = 0; from < rows.length; from += size) {
      const part = order.subarray(from, from + size);
      const batch = upload(packSequences(Array.from(part, (row) => rows[row])));
      tf.tidy(() => {
        const column = (x: Float32Array) => tf.tensor1d(gatherRows(x, starts, part));
        const { grads } = soft.gradients(
          () => clippedPolicyLoss(soft.read(batch).logProb, column(logProb), column(whitened), clip).loss,
        );
        const hidden = soft.teacher.hidden(batch, soft.rows);
        critic.step(
          () => clippedValueLoss(critic.values(hidden, batch), column(values), column(returns), 0.2),
          settings.criticLearningRate,
        );
        optimiser.step(grads, settings.learningRate);
      });
      batch.dispose();
    }
  }
  return logProb.reduce((sum, x, t) => sum + x - refLogProb[t], 0) / rows.length;
}

/** Training on star graphs: imitation of paths, REINFORCE from there, and the value network that guides. */
import { type Rng, stream } from '../../core/random.ts';
import { packSequences, upload } from '../../nn/batch/batch.ts';
import { scalars, Transformer, tokenLogProbs } from '../../nn/model/transformer.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { binaryCrossEntropy } from '../../nn/training/losses.ts';
import {
  drawStar,
  reachesGoal,
  type Star,
  starShape,
  starText,
  starTextBack,
  starTokens,
  starVocabulary,
} from '../../tasks/star/star.ts';
import { LossReader } from '../prepare/lossReader.ts';
import { cosine } from '../prepare/schedule.ts';
import { trainPolicy } from '../prepare/sft.ts';
import { walk } from './walk.ts';

/** How long each network learns, and from how much. */
export interface StarTraining {
  /** Graphs that training may see. */
  graphs: number;
  batch: number;
  imitation: number;
  /** Graphs that the policy walks for the value network to learn from. */
  rollouts: number;
  value: number;
  reinforce: number;
}

export const starTraining: StarTraining = {
  graphs: 20_000,
  batch: 64,
  imitation: 500,
  rollouts: 20_000,
  value: 3000,
  reinforce: 150,
};

const learningRate = 0.003;
/** REINFORCE takes a smaller step: its gradients are noise for the most part. */
const reinforceRate = 0.0003;
/** Times GPT-2's spread of first weights: so small a network finds the edges in hundreds of steps then, not thousands. */
const spread = 5;

type Told = (what: string, step: number, loss: number) => void;

export function drawStars(seed: number, purpose: string, count: number): Star[] {
  const rng = stream(seed, 'star graphs', purpose);
  return Array.from({ length: count }, () => drawStar(rng, starShape));
}

/** A policy that imitates paths from the source to the goal, and from the goal back to the source. */
export async function imitatePaths(stars: readonly Star[], settings: StarTraining, seed: number, told: Told) {
  const weights = stream(seed, 'star weights');
  const policy = Transformer.create(
    {
      vocab: starVocabulary(starShape),
      width: 64,
      layers: 3,
      heads: 4,
      maxLength: starTokens(starShape),
    },
    { normal: () => spread * weights.normal() },
  );
  const corpus = stars.flatMap((star) => [starText(star, star.arms[0]), starTextBack(star)]);
  const training = { steps: settings.imitation, batch: settings.batch, learningRate };
  for await (const { step, loss } of trainPolicy(policy, corpus, training, seed))
    told('imitation', step, loss);
  return policy;
}

/** REINFORCE on a copy of the policy: 1 where the path reaches the goal, with the batch's mean as baseline. */
export async function reinforcePaths(
  policy: Transformer,
  stars: readonly Star[],
  settings: StarTraining,
  seed: number,
  told: Told,
) {
  const model = policy.clone();
  const optimiser = new AdamW(model);
  const losses = new LossReader('The loss of REINFORCE on star graphs');
  for (let step = 0; step < settings.reinforce; step++) {
    const rng = stream(seed, 'star reinforce', step);
    const chosen = pick(stars, settings.batch, rng);
    const written = await walk(model, chosen, rng);
    const rewards = written.map((path, i) => (reachesGoal(chosen[i], path) ? 1 : 0));
    const baseline = rewards.reduce<number>((sum, reward) => sum + reward, 0) / rewards.length;
    const batch = upload(packSequences(chosen.map((star, i) => starText(star, written[i]))));
    const advantages = perAction(rewards.map((reward) => reward - baseline));
    const loss = tf.tidy(() => {
      const { value, grads } = model.gradients(() =>
        tf.neg(tf.mean(tf.mul(tokenLogProbs(model, batch).logProb, tf.tensor1d(advantages)))),
      );
      optimiser.step(grads, reinforceRate);
      return value;
    });
    batch.dispose();
    told('REINFORCE', step + 1, await losses.next(loss, step + 1 === settings.reinforce));
  }
  optimiser.dispose();
  return model;
}

/**
 * The value network: what it says behind a node is the log-odds that the path reaches the goal. It learns from the
 * policy's own paths, at every node of them.
 */
export async function valuePaths(
  policy: Transformer,
  stars: readonly Star[],
  settings: StarTraining,
  seed: number,
  told: Told,
) {
  const model = policy.withScalarHead();
  const walked = stars.slice(0, settings.rollouts);
  const written: number[][] = [];
  for (let from = 0; from < walked.length; from += 1000)
    written.push(
      ...(await walk(policy, walked.slice(from, from + 1000), stream(seed, 'star rollouts', from))),
    );
  const rows = walked.map((star, i) => ({
    text: starText(star, written[i]),
    label: reachesGoal(star, written[i]) ? 1 : 0,
  }));
  const optimiser = new AdamW(model);
  const losses = new LossReader('The loss of the value network of star graphs');
  for (let step = 0; step < settings.value; step++) {
    const chosen = pick(rows, settings.batch, stream(seed, 'star values', step));
    const batch = upload(packSequences(chosen.map(({ text }) => text)));
    const labels = perAction(chosen.map(({ label }) => label));
    const loss = tf.tidy(() => {
      const { value, grads } = model.gradients(() => {
        // Behind an action stands the node that it chose.
        const chosenAt = tf.tensor1d(
          batch.host.actionRows.map((at) => at + 1),
          'int32',
        );
        return binaryCrossEntropy(
          tf.gather(scalars(model, batch), chosenAt) as tf.Tensor1D,
          tf.tensor1d(labels),
        );
      });
      optimiser.step(grads, learningRate * cosine(step, settings.value, 50));
      return value;
    });
    batch.dispose();
    told('value', step + 1, await losses.next(loss, step + 1 === settings.value));
  }
  optimiser.dispose();
  return model;
}

const pick = <T>(from: readonly T[], count: number, rng: Rng): T[] =>
  Array.from({ length: count }, () => from[rng.int(from.length)]);

/** A number of each path, repeated for each of its steps. */
function perAction(of: readonly number[]): Float32Array {
  const steps = starShape.length - 1;
  return Float32Array.from({ length: of.length * steps }, (_, at) => of[Math.floor(at / steps)]);
}

/** One seed of star graphs: imitation, REINFORCE and a value network, trained and looked at. */
import { sigmoid } from '../../src/core/decoding/guidance.ts';
import { stream } from '../../src/core/random.ts';
import type { PublishedStar } from '../../src/lab/records/publishedStar.ts';
import type { Transformer } from '../../src/nn/model/transformer.ts';
import {
  drawStars,
  imitatePaths,
  reinforcePaths,
  starTraining,
  valuePaths,
} from '../../src/rlhf/star/train.ts';
import { nodeLogits, type StarGuide, successLogOdds, walk } from '../../src/rlhf/star/walk.ts';
import { goalOf, reachesGoal, type Star, starShape } from '../../src/tasks/star/star.ts';

/** Graphs that are looked at, and those of them that the page shows. */
export const looked = 1000;
const shown = 12;
/** 1/η of guidance. */
export const inverse = 10;

export interface StarRun {
  rates: PublishedStar['rates'];
  graphs: PublishedStar['graphs'];
  /** Seconds of processor time that training took. */
  trainedIn: number;
}

export async function runStar(
  seed: number,
  told: (what: string, step: number, loss: number) => void,
): Promise<StarRun> {
  const began = process.cpuUsage();
  const train = drawStars(seed, 'training', starTraining.graphs);
  // A graph is a draw of names and of an order of edges; one that training saw is left out.
  const known = new Set(train.map(nameOf));
  const held = drawStars(seed, 'held out', 2 * looked)
    .filter((star) => !known.has(nameOf(star)))
    .slice(0, looked);
  const policy = await imitatePaths(train, starTraining, seed, told);
  const value = await valuePaths(policy, train, starTraining, seed, told);
  const reinforced = await reinforcePaths(policy, train, starTraining, seed, told);
  const { user, system } = process.cpuUsage(began);
  const trainedIn = (user + system) / 1e6;

  async function reaches(model: Transformer, guide: StarGuide | null): Promise<number> {
    const written = await walk(model, held, stream(seed, 'star held out'), guide);
    return written.filter((path, i) => reachesGoal(held[i], path)).length / held.length;
  }
  const guide = { value, inverse, candidates: starShape.labels };
  const rates = [
    { name: 'imitation', rate: await reaches(policy, null) },
    { name: 'REINFORCE', rate: await reaches(reinforced, null) },
    { name: 'imitation + CD', rate: await reaches(policy, { ...guide, rule: 'cd' }) },
    { name: 'imitation + Q#', rate: await reaches(policy, { ...guide, rule: 'q-sharp' }) },
  ];
  const graphs = await graphsOf(held.slice(0, shown), policy, value);
  for (const model of [policy, value, reinforced]) model.dispose();
  return { rates, graphs, trainedIn };
}

const nameOf = (star: Star) => JSON.stringify([star.edges, star.source, goalOf(star)]);

async function graphsOf(
  some: readonly Star[],
  policy: Transformer,
  value: Transformer,
): Promise<PublishedStar['graphs']> {
  const logits = await nodeLogits(
    policy,
    some,
    some.map(() => []),
  );
  const graphs: PublishedStar['graphs'] = [];
  for (const [i, star] of some.entries()) {
    const odds = await successLogOdds(
      value,
      star.arms.map(([first]) => [star, [first]]),
    );
    const whole = logits[i].reduce((sum, logit) => sum + Math.exp(logit), 0);
    graphs.push({
      edges: star.edges.map(([from, to]) => [from, to]),
      source: star.source,
      goal: goalOf(star),
      arms: star.arms.map((path, arm) => ({
        path: [...path],
        reference: Math.exp(logits[i][path[0]]) / whole,
        success: sigmoid(odds[arm]),
      })),
    });
  }
  return graphs;
}

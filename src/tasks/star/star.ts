/**
 * Star graphs (Bachmann and Nagarajan 2024; Q#, arXiv 2502.20548): some arms leave a source, each a path of fresh nodes,
 * and one of them ends at the goal. The edges are told in any order, and the path to the goal is asked for. Only the first
 * step is hard: behind it every node has one successor. Who imitates paths learns to follow edges, which explains every
 * step but the first, and takes that one by chance.
 */
import type { Rng } from '../../core/random.ts';

export interface StarShape {
  /** d: paths that leave the source. */
  arms: number;
  /** ℓ: nodes of a path, source and goal included. */
  length: number;
  /** Names that nodes may have. */
  labels: number;
}

export interface Star {
  shape: StarShape;
  /** Directed edges in the order in which they are told. */
  edges: readonly (readonly [from: number, to: number])[];
  source: number;
  /** Behind the source: the first arm ends at the goal. */
  arms: readonly (readonly number[])[];
}

/** The smallest graph on which imitation stops at chance: two arms, and the goal is two steps behind the choice. */
export const starShape: StarShape = { arms: 2, length: 4, labels: 8 };

export function drawStar(rng: Rng, shape: StarShape): Star {
  const { arms: count, length, labels } = shape;
  const [source, ...rest] = rng.shuffle(Array.from({ length: labels }, (_, label) => label));
  const arms = Array.from({ length: count }, (_, arm) =>
    rest.slice(arm * (length - 1), (arm + 1) * (length - 1)),
  );
  const edges = arms.flatMap((arm) =>
    arm.map((to, i): [number, number] => [i === 0 ? source : arm[i - 1], to]),
  );
  return { shape, edges: rng.shuffle(edges), source, arms };
}

export const goalOf = ({ arms, shape }: Star): number => arms[0][shape.length - 2];

/** Whether these nodes, behind the source, are the path to the goal. */
export const reachesGoal = ({ arms }: Star, written: readonly number[]): boolean =>
  written.length === arms[0].length && written.every((node, i) => node === arms[0][i]);

/** Padding and the end have the first two tokens; then come nodes, goals, and edges, one token each. */
const firstNode = 2;

export const starVocabulary = ({ labels }: StarShape): number => firstNode + labels * (2 + labels);
/** Tokens of a graph, its goal, its source, and a path. */
export const starTokens = ({ arms, length }: StarShape): number => (arms + 1) * (length - 1) + 2;

export const nodeToken = (node: number): number => firstNode + node;
const goalToken = ({ labels }: StarShape, node: number): number => firstNode + labels + node;
const edgeTokens = ({ shape: { labels }, edges }: Star): number[] =>
  edges.map(([from, to]) => firstNode + labels * (2 + from) + to);

/** A text, and where the part begins that is written. */
export interface StarText {
  tokens: Int32Array;
  promptLength: number;
}

/** The graph, the goal, the source, and what was written behind it. */
export function starText(star: Star, written: readonly number[]): StarText {
  const prompt = [...edgeTokens(star), goalToken(star.shape, goalOf(star)), nodeToken(star.source)];
  return { tokens: Int32Array.of(...prompt, ...written.map(nodeToken)), promptLength: prompt.length };
}

/** The same graph, walked from the goal back to the source. */
export function starTextBack(star: Star): StarText {
  const prompt = [...edgeTokens(star), nodeToken(star.source), goalToken(star.shape, goalOf(star))];
  const back = [...star.arms[0].slice(0, -1).reverse(), star.source];
  return { tokens: Int32Array.of(...prompt, ...back.map(nodeToken)), promptLength: prompt.length };
}

/**
 * The learned retriever: an encoder that gives requests unit vectors whose inner products say how alike their programs are.
 * A vector for each word, summed and normalised; the same for what is asked and for what is stored. It learns from the store
 * alone: the softmax over similarities of requests is to match the softmax over similarities of programs. Ours throughout:
 * of RetriKT's retriever no description could be read.
 */
import { stream } from '../../core/random.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { AdamW } from '../../nn/training/adamw.ts';
import { encodeProgram, encodePrompt, vocabulary } from '../../tasks/tokenizer.ts';
import { LossReader } from '../prepare/lossReader.ts';
import { cosine } from '../prepare/schedule.ts';
import type { Knowledge, KnowledgeEntry } from './knowledge.ts';

/** Vectors of words, [V·d]. */
export interface Retriever {
  dimension: number;
  words: Float32Array;
}

export interface RetrieverTraining {
  steps: number;
  /** Requests that are compared with each other in a step. */
  batch: number;
  dimension: number;
  learningRate: number;
}

/** How sharply similarities are told apart: of requests by their inner product, of programs by their common pairs. */
const [requestScale, programScale] = [10, 10];

export function requestTokens(request: string): Int32Array {
  // Without the end of the request, which all have.
  return encodePrompt({ id: request, prompt: request }).slice(0, -1);
}

/** The unit vector of a request, [d]; zeros where none of its words has a vector. */
export function encodeRequest({ dimension, words }: Retriever, request: ArrayLike<number>): Float32Array {
  const sum = new Float32Array(dimension);
  for (let i = 0; i < request.length; i++)
    for (let d = 0; d < dimension; d++) sum[d] += words[request[i] * dimension + d];
  let squares = 0;
  for (const x of sum) squares += x * x;
  const length = Math.sqrt(squares);
  return length > 0 ? sum.map((x) => x / length) : sum;
}

/** A request of the store with all that is known of it. */
export interface KnownRequest {
  request: string;
  tokens: Int32Array;
  entries: readonly KnowledgeEntry[];
}

export interface RetrievalIndex {
  retriever: Retriever;
  requests: readonly KnownRequest[];
  /** [N·d] */
  keys: Float32Array;
}

function requestsOf({ entries }: Knowledge): KnownRequest[] {
  const found = new Map<string, KnowledgeEntry[]>();
  for (const entry of entries) {
    const own = found.get(entry.request);
    if (own) own.push(entry);
    else found.set(entry.request, [entry]);
  }
  return [...found].map(([request, own]) => ({ request, tokens: requestTokens(request), entries: own }));
}

export function indexOf(knowledge: Knowledge, retriever: Retriever): RetrievalIndex {
  const requests = requestsOf(knowledge);
  const keys = new Float32Array(requests.length * retriever.dimension);
  requests.forEach(({ tokens }, i) => {
    keys.set(encodeRequest(retriever, tokens), i * retriever.dimension);
  });
  return { retriever, requests, keys };
}

export interface Neighbour {
  known: KnownRequest;
  /** Inner product of the two unit vectors. */
  similarity: number;
}

/**
 * The k stored requests nearest to one, nearest first; of equally near ones the first of the store.
 * @param except a request that is not to be found: its own, where the store has it and it would give the answer away
 */
export function nearest(
  { retriever, requests, keys }: RetrievalIndex,
  request: ArrayLike<number>,
  k: number,
  except?: string,
): Neighbour[] {
  if (k < 1) return [];
  const { dimension } = retriever;
  const query = encodeRequest(retriever, request);
  const best: { at: number; similarity: number }[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < requests.length; at++) {
    let similarity = 0;
    for (let d = 0, from = at * dimension; d < dimension; d++) similarity += query[d] * keys[from + d];
    if (best.length === k && similarity <= least) continue;
    if (requests[at].request === except) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].similarity < similarity) place--;
    best.splice(place, 0, { at, similarity });
    if (best.length > k) best.pop();
    if (best.length === k) least = best[k - 1].similarity;
  }
  return best.map(({ at, similarity }) => ({ known: requests[at], similarity }));
}

/** Pairs of neighbouring tokens of a program, as a set. */
function pairsOf({ program }: KnowledgeEntry): Set<number> {
  const tokens = encodeProgram(program);
  return new Set(Array.from(tokens.subarray(1), (token, i) => tokens[i] * vocabulary.length + token));
}

/** Common pairs of two programs as a share of all that they have together: Dice's coefficient. */
function programSimilarity(a: Set<number>, b: Set<number>): number {
  let common = 0;
  for (const pair of a) if (b.has(pair)) common++;
  return (2 * common) / Math.max(1, a.size + b.size);
}

/**
 * Trains a retriever on a store; yields after each step with what was learned so far.
 * @throws Error when the loss is not finite, or the store has fewer than two requests
 */
export async function* trainRetriever(
  knowledge: Knowledge,
  { steps, batch, dimension, learningRate }: RetrieverTraining,
  seed: number,
): AsyncGenerator<{ step: number; steps: number; loss: number; retriever(): Promise<Retriever> }> {
  const requests = requestsOf(knowledge);
  if (requests.length < 2)
    throw new RangeError('A retriever needs a store of two requests or more: extract more knowledge first.');
  const pairs = requests.map(({ entries }) => pairsOf(entries[0]));
  const V = vocabulary.length;
  const size = Math.min(batch, requests.length);
  const rng = stream(seed, 'retriever words');
  const start = Float32Array.from({ length: V * dimension }, () => 0.1 * rng.normal());
  const words = tf.tidy(() => tf.variable(tf.tensor2d(start, [V, dimension])));
  const optimiser = new AdamW({ params: { words } }, { weightDecay: 0 });
  const losses = new LossReader("The retriever's loss");
  const retriever = async () => ({ dimension, words: new Float32Array(await words.data<'float32'>()) });
  try {
    for (let step = 0; step < steps; step++) {
      const chosen = stream(seed, 'retriever batch', step)
        .shuffle(Int32Array.from(requests, (_, i) => i))
        .subarray(0, size);
      const bags = new Float32Array(size * V);
      chosen.forEach((at, i) => {
        for (const token of requests[at].tokens) bags[i * V + token]++;
      });
      const target = targets(Array.from(chosen, (at) => pairs[at]));
      const loss = tf.tidy(() => {
        const [bag, wanted] = [tf.tensor2d(bags, [size, V]), tf.tensor2d(target, [size, size])];
        // Nothing is compared with itself.
        const self = tf.tensor2d(selfMask(size), [size, size]);
        const { value, grads } = tf.variableGrads(() => {
          const sums = tf.matMul(bag, words as tf.Tensor as tf.Tensor2D);
          const unit = tf.div(sums, tf.sqrt(tf.add(tf.sum(tf.square(sums), 1, true), 1e-8)));
          const alike = tf.mul(
            tf.matMul(unit as tf.Tensor2D, unit as tf.Tensor2D, false, true),
            requestScale,
          );
          const logShare = tf.logSoftmax(tf.add(alike, self));
          return tf.neg(tf.mean(tf.sum(tf.mul(wanted, logShare), 1))) as tf.Scalar;
        }, [words]);
        const rate = learningRate * cosine(step, steps, Math.min(10, steps / 10));
        optimiser.step({ words: grads[words.name] }, rate);
        return value;
      });
      yield { step: step + 1, steps, loss: await losses.next(loss, step + 1 === steps), retriever };
    }
  } finally {
    optimiser.dispose();
    words.dispose();
  }
}

/** What share of likeness each other program has, [n·n] by rows; 0 for a program and itself. */
function targets(pairs: readonly Set<number>[]): Float32Array {
  const n = pairs.length;
  const result = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      result[i * n + j] = Math.exp(programScale * programSimilarity(pairs[i], pairs[j]));
      total += result[i * n + j];
    }
    for (let j = 0; j < n; j++) result[i * n + j] /= Math.max(total, 1e-9);
  }
  return result;
}

function selfMask(n: number): Float32Array {
  const mask = new Float32Array(n * n);
  for (let i = 0; i < n; i++) mask[i * n + i] = -1e9;
  return mask;
}

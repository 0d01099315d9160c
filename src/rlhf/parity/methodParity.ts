/**
 * Holds the updates against golden numbers from PyTorch: the loss and its gradient, from the code that training runs.
 * The tests and `npm run parity` call it.
 */
import { modelFromSafetensors } from '../../nn/checkpoint/checkpoint.ts';
import * as nn from '../../nn/forMethods.ts';
import type { Transformer } from '../../nn/model/transformer.ts';
import { Comparer, type Comparison, type Pinned } from '../../nn/parity/comparer.ts';
import { checkParity, type Golden } from '../../nn/parity/parity.ts';
import { tf } from '../../nn/tensors/tf.ts';
import { initialValues } from '../catalogue/knobs.ts';
import type { Scored } from '../loop/responses.ts';
import type { Examples, UpdateMethod } from '../slots.ts';
import { updates } from '../update/index.ts';
import { type CompleteExamples, columnsAt, uploadColumns, withFurther } from '../update/train.ts';

/** The JSON of a golden file of methods. Matrices are padded: [B,S] tokens, [B,S-1] next-token quantities. */
export interface MethodsGolden {
  format: 'filtrate-golden-methods/1';
  model: Golden['model'];
  batch: Golden['batch'] & {
    group: number[];
    reward: number[];
    refLogProb: number[][];
    oldLogProb: number[][];
  };
  /** The best and the worst row of each group. */
  pairs: { better: number[]; worse: number[] };
  /** [B] whether a row is good, for a method that is told no more. */
  desirable: boolean[];
  methods: Record<string, MethodNumbers>;
}
interface MethodNumbers {
  knobs: Record<string, number>;
  loss: number;
  grad: Record<string, Pinned>;
  /** [B] */
  advantage?: number[];
}

export interface GoldenAnswer {
  comparisons: Comparison[];
  /** Methods of the file that the project does not have. */
  missing: string[];
}

/** Compares everything that a golden file pins, of the model or of methods. */
export async function checkGolden(
  golden: Golden | MethodsGolden,
  weights: Uint8Array,
  backendName: string,
): Promise<GoldenAnswer> {
  return golden.format === 'filtrate-golden-methods/1'
    ? checkMethods(golden as MethodsGolden, weights, backendName)
    : { comparisons: await checkParity(golden as Golden, weights, backendName), missing: [] };
}

/**
 * Compares the loss and the gradient of every method that the project has.
 * @param weights the safetensors file of the same name
 * @param backendName a tfjs backend that is registered; it is made current
 */
export async function checkMethods(
  golden: MethodsGolden,
  weights: Uint8Array,
  backendName: string,
): Promise<GoldenAnswer> {
  await tf.setBackend(backendName);
  await tf.ready();
  const comparer = new Comparer();
  const missing: string[] = [];
  const { vocab, dModel, layers, heads, maxLen } = golden.model;
  const policy = modelFromSafetensors(weights, { vocab, width: dModel, layers, heads, maxLength: maxLen });
  try {
    for (const [id, numbers] of Object.entries(golden.methods)) {
      const method: UpdateMethod | undefined = updates.find((update) => update.id === id);
      if (method) await checkMethod(method, numbers, golden, policy, comparer);
      else missing.push(id);
    }
  } finally {
    policy.dispose();
  }
  return { comparisons: comparer.comparisons, missing };
}

/** The batch of the file as the loop would hand it to an update. */
function scoredOf({ batch }: MethodsGolden): Scored {
  const { group, reward, refLogProb, oldLogProb } = batch;
  const rows = batch.tokens.map((tokens, b) => ({
    tokens: tokens.slice(0, batch.totalLen[b]),
    promptLength: batch.promptLen[b],
  }));
  const ragged = (padded: number[][]) =>
    Float32Array.from(padded.flatMap((row, b) => row.filter((_, t) => batch.actionMask[b][t] === 1)));
  return {
    rows,
    problem: Int32Array.from(group),
    group: Int32Array.from(group),
    starts: nn.packSequences(rows).actionStarts,
    tokens: Uint16Array.from(rows.flatMap(({ tokens, promptLength }) => tokens.slice(promptLength))),
    logProb: ragged(oldLogProb),
    programs: rows.map(() => ''),
    refLogProb: ragged(refLogProb),
    startLogProb: ragged(refLogProb),
    reward: Float32Array.from(reward),
    standardised: Float32Array.from(reward),
    beta: 0,
    values: {},
  };
}

async function checkMethod(
  method: UpdateMethod,
  { knobs: given, loss: due, grad, advantage }: MethodNumbers,
  golden: MethodsGolden,
  policy: Transformer,
  comparer: Comparer,
): Promise<void> {
  const scored = scoredOf(golden);
  const knobs: Record<string, number> = { ...(initialValues(method.knobs) as Record<string, number>) };
  let { beta } = scored;
  const { z0, ...own } = given;
  for (const [name, value] of Object.entries(own)) {
    if (Object.hasOwn(method.knobs, name)) knobs[name] = value;
    else if (name === 'beta' && method.priced) beta = value;
    else comparer.add(method.id, `${name}: no such knob`, Number.NaN, 0);
  }
  // A method that only knows good from bad is told so.
  if (z0 !== undefined) scored.standardised = Float32Array.from(golden.desirable, (good) => (good ? 1 : -1));
  const examples = method.examples({ ...scored, beta }, keptFor(method, golden), knobs);
  if (advantage) {
    const ends = scored.starts.subarray(1);
    const computed =
      examples.perRow?.advantage ?? Float32Array.from(ends, (end) => examples.perToken.advantage[end - 1]);
    comparer.arrays(method.id, 'advantages', computed, advantage);
  }
  const complete: CompleteExamples =
    z0 === undefined
      ? { ...examples, sequences: scored.rows, starts: scored.starts }
      : await withBaseline(scored, examples, policy, z0);
  const chosen = complete.rows.flat();
  const batch = nn.upload(nn.packSequences(chosen.map((row) => complete.sequences[row])));
  const columns = columnsAt(chosen, complete);
  const sizes = complete.rows.map(({ length }) => length);
  const drift = () => {
    throw new Error('A golden file has no reference to drift from.');
  };
  const { value, grads } = policy.gradients(() => {
    const [old, row] = [uploadColumns(columns.old), uploadColumns(columns.row)];
    const now = nn.tokenLogProbs(policy, batch).logProb;
    return method.losses.policy(nn, { batch, now, old, row, sizes, drift }, knobs).loss;
  });
  batch.dispose();
  await comparer.values(method.id, 'loss', value, [due]);
  await comparer.pinned(method.id, 'gradient of ', grads, grad);
}

/** What the file means a method to learn from: the best rows, the extremes, or everything. */
function keptFor(method: UpdateMethod, { batch, pairs }: MethodsGolden): Int32Array {
  if (method.id === 'imitation') return Int32Array.from(pairs.better);
  if ('pairAccuracy' in method.metrics) return Int32Array.of(...pairs.better, ...pairs.worse);
  return Int32Array.from(batch.tokens, (_, row) => row);
}

/** Further sequences on which the policy is z0 nats ahead of the reference, as the file gives it. */
async function withBaseline(
  { rows, starts }: Scored,
  examples: Examples,
  policy: Transformer,
  z0: number,
): Promise<CompleteExamples> {
  const packed = nn.packSequences(examples.further ?? []);
  const batch = nn.upload(packed);
  const { logProb } = await nn.readTogether(() => ({ logProb: nn.tokenLogProbs(policy, batch).logProb }));
  batch.dispose();
  const { actionStarts } = packed;
  for (let row = 0; row + 1 < actionStarts.length; row++) {
    const length = actionStarts[row + 1] - actionStarts[row];
    for (let t = actionStarts[row]; t < actionStarts[row + 1]; t++) logProb[t] -= z0 / length;
  }
  return withFurther(rows, starts, examples, actionStarts, logProb);
}
